package dev.tonnage.model;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.UnsupportedModel;
import dev.tonnage.file.Checkpoint;
import dev.tonnage.model.DecoderArchitecture.FeedForwards;
import dev.tonnage.nn.FeedForwardShape;
import dev.tonnage.nn.GroupedAttention;
import dev.tonnage.nn.RopeScaling;
import dev.tonnage.tensor.Tensor;

/**
 * What a file says about a {@link Decoder}, under the keys of its architecture. What it asks for
 * and is not done here is an error that names it.
 *
 * @param dimensions the widths
 * @param normEpsilon of every norm
 * @param scoreScale what attention scores are multiplied with
 * @param rotaryWidth R, numbers of a head that turn
 * @param rotaryBase the angles' base
 * @param ropeScaling how angles are stretched; divisors in a tensor of their own come before it
 * @param rotaryMagnitude what cosines and sines are multiplied with
 */
record DecoderSettings(
    Dimensions dimensions,
    float normEpsilon,
    float scoreScale,
    int rotaryWidth,
    double rotaryBase,
    RopeScaling ropeScaling,
    double rotaryMagnitude) {

  /** Beyond any vocabulary there is, and any row of queries: a larger number is a damaged file. */
  private static final int MOST_TOKENS = 1 << 24;

  private static final int MOST_QUERY_NUMBERS = 1 << 24;

  private static final int MOST_EXPERTS = 1 << 16;

  /**
   * Reads them.
   *
   * @param architecture what the model's family has in common
   */
  static DecoderSettings read(Checkpoint checkpoint, DecoderArchitecture architecture) {
    int vocabulary = vocabulary(checkpoint);
    var keys = new ArchitectureKeys(checkpoint.metadata(), architecture.name());
    int hidden = keys.count("embedding_length");
    int heads = keys.count("attention.head_count");
    int keyValueHeads = keys.count("attention.head_count_kv", heads);
    int headWidth = Math.max(1, hidden / heads);
    int keyWidth = keys.count("attention.key_length", headWidth);
    var dimensions =
        new Dimensions(
            architecture.name(),
            vocabulary,
            keys.count("block_count"),
            hidden,
            feedForward(keys, architecture.feedForwards()),
            heads,
            keyValueHeads,
            keyWidth,
            keys.count("attention.value_length", headWidth),
            attendedTokens(keys));
    RopeScaling scaling = ropeScaling(keys, keys.count("context_length"));
    var settings =
        new DecoderSettings(
            dimensions,
            (float) keys.number("attention.layer_norm_rms_epsilon"),
            scoreScale(keys, keyWidth),
            keys.count("rope.dimension_count", keyWidth),
            keys.number("rope.freq_base", 10_000),
            scaling,
            rotaryMagnitude(keys, scaling));
    settings.check(keys);
    keys.ignore("vocab_size", "tensor_data_layout", "rope.scaling.finetuned");
    keys.requireAllRead();
    return settings;
  }

  GroupedAttention.Widths attention() {
    return new GroupedAttention.Widths(
        dimensions.hidden(),
        dimensions.heads(),
        dimensions.keyValueHeads(),
        dimensions.keyWidth(),
        dimensions.valueWidth());
  }

  private void check(ArchitectureKeys keys) {
    int widest = Math.max(dimensions.keyWidth(), dimensions.valueWidth());
    if ((long) dimensions.heads() * widest > MOST_QUERY_NUMBERS) {
      throw new BadFile(
          keys.where("attention.head_count"),
          "heads and widths whose product is at most " + MOST_QUERY_NUMBERS,
          dimensions.heads() + " heads of " + widest,
          "convert the model again");
    }
    if (dimensions.heads() % dimensions.keyValueHeads() != 0) {
      throw new BadFile(
          keys.where("attention.head_count_kv"),
          "a divisor of the " + dimensions.heads() + " query heads",
          dimensions.keyValueHeads() + "",
          "convert the model again");
    }
    if (rotaryWidth % 2 != 0 || rotaryWidth > dimensions.keyWidth()) {
      throw new BadFile(
          keys.where("rope.dimension_count"),
          "an even number up to the head width " + dimensions.keyWidth(),
          rotaryWidth + "",
          "convert the model again");
    }
    if (normEpsilon < 0) {
      throw new BadFile(
          keys.where("attention.layer_norm_rms_epsilon"),
          "a number of at least 0",
          normEpsilon + "",
          "convert the model again");
    }
    if (rotaryBase <= 0) {
      throw new BadFile(
          keys.where("rope.freq_base"),
          "a number above 0",
          rotaryBase + "",
          "convert the model again");
    }
    if (!keys.flag("attention.causal", true)) {
      throw new UnsupportedModel(
          keys.where(), "attention that is not causal", "this version runs causal models");
    }
  }

  private static FeedForwardShape feedForward(ArchitectureKeys keys, FeedForwards kinds) {
    int experts = keys.countOrZero("expert_count");
    int used = keys.countOrZero("expert_used_count");
    if (experts == 0 && used == 0 && kinds != FeedForwards.MIXTURES) {
      return new FeedForwardShape.Dense(keys.count("feed_forward_length"));
    }
    if (kinds == FeedForwards.DENSE) {
      throw new UnsupportedModel(
          keys.where(),
          "a mixture of experts (" + keys.key("expert_count") + ")",
          "known models of this architecture are dense");
    }
    if (used < 1 || used > experts || experts > MOST_EXPERTS) {
      throw new BadFile(
          keys.where("expert_used_count"),
          "experts, at most " + MOST_EXPERTS + ", and from 1 to all of them that a token uses",
          used + " of " + experts,
          "convert the model again");
    }
    return new FeedForwardShape.Mixture(experts, used, expertWidth(keys, kinds));
  }

  /** Where feed-forwards may be dense there is one key for the width of either. */
  private static int expertWidth(ArchitectureKeys keys, FeedForwards kinds) {
    if (kinds == FeedForwards.MIXTURES) {
      keys.ignore("feed_forward_length");
      return keys.count("expert_feed_forward_length");
    }
    return keys.count("feed_forward_length");
  }

  /** Within a sliding window attention to all is the same; beyond it this version does not go. */
  private static int attendedTokens(ArchitectureKeys keys) {
    int trained = keys.count("context_length");
    int window = keys.countOrZero("attention.sliding_window");
    return window == 0 ? trained : Math.min(trained, window);
  }

  /** A scale of 0 means that there is none, as in llama.cpp. */
  private static float scoreScale(ArchitectureKeys keys, int keyWidth) {
    double scale = keys.number("attention.scale", 0);
    return (float) (scale == 0 ? 1 / Math.sqrt(keyWidth) : scale);
  }

  private static RopeScaling ropeScaling(ArchitectureKeys keys, int contextTokens) {
    double factor = keys.number("rope.scaling.factor", keys.number("rope.scale_linear", 1));
    String type = keys.text("rope.scaling.type", factor == 1 ? "none" : "linear");
    int originalContext = keys.count("rope.scaling.original_context_length", contextTokens);
    double betaFast = keys.number("rope.scaling.yarn_beta_fast", 32);
    double betaSlow = keys.number("rope.scaling.yarn_beta_slow", 1);
    if (factor <= 0 || betaFast <= 0 || betaSlow <= 0) {
      throw new BadFile(
          keys.where("rope.scaling"),
          "positive numbers",
          "factor " + factor + ", betas " + betaFast + " and " + betaSlow,
          "convert the model again");
    }
    return switch (type) {
      case "none" -> new RopeScaling.None();
      case "linear" -> new RopeScaling.Linear(factor);
      case "yarn" -> new RopeScaling.Yarn(factor, originalContext, betaFast, betaSlow);
      default ->
          throw new UnsupportedModel(
              keys.where(), "rope scaling '" + type + "'", "known are none, linear and yarn");
    };
  }

  /**
   * A file's own factor counts without any scaling, too; YaRN's comes on top (Peng et al. 2023).
   */
  private static double rotaryMagnitude(ArchitectureKeys keys, RopeScaling scaling) {
    double own = keys.number("rope.scaling.attn_factor", 1);
    return switch (scaling) {
      case RopeScaling.None() -> own;
      case RopeScaling.Linear(_) -> own;
      case RopeScaling.Yarn yarn -> own * (1 + 0.1 * Math.log(yarn.factor()));
    };
  }

  private static int vocabulary(Checkpoint checkpoint) {
    Tensor table =
        checkpoint
            .tensor("token_embd.weight")
            .orElseThrow(() ->
                new BadFile(
                    checkpoint.name(),
                    "a tensor token_embd.weight",
                    "none among " + checkpoint.tensors().size() + " tensors",
                    "a vocabulary alone cannot run: name a whole model"));
    if (table.shape().rows() > MOST_TOKENS) {
      throw new BadFile(
          checkpoint.name() + ": token_embd.weight",
          "at most " + MOST_TOKENS + " rows",
          table.shape() + "",
          "convert the model again");
    }
    return (int) table.shape().rows();
  }
}
