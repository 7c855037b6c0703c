package dev.tonnage.model;

import dev.tonnage.file.GgufValue;
import dev.tonnage.file.GgufWriter;
import dev.tonnage.model.TinyLlama.ExpertChoice;
import dev.tonnage.model.TinyLlama.Experts;
import dev.tonnage.model.TinyLlama.Extra;
import dev.tonnage.model.TinyLlama.Latent;
import dev.tonnage.model.TinyLlama.Scaling;

/**
 * The keys of a {@link TinyLlama}'s file.
 *
 * @param model whose they are
 */
record TinyMetadata(TinyLlama model) {

  /** Of models that have one. */
  static final float LOGIT_SCALE = 0.8125f;

  /** Of layers that do not see everything, in models that have them. */
  static final int WINDOW = 12;

  /** All keys but the vocabulary's, for a file whose matrices are stored so. */
  void put(TinyStorage as, GgufWriter file) {
    file.put("general.architecture", GgufValue.text(model.architecture()))
        .put("general.name", GgufValue.text(model.name()))
        .put("general.file_type", GgufValue.uint32(as.fileType()))
        .put("general.quantization_version", GgufValue.uint32(2))
        .put(key("block_count"), GgufValue.uint32(model.sizes().layers() + predictionLayers()))
        .put(key("context_length"), GgufValue.uint32(model.sizes().contextTokens()))
        .put(key("embedding_length"), GgufValue.uint32(model.sizes().hidden()))
        .put(key("feed_forward_length"), GgufValue.uint32(model.sizes().feedForward()))
        .put(key("vocab_size"), GgufValue.uint32(model.sizes().vocabulary()))
        .put(key("attention.head_count"), GgufValue.uint32(model.heads().queries()))
        .put(key("attention.head_count_kv"), GgufValue.uint32(model.heads().keyValues()))
        .put(
            key(
                model.isParallel()
                    ? "attention.layer_norm_epsilon"
                    : "attention.layer_norm_rms_epsilon"),
            GgufValue.float32(model.stream().normEpsilon()))
        .put(key("rope.dimension_count"), GgufValue.uint32(model.rope().width()))
        .put(key("rope.freq_base"), GgufValue.float32(model.rope().base()));
    if (model.isParallel()) {
      file.put(key("logit_scale"), GgufValue.float32(LOGIT_SCALE));
    }
    putCount("attention.sliding_window", model.isGptOss() ? WINDOW : 0, file);
    if (model.extra().contains(Extra.PERIOD_OF_THREE)) {
      putCount("attention.sliding_window_pattern", model.windowPeriod(), file);
    }
    putCount("nextn_predict_layers", predictionLayers(), file);
    model.latent().ifPresentOrElse(latent -> putLatent(latent, file), () -> putHeads(file));
    if (model.experts().count() > 0) {
      putExperts(file);
    }
    switch (model.rope().scaling()) {
      case Scaling.None() -> {}
      case Scaling.Linear(float factor) ->
          file.put(key("rope.scaling.type"), GgufValue.text("linear"))
              .put(key("rope.scaling.factor"), GgufValue.float32(factor));
      case Scaling.Yarn(float factor, int original, float attention, float multiplier) -> {
        file.put(key("rope.scaling.type"), GgufValue.text("yarn"))
            .put(key("rope.scaling.factor"), GgufValue.float32(factor))
            .put(key("rope.scaling.original_context_length"), GgufValue.uint32(original));
        if (attention != 1) {
          file.put(key("rope.scaling.attn_factor"), GgufValue.float32(attention));
        }
        if (multiplier != 0) {
          file.put(key("rope.scaling.yarn_log_multiplier"), GgufValue.float32(multiplier));
        }
      }
    }
  }

  private int predictionLayers() {
    return model.extra().contains(Extra.PREDICTION_LAYER) ? 1 : 0;
  }

  private void putHeads(GgufWriter file) {
    int width =
        model.sizes().hidden() / model.heads().queries(); // what a file without the keys means
    if (model.heads().keyWidth() != width || model.heads().valueWidth() != width) {
      file.put(key("attention.key_length"), GgufValue.uint32(model.heads().keyWidth()))
          .put(key("attention.value_length"), GgufValue.uint32(model.heads().valueWidth()));
    }
  }

  private void putLatent(Latent latent, GgufWriter file) {
    int keyWidth = model.heads().keyWidth();
    int valueWidth = model.heads().valueWidth();
    file.put(key("attention.kv_lora_rank"), GgufValue.uint32(latent.width()));
    if (latent.queryRank() > 0) {
      file.put(key("attention.q_lora_rank"), GgufValue.uint32(latent.queryRank()));
    }
    if (latent.matrices() == Latent.Matrices.APART) {
      int cached = latent.width() + model.rope().width();
      file.put(key("attention.key_length"), GgufValue.uint32(cached))
          .put(key("attention.value_length"), GgufValue.uint32(latent.width()))
          .put(key("attention.key_length_mla"), GgufValue.uint32(keyWidth))
          .put(key("attention.value_length_mla"), GgufValue.uint32(valueWidth));
    } else {
      file.put(key("attention.key_length"), GgufValue.uint32(keyWidth))
          .put(key("attention.value_length"), GgufValue.uint32(valueWidth));
    }
  }

  private void putExperts(GgufWriter file) {
    Experts experts = model.experts();
    file.put(key("expert_count"), GgufValue.uint32(experts.count()))
        .put(key("expert_used_count"), GgufValue.uint32(experts.used()));
    boolean isMiniMax = model.architecture().equals("minimax-m2"); // which says widths twice
    if (experts.width() != model.sizes().feedForward() || isMiniMax || model.isGptOss()) {
      file.put(key("expert_feed_forward_length"), GgufValue.uint32(experts.width()));
    }
    ExpertChoice choice = experts.choice();
    putCount("expert_gating_func", model.isLlama4() ? 0 : choice.gate(), file);
    putCount("expert_group_count", choice.groups(), file);
    putCount("expert_group_used_count", choice.usedGroups(), file);
    if (!choice.equals(ExpertChoice.SOFTMAX) && !isMiniMax) {
      file.put(key("expert_shared_count"), GgufValue.uint32(choice.shared()))
          .put(key("leading_dense_block_count"), GgufValue.uint32(choice.leadingDense()));
    }
    if (model.isLlama4()) {
      putCount("interleave_moe_layer_step", choice.interleaved(), file);
    }
    if (choice.norm() != ExpertChoice.Norm.UNSAID) {
      boolean sumsToOne = choice.norm() == ExpertChoice.Norm.SUM_OF_ONE;
      file.put(key("expert_weights_norm"), GgufValue.flag(sumsToOne));
    }
    if (choice.scale() != 0) {
      file.put(key("expert_weights_scale"), GgufValue.float32(choice.scale()));
    }
  }

  private void putCount(String name, int count, GgufWriter file) {
    if (count > 0) {
      file.put(key(name), GgufValue.uint32(count));
    }
  }

  private String key(String rest) {
    return model.architecture() + "." + rest;
  }
}
