package dev.tonnage.file;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What tensors of a folder are called here, by the names that transformers gives modules: once, so
 * that models know one name.
 */
final class TensorNames {

  private static final Pattern LAYER = Pattern.compile("model\\.layers\\.(\\d{1,6})\\.(.+)");

  private static final Pattern EXPERT =
      Pattern.compile("(?:mlp|block_sparse_moe)\\.experts\\.(\\d{1,6})\\.(\\w+)\\.weight");

  private static final Map<String, String> WHOLE =
      Map.of(
          "model.embed_tokens.weight", "token_embd.weight",
          "model.norm.weight", "output_norm.weight",
          "lm_head.weight", "output.weight");

  private static final Map<String, String> MODULES =
      Map.ofEntries(
          Map.entry("input_layernorm", "attn_norm"),
          Map.entry("self_attn.q_proj", "attn_q"),
          Map.entry("self_attn.k_proj", "attn_k"),
          Map.entry("self_attn.v_proj", "attn_v"),
          Map.entry("self_attn.o_proj", "attn_output"),
          Map.entry("self_attn.q_norm", "attn_q_norm"),
          Map.entry("self_attn.k_norm", "attn_k_norm"),
          Map.entry("self_attn.q_a_proj", "attn_q_a"),
          Map.entry("self_attn.q_a_layernorm", "attn_q_a_norm"),
          Map.entry("self_attn.q_b_proj", "attn_q_b"),
          Map.entry("self_attn.kv_a_proj_with_mqa", "attn_kv_a_mqa"),
          Map.entry("self_attn.kv_a_layernorm", "attn_kv_a_norm"),
          Map.entry("self_attn.kv_b_proj", "attn_kv_b"),
          Map.entry("mlp.gate_proj", "ffn_gate"),
          Map.entry("mlp.up_proj", "ffn_up"),
          Map.entry("mlp.down_proj", "ffn_down"),
          Map.entry("mlp.gate", "ffn_gate_inp"),
          Map.entry("block_sparse_moe.gate", "ffn_gate_inp"),
          Map.entry("mlp.router", "ffn_gate_inp"),
          Map.entry("mlp.experts.gate_proj", "ffn_gate_exps"), // of gpt-oss by MLX
          Map.entry("mlp.experts.up_proj", "ffn_up_exps"),
          Map.entry("mlp.experts.down_proj", "ffn_down_exps"),
          Map.entry("mlp.switch_mlp.gate_proj", "ffn_gate_exps"), // MLX has experts together
          Map.entry("mlp.switch_mlp.up_proj", "ffn_up_exps"),
          Map.entry("mlp.switch_mlp.down_proj", "ffn_down_exps"),
          Map.entry("block_sparse_moe.switch_mlp.gate_proj", "ffn_gate_exps"),
          Map.entry("block_sparse_moe.switch_mlp.up_proj", "ffn_up_exps"),
          Map.entry("block_sparse_moe.switch_mlp.down_proj", "ffn_down_exps"),
          Map.entry("mlp.shared_experts.gate_proj", "ffn_gate_shexp"),
          Map.entry("mlp.shared_experts.up_proj", "ffn_up_shexp"),
          Map.entry("mlp.shared_experts.down_proj", "ffn_down_shexp"));

  /** What is not a module's weight or bias; gate and up have a row each in turn. */
  private static final Map<String, String> OTHERS =
      Map.of(
          "mlp.gate.e_score_correction_bias", "exp_probs_b.bias",
          "block_sparse_moe.e_score_correction_bias", "exp_probs_b.bias",
          "self_attn.sinks", "attn_sinks.weight",
          "mlp.experts.gate_up_proj_blocks", "ffn_gate_up_in_turn_exps.weight",
          "mlp.experts.gate_up_proj_bias", "ffn_gate_up_in_turn_exps.bias",
          "mlp.experts.down_proj_blocks", "ffn_down_exps.weight",
          "mlp.experts.down_proj_bias", "ffn_down_exps.bias");

  private static final Map<String, String> EXPERT_PARTS =
      Map.of(
          "gate_proj", "ffn_gate",
          "up_proj", "ffn_up",
          "down_proj", "ffn_down",
          "w1", "ffn_gate",
          "w3", "ffn_up",
          "w2", "ffn_down");

  /** Buffers that old files have and that are computed. */
  private static final List<String> COMPUTED =
      List.of("self_attn.rotary_emb.inv_freq", "self_attn.masked_bias", "self_attn.bias");

  private final int layers;
  private final String secondNorm;
  private final boolean isTied;

  /**
   * @param layers that are used; those behind them predict tokens further on
   * @param secondNorm what a model of this architecture calls the norm before feed-forwards
   * @param isTied whether the embedding is the output, too
   */
  TensorNames(int layers, String secondNorm, boolean isTied) {
    this.layers = layers;
    this.secondNorm = secondNorm;
    this.isTied = isTied;
  }

  /** Whether a tensor is known and not needed. */
  boolean isLeftOut(String name) {
    Matcher layer = LAYER.matcher(name);
    if (layer.matches()) {
      return Integer.parseInt(layer.group(1)) >= layers || COMPUTED.contains(layer.group(2));
    }
    return isTied && name.equals("lm_head.weight");
  }

  /** What a tensor is called here; one that is not known keeps its name. */
  String of(String name) {
    Matcher layer = LAYER.matcher(name);
    return layer.matches()
        ? ofLayer(layer.group(2)).map(rest -> "blk." + layer.group(1) + "." + rest).orElse(name)
        : WHOLE.getOrDefault(name, name);
  }

  private Optional<String> ofLayer(String name) {
    if (OTHERS.containsKey(name)) {
      return Optional.of(OTHERS.get(name));
    }
    Matcher expert = EXPERT.matcher(name);
    if (expert.matches()) {
      return Optional.ofNullable(EXPERT_PARTS.get(expert.group(2)))
          .map(part -> part + "." + expert.group(1) + ".weight");
    }
    int dot = name.lastIndexOf('.');
    String kind = name.substring(dot + 1);
    if (dot < 0 || !(kind.equals("weight") || kind.equals("bias"))) {
      return Optional.empty();
    }
    String module = name.substring(0, dot);
    String known = module.equals("post_attention_layernorm") ? secondNorm : MODULES.get(module);
    return Optional.ofNullable(known).map(part -> part + "." + kind);
  }
}
