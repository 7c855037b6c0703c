package dev.tonnage.file;

import dev.tonnage.error.UnsupportedModel;

/**
 * What {@code config.json} says of how angles grow with positions, under the keys that a GGUF file
 * would have.
 *
 * @param keys where they are put
 */
record FolderRotary(JsonObject config, FolderMetadata.Keys keys) {

  private static final double[] NONE = {};

  /**
   * Reads it.
   *
   * @param width numbers of a head of which some or all turn
   * @return what each pair's angle is divided by; empty where nothing is
   */
  double[] read(long width) {
    var parameters = config.findObject("rope_parameters"); // of transformers 5
    double theta = config.number("rope_theta", 10_000);
    double partial = config.number("partial_rotary_factor", 1);
    if (parameters.isPresent()) {
      theta = parameters.get().number("rope_theta", theta);
      partial = parameters.get().number("partial_rotary_factor", partial);
    }
    long turning = config.integer("rotary_dim", (long) (width * partial));
    keys.put("rope.freq_base", theta);
    keys.put("rope.dimension_count", turning);
    var scaling = config.findObject("rope_scaling").or(() -> parameters);
    return scaling.isPresent()
        ? scale(scaling.get(), theta, (int) Math.min(turning, Integer.MAX_VALUE))
        : NONE;
  }

  private double[] scale(JsonObject scaling, double theta, int turning) {
    String type = scaling.text("rope_type", scaling.text("type", "default"));
    scaling.ignore("type", "rope_theta", "partial_rotary_factor");
    double[] divisors = NONE;
    switch (type) {
      case "default" -> {}
      case "linear" -> {
        keys.put("rope.scaling.type", "linear");
        keys.put("rope.scaling.factor", scaling.number("factor"));
      }
      case "llama3" ->
          divisors =
              RotaryDivisors.of(
                  theta,
                  turning,
                  scaling.number("factor"),
                  scaling.number("low_freq_factor"),
                  scaling.number("high_freq_factor"),
                  scaling.integer("original_max_position_embeddings"));
      case "yarn" -> yarn(scaling);
      default ->
          throw new UnsupportedModel(
              scaling.where(), "rope scaling '" + type + "'", "it would be computed wrongly");
    }
    scaling.requireAllRead();
    return divisors;
  }

  private void yarn(JsonObject scaling) {
    double factor = scaling.number("factor");
    keys.put("rope.scaling.type", "yarn");
    keys.put("rope.scaling.factor", factor);
    keys.put(
        "rope.scaling.original_context_length",
        scaling.integer(
            "original_max_position_embeddings", config.integer("max_position_embeddings")));
    keys.put("rope.scaling.yarn_beta_fast", scaling.number("beta_fast", 32));
    keys.put("rope.scaling.yarn_beta_slow", scaling.number("beta_slow", 1));
    if (!scaling.flag("truncate", true)) {
      keys.put("rope.scaling.yarn_truncate", false);
    }
    double all = scaling.number("mscale_all_dim", 0);
    if (keys.architecture().equals("deepseek2")) {
      if (scaling.number("mscale", 1) != all) {
        throw new UnsupportedModel(
            scaling.where(), "mscale other than mscale_all_dim", "it would be computed wrongly");
      }
      keys.put("rope.scaling.yarn_log_multiplier", 0.1 * all);
    } else if (all != 0 || scaling.has("mscale")) {
      throw new UnsupportedModel(
          scaling.where(), "mscale", "known of models with latent attention alone");
    } else if (scaling.has("attention_factor")) {
      double usual = 1 + 0.1 * Math.log(factor);
      keys.put("rope.scaling.attn_factor", scaling.number("attention_factor") / usual);
    }
  }
}
