package dev.tonnage.model;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.UnsupportedModel;
import dev.tonnage.file.ModelHeader;
import dev.tonnage.file.TensorHeader;
import dev.tonnage.kernel.Pairing;
import dev.tonnage.model.DecoderArchitecture.Arrangement;
import dev.tonnage.model.DecoderArchitecture.Style;
import dev.tonnage.nn.Norm;
import java.util.stream.IntStream;

/**
 * What a file says about a {@link Decoder}, under the keys of its architecture. What it asks for
 * and is not done here is an error that names it.
 *
 * @param dimensions the widths
 * @param normEpsilon of every norm
 * @param pairing which numbers of a head turn together
 * @param attention what it sees, and how it weighs
 * @param unusedLayers layers behind the others that predict tokens further on
 * @param logitScale what logits are multiplied with
 */
record DecoderSettings(
    Dimensions dimensions,
    float normEpsilon,
    Pairing pairing,
    AttentionSettings attention,
    int unusedLayers,
    float logitScale) {

  /** Beyond any vocabulary there is: a larger number is a damaged file. */
  private static final int MOST_TOKENS = 1 << 24;

  /**
   * Reads them.
   *
   * @param architecture what the model's family has in common
   */
  static DecoderSettings read(ModelHeader header, DecoderArchitecture architecture) {
    int vocabulary = vocabulary(header);
    var keys = new ArchitectureKeys(header.metadata(), architecture.name());
    int hidden = keys.count("embedding_length");
    int unusedLayers =
        switch (architecture.style().lastLayers()) {
          case LIKE_OTHERS -> 0;
          case PREDICTION -> keys.countOrZero("nextn_predict_layers");
        };
    int layers = layers(keys, unusedLayers, header);
    AttentionSettings attention =
        AttentionSettings.read(keys, hidden, layers, architecture.attention(), header);
    var dimensions =
        new Dimensions(
            architecture.name(),
            vocabulary,
            hidden,
            attention.shape(),
            attention.views(),
            FeedForwardSettings.read(keys, layers, architecture.feedForwards()),
            attention.mostTokens(),
            attention.copiedBytes(),
            layerBytes(header, layers, layers + unusedLayers));
    var settings =
        new DecoderSettings(
            dimensions,
            (float) keys.number(epsilonKey(architecture.style().norms())),
            architecture.pairing(keys.text("tensor_data_layout", "")),
            attention,
            unusedLayers,
            logitScale(keys, architecture.style()));
    settings.check(keys);
    keys.ignore("vocab_size", "rope.scaling.finetuned");
    keys.requireAllRead();
    return settings;
  }

  /** All, of which each has tensors. */
  private static int layers(ArchitectureKeys keys, int unused, ModelHeader header) {
    int layers = keys.count("block_count");
    if (layers > header.tensorHeaders().size()) {
      throw new BadFile(
          keys.where("block_count"),
          "at most one for each of " + header.tensorHeaders().size() + " tensors",
          layers + "",
          "the file is incomplete: download or convert it again");
    }
    if (unused >= layers) {
      throw new BadFile(
          keys.where("nextn_predict_layers"),
          "less than the " + layers + " layers",
          unused + "",
          "convert the model again");
    }
    return layers - unused;
  }

  private static String epsilonKey(Norm.Kind kind) {
    return switch (kind) {
      case ROOT_MEAN_SQUARE -> "attention.layer_norm_rms_epsilon";
      case LAYER -> "attention.layer_norm_epsilon";
    };
  }

  /** Known of parallel layers; 0 means that there is none, as in llama.cpp. */
  private static float logitScale(ArchitectureKeys keys, Style style) {
    return switch (style.arrangement()) {
      case Arrangement.InTurn _ -> 1;
      case Arrangement.Parallel() -> {
        double scale = keys.number("logit_scale");
        yield scale == 0 ? 1 : (float) scale;
      }
    };
  }

  /** Bytes of the layers from one to before another. */
  private static long layerBytes(ModelHeader header, int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(layer -> "blk." + layer + ".")
        .flatMap(prefix ->
            header.tensorHeaders().stream().filter(tensor -> tensor.name().startsWith(prefix)))
        .mapToLong(tensor -> tensor.bytes())
        .sum();
  }

  private void check(ArchitectureKeys keys) {
    if (normEpsilon < 0) {
      throw new BadFile(
          keys.where("attention.layer_norm_rms_epsilon"),
          "a number of at least 0",
          normEpsilon + "",
          "convert the model again");
    }
    if (!keys.flag("attention.causal", true)) {
      throw new UnsupportedModel(
          keys.where(), "attention that is not causal", "this version runs causal models");
    }
  }

  private static int vocabulary(ModelHeader header) {
    TensorHeader table =
        header
            .tensorHeader("token_embd.weight")
            .orElseThrow(() ->
                new BadFile(
                    header.name(),
                    "a tensor token_embd.weight",
                    "none among " + header.tensorHeaders().size() + " tensors",
                    "a vocabulary alone cannot run: name a whole model"));
    if (table.shape().rows() > MOST_TOKENS) {
      throw new BadFile(
          header.name() + ": token_embd.weight",
          "at most " + MOST_TOKENS + " rows",
          table.shape() + "",
          "convert the model again");
    }
    return (int) table.shape().rows();
  }
}
