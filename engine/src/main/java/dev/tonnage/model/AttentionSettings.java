package dev.tonnage.model;

import dev.tonnage.error.BadFile;
import dev.tonnage.file.Checkpoint;
import dev.tonnage.model.DecoderArchitecture.AttentionKind;
import dev.tonnage.nn.AttentionShape;
import dev.tonnage.nn.GroupedAttention.HeadNorms;
import dev.tonnage.nn.RopeScaling;
import dev.tonnage.nn.Weights;
import dev.tonnage.tensor.Tensor;
import java.util.Optional;

/**
 * What a file says about attention.
 *
 * @param scoreScale what scores are multiplied with
 * @param copiedBytes weights of all layers that are copied in another order
 */
record AttentionSettings(
    AttentionShape shape, RotarySettings rotary, float scoreScale, long copiedBytes) {

  /** Beyond any row of queries there is: a larger number is a damaged file. */
  private static final int MOST_QUERY_NUMBERS = 1 << 24;

  /**
   * Reads them.
   *
   * @param hidden H
   * @param kind which the architecture has
   */
  static AttentionSettings read(
      ArchitectureKeys keys, int hidden, int layers, AttentionKind kind, Checkpoint checkpoint) {
    return switch (kind) {
      case AttentionKind.Grouped(HeadNorms norms) -> grouped(keys, hidden, norms);
      case AttentionKind.Latent() -> latent(keys, layers, checkpoint);
    };
  }

  private static AttentionSettings grouped(ArchitectureKeys keys, int hidden, HeadNorms norms) {
    int heads = keys.count("attention.head_count");
    int keyValueHeads = keys.count("attention.head_count_kv", heads);
    int headWidth = Math.max(1, hidden / heads);
    int keyWidth = keys.count("attention.key_length", headWidth);
    int valueWidth = keys.count("attention.value_length", headWidth);
    requireFewNumbers(keys, heads, Math.max(keyWidth, valueWidth));
    if (heads % keyValueHeads != 0) {
      throw new BadFile(
          keys.where("attention.head_count_kv"),
          "a divisor of the " + heads + " query heads",
          keyValueHeads + "",
          "convert the model again");
    }
    return new AttentionSettings(
        new AttentionShape.Grouped(heads, keyValueHeads, keyWidth, valueWidth, norms),
        RotarySettings.read(keys, keyWidth),
        scoreScale(keys, keyWidth),
        0);
  }

  private static void requireFewNumbers(ArchitectureKeys keys, int heads, int widest) {
    if ((long) heads * widest > MOST_QUERY_NUMBERS) {
      throw new BadFile(
          keys.where("attention.head_count"),
          "heads and widths whose product is at most " + MOST_QUERY_NUMBERS,
          heads + " heads of " + widest,
          "convert the model again");
    }
  }

  /** A scale of 0 means that there is none, as in llama.cpp. */
  private static float scoreScale(ArchitectureKeys keys, int keyWidth) {
    double scale = keys.number("attention.scale", 0);
    return (float) (scale == 0 ? 1 / Math.sqrt(keyWidth) : scale);
  }

  /**
   * Files say a head's own widths under the usual keys, or, where the heads' keys of the cache are
   * there, under keys of their own.
   */
  private static AttentionSettings latent(
      ArchitectureKeys keys, int layers, Checkpoint checkpoint) {
    int heads = keys.count("attention.head_count");
    int latentWidth = keys.count("attention.kv_lora_rank");
    boolean saysCached = keys.has("attention.key_length_mla");
    String suffix = saysCached ? "_mla" : "";
    int keyWidth = keys.count("attention.key_length" + suffix);
    int valueWidth = keys.count("attention.value_length" + suffix);
    RotarySettings rotary = RotarySettings.readWithoutMagnitude(keys, keyWidth);
    int widest = Math.max(Math.max(keyWidth, valueWidth), latentWidth + rotary.width());
    requireFewNumbers(keys, heads, widest);
    if (rotary.width() >= keyWidth) {
      throw new BadFile(
          keys.where("rope.dimension_count"),
          "less than the " + keyWidth + " numbers of a key",
          rotary.width() + "",
          "convert the model again");
    }
    if (saysCached) {
      require(keys, "attention.key_length", latentWidth + rotary.width());
      require(keys, "attention.value_length", latentWidth);
    }
    requireCachedHeads(keys, saysCached ? 1 : heads);
    var shape =
        new AttentionShape.Latent(
            heads,
            keys.countOrZero("attention.q_lora_rank"),
            latentWidth,
            rotary.width(),
            keyWidth - rotary.width(),
            valueWidth);
    return new AttentionSettings(
        shape, rotary, latentScoreScale(keys, keyWidth, rotary), copied(shape, layers, checkpoint));
  }

  private static void require(ArchitectureKeys keys, String name, int expected) {
    int found = keys.count(name);
    if (found != expected) {
      throw new BadFile(keys.where(name), expected + "", found + "", "convert the model again");
    }
  }

  /** What a file says of the cache is of how others keep it; here there is one head either way. */
  private static void requireCachedHeads(ArchitectureKeys keys, int heads) {
    int found = keys.count("attention.head_count_kv", heads);
    if (found != heads && found != 1) {
      throw new BadFile(
          keys.where("attention.head_count_kv"),
          heads + " or 1",
          found + "",
          "convert the model again");
    }
  }

  /** YaRN's magnitude, which the log multiplier says for a factor of e, counts for both sides. */
  private static float latentScoreScale(
      ArchitectureKeys keys, int keyWidth, RotarySettings rotary) {
    double multiplier = keys.number("rope.scaling.yarn_log_multiplier", 0);
    double magnitude =
        rotary.scaling() instanceof RopeScaling.Yarn yarn
            ? 1 + multiplier * Math.log(yarn.factor())
            : 1;
    return (float) (magnitude * magnitude / Math.sqrt(keyWidth));
  }

  private static long copied(AttentionShape.Latent shape, int layers, Checkpoint checkpoint) {
    long numbers = (long) shape.heads() * shape.plainWidth() * shape.latentWidth();
    long bytes = 0;
    for (int layer = 0; layer < layers; layer++) {
      Optional<Tensor> joined = checkpoint.tensor("blk." + layer + ".attn_kv_b.weight");
      if (checkpoint.tensor("blk." + layer + ".attn_k_b.weight").isEmpty() && joined.isPresent()) {
        bytes += Weights.turnedType(joined.get().type()).bytes(numbers);
      }
    }
    return bytes;
  }
}
