package dev.tonnage.model;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.UnsupportedModel;
import dev.tonnage.file.ModelHeader;
import dev.tonnage.file.TensorHeader;
import dev.tonnage.kernel.Reach;
import dev.tonnage.model.DecoderArchitecture.AttentionKind;
import dev.tonnage.model.DecoderArchitecture.LayerKinds;
import dev.tonnage.nn.AttentionShape;
import dev.tonnage.nn.GroupedAttention.HeadNorms;
import dev.tonnage.nn.LayerView;
import dev.tonnage.nn.LayerView.Positions;
import dev.tonnage.nn.RopeScaling;
import dev.tonnage.nn.Weights;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a file says about attention.
 *
 * @param scoreScale what scores are multiplied with
 * @param views what each layer sees of a sequence
 * @param mostTokens how many a sequence may have
 * @param copiedBytes weights of all layers that are copied in another order
 */
record AttentionSettings(
    AttentionShape shape,
    RotarySettings rotary,
    float scoreScale,
    List<LayerView> views,
    int mostTokens,
    long copiedBytes) {

  /** Beyond any row of queries there is: a larger number is a damaged file. */
  private static final int MOST_QUERY_NUMBERS = 1 << 24;

  /** Of Llama 4. */
  private static final int CHUNK_POSITIONS = 8192;

  private static final int CHUNK_PERIOD = 4;

  private static final int MAVERICK_EXPERTS = 128;

  /**
   * Reads them.
   *
   * @param hidden H
   * @param kind which the architecture has
   */
  static AttentionSettings read(
      ArchitectureKeys keys, int hidden, int layers, AttentionKind kind, ModelHeader header) {
    return switch (kind) {
      case AttentionKind.Grouped grouped -> grouped(keys, hidden, layers, grouped);
      case AttentionKind.Latent() -> latent(keys, layers, header);
    };
  }

  private static AttentionSettings grouped(
      ArchitectureKeys keys, int hidden, int layers, AttentionKind.Grouped kind) {
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
        new AttentionShape.Grouped(
            heads,
            keyValueHeads,
            keyWidth,
            valueWidth,
            norms(keys, kind),
            kind.layers() == LayerKinds.ALTERNATING_WITH_SINKS),
        RotarySettings.read(keys, keyWidth),
        scoreScale(keys, keyWidth),
        switch (kind.layers()) {
          case ALIKE -> everything(layers);
          case ALTERNATING_WITH_SINKS -> alternatingWindows(keys, layers);
          case CHUNKS_THEN_EVERYTHING -> chunks(keys, layers);
        },
        switch (kind.layers()) {
          case ALIKE -> tokensWithinWindow(keys);
          case ALTERNATING_WITH_SINKS, CHUNKS_THEN_EVERYTHING -> keys.count("context_length");
        },
        0);
  }

  private static List<LayerView> everything(int layers) {
    return Collections.nCopies(layers, LayerView.EVERYTHING);
  }

  /** The last of so many layers sees everything. */
  private static List<LayerView> alternatingWindows(ArchitectureKeys keys, int layers) {
    int window = keys.count("attention.sliding_window");
    var near = new LayerView(new Reach.Window(window), Positions.TURNED);
    int period = keys.count("attention.sliding_window_pattern", 2);
    return periodic(layers, period, near, LayerView.EVERYTHING);
  }

  /** Files say neither how long chunks are nor which layers turn nothing: as in llama.cpp. */
  private static List<LayerView> chunks(ArchitectureKeys keys, int layers) {
    requireKnown(keys, "attention.sliding_window", CHUNK_POSITIONS);
    requireKnown(keys, "attention.sliding_window_pattern", CHUNK_PERIOD);
    return periodic(
        layers,
        CHUNK_PERIOD,
        new LayerView(new Reach.Chunk(CHUNK_POSITIONS), Positions.TURNED),
        new LayerView(Reach.EVERYTHING, Positions.SHARPENED));
  }

  private static void requireKnown(ArchitectureKeys keys, String name, int known) {
    int said = keys.has(name) ? keys.countOrZero(name) : known;
    if (said != known) {
      throw new UnsupportedModel(
          keys.where(name), keys.key(name) + " " + said, "known is " + known);
    }
  }

  /** Maverick's heads are not normed, which is known by its experts, as in llama.cpp. */
  private static HeadNorms norms(ArchitectureKeys keys, AttentionKind.Grouped kind) {
    boolean isMaverick = keys.countOrZero("expert_count") == MAVERICK_EXPERTS;
    return kind.norms() == HeadNorms.TURNED && isMaverick ? HeadNorms.NONE : kind.norms();
  }

  private static List<LayerView> periodic(
      int layers, int period, LayerView others, LayerView last) {
    return IntStream.range(0, layers)
        .mapToObj(i -> i % period < period - 1 ? others : last)
        .toList();
  }

  /** Within a window attention to all is the same; beyond it other models do not go. */
  private static int tokensWithinWindow(ArchitectureKeys keys) {
    int trained = keys.count("context_length");
    int window = keys.countOrZero("attention.sliding_window");
    return window == 0 ? trained : Math.min(trained, window);
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
  private static AttentionSettings latent(ArchitectureKeys keys, int layers, ModelHeader header) {
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
        shape,
        rotary,
        latentScoreScale(keys, keyWidth, rotary),
        everything(layers),
        tokensWithinWindow(keys),
        copied(shape, layers, header));
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

  private static long copied(AttentionShape.Latent shape, int layers, ModelHeader header) {
    long numbers = (long) shape.heads() * shape.plainWidth() * shape.latentWidth();
    long bytes = 0;
    for (int layer = 0; layer < layers; layer++) {
      Optional<TensorHeader> joined = header.tensorHeader("blk." + layer + ".attn_kv_b.weight");
      if (header.tensorHeader("blk." + layer + ".attn_k_b.weight").isEmpty()
          && joined.isPresent()) {
        bytes += Weights.turnedType(joined.get().type()).bytes(numbers);
      }
    }
    return bytes;
  }
}
