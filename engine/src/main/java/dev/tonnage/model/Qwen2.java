package dev.tonnage.model;

import dev.tonnage.file.Checkpoint;
import dev.tonnage.kernel.Pairing;
import dev.tonnage.nn.Weights;

/**
 * Qwen2 and Qwen2.5 (Yang et al. 2024) and what was trained from them, such as DeepSeek-R1-Distill:
 * queries, keys and values have biases, and a number turns with the one half a head further.
 */
final class Qwen2 {

  /** The name in a file's {@code general.architecture}. */
  static final String ARCHITECTURE = "qwen2";

  private Qwen2() {}

  static Dimensions dimensions(Checkpoint checkpoint) {
    return DecoderSettings.read(checkpoint, ARCHITECTURE).dimensions();
  }

  static Model load(Checkpoint checkpoint, Weights weights) {
    var settings = DecoderSettings.read(checkpoint, ARCHITECTURE);
    return new Decoder(settings, weights, Pairing.HALVES);
  }
}
