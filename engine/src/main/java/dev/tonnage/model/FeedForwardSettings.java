package dev.tonnage.model;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.UnsupportedModel;
import dev.tonnage.model.DecoderArchitecture.FeedForwards;
import dev.tonnage.nn.FeedForwardShape;
import dev.tonnage.nn.FeedForwardShape.ExpertUnit;
import dev.tonnage.nn.Routing;
import dev.tonnage.nn.Routing.Gate;
import dev.tonnage.nn.Routing.GroupMerit;
import dev.tonnage.nn.Routing.Selection;
import dev.tonnage.nn.Routing.Shares;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** What a file says about feed-forwards. */
final class FeedForwardSettings {

  private static final int MOST_EXPERTS = 1 << 16;

  /** Beyond any width there is: a larger number is a damaged file. */
  private static final int MOST_SHARED_NUMBERS = 1 << 28;

  private FeedForwardSettings() {}

  /**
   * Of each layer.
   *
   * @param kinds which the architecture has
   */
  static List<FeedForwardShape> read(ArchitectureKeys keys, int layers, FeedForwards kinds) {
    int experts = keys.countOrZero("expert_count");
    int used = keys.countOrZero("expert_used_count");
    boolean isDense = experts == 0 && used == 0;
    return switch (kinds) {
      case DENSE -> {
        if (!isDense) {
          throw new UnsupportedModel(
              keys.where(),
              "a mixture of experts (" + keys.key("expert_count") + ")",
              "known models of this architecture are dense");
        }
        yield Collections.nCopies(layers, dense(keys));
      }
      case DENSE_OR_MIXTURES ->
          Collections.nCopies(
              layers,
              isDense
                  ? dense(keys)
                  : mixture(keys, experts, used, "feed_forward_length", 0, Routing.SOFTMAX));
      case MIXTURES -> {
        keys.ignore("feed_forward_length");
        yield Collections.nCopies(
            layers, mixture(keys, experts, used, "expert_feed_forward_length", 0, Routing.SOFTMAX));
      }
      case CLAMPED_MIXTURES -> {
        keys.ignore("feed_forward_length");
        FeedForwardShape.Mixture plain =
            mixture(keys, experts, used, "expert_feed_forward_length", 0, Routing.SOFTMAX);
        yield Collections.nCopies(layers, plain.with(ExpertUnit.CLAMPED_WITH_BIASES));
      }
      case INTERLEAVED_MIXTURES -> interleaved(keys, layers, experts, used);
      case BIASED_MIXTURES -> {
        keys.count("expert_gating_func");
        var routing =
            new Routing(
                gate(keys, Gate.SIGMOID), Selection.BIASED_PROBABILITIES, Shares.SUMMING_TO_ONE, 1);
        yield Collections.nCopies(
            layers, mixture(keys, experts, used, expertWidth(keys), 0, routing));
      }
      case DENSE_THEN_SOFTMAX_MIXTURES ->
          denseThenMixtures(keys, layers, experts, used, Gate.SOFTMAX);
      case DENSE_THEN_SIGMOID_MIXTURES ->
          denseThenMixtures(keys, layers, experts, used, Gate.SIGMOID);
    };
  }

  private static FeedForwardShape dense(ArchitectureKeys keys) {
    return new FeedForwardShape.Dense(keys.count("feed_forward_length"));
  }

  private static FeedForwardShape.Mixture mixture(
      ArchitectureKeys keys, int experts, int used, String width, int shared, Routing routing) {
    if (used < 1 || used > experts || experts > MOST_EXPERTS) {
      throw new BadFile(
          keys.where("expert_used_count"),
          "experts, at most " + MOST_EXPERTS + ", and from 1 to all of them that a token uses",
          used + " of " + experts,
          "convert the model again");
    }
    int numbers = keys.count(width);
    long sharedNumbers = (long) numbers * shared;
    if (sharedNumbers > MOST_SHARED_NUMBERS) {
      throw new BadFile(
          keys.where("expert_shared_count"),
          "a shared expert of at most " + MOST_SHARED_NUMBERS + " numbers",
          shared + " experts of " + numbers,
          "convert the model again");
    }
    return new FeedForwardShape.Mixture(
        experts, used, numbers, (int) sharedNumbers, routing, ExpertUnit.SWIGLU);
  }

