package dev.tonnage.model;

import dev.tonnage.file.Checkpoint;
import dev.tonnage.kernel.Pairing;
import dev.tonnage.nn.Weights;

/**
 * Llama 1 to 3.3 (Touvron et al. 2023) and Mistral. Converted files have their rows in another
 * order than the published weights, so that neighbours turn together.
 */
final class Llama {

  /** The name in a file's {@code general.architecture}. */
  static final String ARCHITECTURE = "llama";

  private Llama() {}

  static Dimensions dimensions(Checkpoint checkpoint) {
    return DecoderSettings.read(checkpoint, ARCHITECTURE).dimensions();
  }

  static Model load(Checkpoint checkpoint, Weights weights) {
    var settings = DecoderSettings.read(checkpoint, ARCHITECTURE);
    return new Decoder(settings, weights, Pairing.ADJACENT);
  }
}