  /** The key of a width that files say twice. */
  private static String expertWidth(ArchitectureKeys keys) {
    int width = keys.count("feed_forward_length");
    int again = keys.count("expert_feed_forward_length");
    if (again != width) {
      throw new BadFile(
          keys.where("expert_feed_forward_length"),
          width + " as feed_forward_length",
          again + "",
          "convert the model again");
    }
    return "feed_forward_length";
  }

  private static List<FeedForwardShape> denseThenMixtures(
      ArchitectureKeys keys, int layers, int experts, int used, Gate unsaid) {
    int first = Math.min(layers, keys.countOrZero("leading_dense_block_count"));
    int shared = keys.countOrZero("expert_shared_count");
    FeedForwardShape mixture =
        mixture(
            keys,
            experts,
            used,
            "expert_feed_forward_length",
            shared,
            routing(keys, experts, used, unsaid));
    if (first == 0) {
      keys.ignore("feed_forward_length");
      return Collections.nCopies(layers, mixture);
    }
    FeedForwardShape dense = dense(keys);
    return IntStream.range(0, layers).mapToObj(i -> i < first ? dense : mixture).toList();
  }

  /** The last of so many layers has experts. */
  private static List<FeedForwardShape> interleaved(
      ArchitectureKeys keys, int layers, int experts, int used) {
    int step = keys.count("interleave_moe_layer_step");
    double scale = keys.number("expert_weights_scale", 0);
    var routing =
        new Routing(
            Gate.SIGMOID, Selection.PROBABILITIES, Shares.AS_THEY_ARE, scale == 0 ? 1 : scale);
    FeedForwardShape mixture =
        mixture(keys, experts, used, "expert_feed_forward_length", 1, routing)
            .with(ExpertUnit.SWIGLU_OF_SHARES);
    keys.ignore("expert_shared_count", "leading_dense_block_count", "feed_forward_length");
    return IntStream.range(0, layers)
        .mapToObj(i -> (i + 1) % step == 0 ? mixture : dense(keys))
        .toList();
  }

  private static Routing routing(ArchitectureKeys keys, int experts, int used, Gate unsaid) {
    int groups = Math.max(1, keys.countOrZero("expert_group_count"));
    int usedGroups = keys.countOrZero("expert_group_used_count");
    if (groups == 1) {
      usedGroups = 1;
    }
    boolean divides = experts % groups == 0 && (groups == 1 || experts / groups > 1);
    boolean suffices =
        usedGroups >= 1 && usedGroups <= groups && (long) usedGroups * (experts / groups) >= used;
    if (!divides || !suffices) {
      throw new BadFile(
          keys.where("expert_group_count"),
          "groups of as many experts, some of which have the " + used + " that a token uses",
          usedGroups + " of " + groups + " groups of " + experts + " experts",
          "convert the model again");
    }
    double scale = keys.number("expert_weights_scale", 0);
    return new Routing(
        gate(keys, unsaid),
        Selection.BIASED_PROBABILITIES,
        groups,
        usedGroups,
        keys.flag("expert_group_best_alone", false) // of folders alone
            ? GroupMerit.BEST
            : GroupMerit.TWO_BEST,
        keys.flag("expert_weights_norm", false) ? Shares.SUMMING_TO_ONE : Shares.AS_THEY_ARE,
        scale == 0 ? 1 : scale); // 0 means that there is none, as in llama.cpp
  }

  private static Gate gate(ArchitectureKeys keys, Gate unsaid) {
    int gate = keys.countOrZero("expert_gating_func");
    return switch (gate) {
      case 0 -> unsaid;
      case 1 -> Gate.SOFTMAX;
      case 2 -> Gate.SIGMOID;
      default ->
          throw new UnsupportedModel(
              keys.where("expert_gating_func"),
              "gate " + gate + " of experts",
              "known are 1, softmax, and 2, sigmoid");
    };
  }
}
