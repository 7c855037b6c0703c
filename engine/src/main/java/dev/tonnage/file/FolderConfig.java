package dev.tonnage.file;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.UnsupportedModel;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What {@code config.json} says of a model, under the keys that a GGUF file of it would have. What
 * it asks for and is not known here is an error that names it.
 *
 * <p>Source: the configuration classes of Hugging Face's transformers, whose defaults hold where a
 * file does not say.
 */
final class FolderConfig {

  /** The kinds of models, as {@code model_type} says. */
  private static final List<String> KNOWN =
      List.of(
          "cohere",
          "deepseek_v2",
          "deepseek_v3",
          "glm4_moe",
          "gpt_oss",
          "kimi_k2",
          "llama",
          "minimax_m2",
          "mistral",
          "mixtral",
          "qwen2",
          "qwen3",
          "qwen3_moe");

  /** What is for training, for other programs, or said elsewhere. */
  private static final String[] IRRELEVANT = {
    "_attn_implementation_autoset",
    "_name_or_path",
    "architectures",
    "attention_bias", // tensors say
    "attention_dropout",
    "attention_probs_dropout_prob",
    "auto_map",
    "aux_loss_alpha",
    "bad_words_ids",
    "begin_suppress_tokens",
    "bos_token_id",
    "cache_implementation",
    "chunk_size_feed_forward",
    "dtype",
    "eos_token_id",
    "ep_size",
    "hidden_dropout",
    "id2label",
    "initializer_range",
    "label2id",
    "mlp_bias", // tensors say
    "model_max_length",
    "output_attentions",
    "output_hidden_states",
    "output_router_logits",
    "pad_token_id",
    "pretraining_tp",
    "qkv_bias", // tensors say
    "quantization", // QuantisationConfig
    "quantization_config",
    "return_dict",
    "router_aux_loss_coef",
    "router_jitter_noise",
    "seq_aux",
    "task_specific_params",
    "tokenizer_class",
    "torch_dtype",
    "transformers_version",
    "unsloth_fixed",
    "unsloth_version",
    "use_cache",
    "vocab_size" // the embedding says
  };

  private static final int SOFTMAX = 1;
  private static final int SIGMOID = 2;

  private final JsonObject config;
  private final FolderMetadata.Keys keys;
  private final String architecture;
  private final boolean isTied;
  private double[] rotaryDivisors = {};

  private FolderConfig(JsonObject config, FolderMetadata metadata) {
    this.config = config;
    String type = config.text("model_type");
    this.architecture =
        switch (type) {
          case "llama", "mistral", "mixtral" -> "llama";
          case "qwen2" -> "qwen2";
          case "qwen3" -> "qwen3";
          case "qwen3_moe" -> "qwen3moe";
          case "deepseek_v2", "deepseek_v3", "kimi_k2" -> "deepseek2";
          case "glm4_moe" -> "glm4moe";
          case "cohere" -> "command-r";
          case "gpt_oss" -> "gpt-oss";
          case "minimax_m2" -> "minimax-m2";
          default ->
              throw new UnsupportedModel(
                  config.where(),
                  "model_type '" + type + "'",
                  "known in folders are: " + String.join(", ", KNOWN));
        };
    this.keys = metadata.of(architecture);
    this.isTied = config.flag("tie_word_embeddings", type.equals("cohere"));
  }

  /** Reads everything. */
  static FolderConfig read(JsonObject config, FolderMetadata metadata) {
    var folder = new FolderConfig(config, metadata);
    metadata.put("general.architecture", folder.architecture);
    folder.readAll();
    return folder;
  }

  /** Layers that are used. */
  int layers() {
    return count("num_hidden_layers");
  }

  /** Whether the embedding is the output, too. */
  boolean isTied() {
    return isTied;
  }

  /** What a model of this architecture calls the norm before feed-forwards. */
  String secondNorm() {
    return switch (architecture) {
      case "glm4moe", "gpt-oss" -> "post_attention_norm";
      default -> "ffn_norm";
    };
  }

  /** What each pair's angle is divided by; empty where nothing is. */
  double[] rotaryDivisors() {
    return rotaryDivisors.clone();
  }

  private void readAll() {
    keys.put("block_count", layers());
    keys.put("context_length", count("max_position_embeddings"));
    keys.put("embedding_length", count("hidden_size"));
    config.require("hidden_act", "silu");
    config.require("use_mrope", "false");
    norms();
    if (architecture.equals("gpt-oss")) {
      alternatingWindows();
    } else {
      window();
    }
    switch (architecture) {
      case "llama" -> llama();
      case "qwen2", "qwen3" -> dense();
      case "qwen3moe" -> qwen3Moe();
      case "deepseek2" -> deepSeek();
      case "glm4moe" -> glm4Moe();
      case "command-r" -> commandR();
      case "gpt-oss" -> gptOss();
      case "minimax-m2" -> miniMax();
      default -> throw new AssertionError(architecture);
    }
    config.ignore(IRRELEVANT);
    config.requireAllRead();
  }

  private void norms() {
    if (architecture.equals("command-r")) {
      keys.put("attention.layer_norm_epsilon", config.number("layer_norm_eps", 1e-5));
    } else {
      keys.put("attention.layer_norm_rms_epsilon", config.number("rms_norm_eps", 1e-6));
    }
  }

  /** In every layer but the last of so many. */
  private void alternatingWindows() {
    List<String> layers =
        config.list("layer_types").stream().map(layer -> layer.asString()).toList();
    int period = layers.isEmpty() ? 2 : layers.indexOf("full_attention") + 1;
    for (int i = 0; i < layers.size(); i++) {
      boolean isLast = (i + 1) % Math.max(1, period) == 0;
      if (!layers.get(i).equals(isLast ? "full_attention" : "sliding_attention")) {
        throw new UnsupportedModel(
            config.where("layer_types"), layers + "", "windows in all layers but every so manieth");
      }
    }
    keys.put("attention.sliding_window", count("sliding_window"));
    keys.put("attention.sliding_window_pattern", period);
  }

  /** Every layer has the same window, or none has one. */
  private void window() {
    for (JsonNode layer : config.list("layer_types")) {
      if (!layer.asString().equals("full_attention")) {
        throw config.unsupported("layer_types", layer);
      }
    }
    boolean isUsed = config.flag("use_sliding_window", !architecture.startsWith("qwen"));
    long window = config.integer("sliding_window", 0);
    config.integer("max_window_layers", 0);
    if (isUsed && window > 0) {
      if (architecture.startsWith("qwen")) {
        throw new UnsupportedModel(
            config.where(), "use_sliding_window", "layers with and without it are not known here");
      }
      keys.put("attention.sliding_window", window);
    }
  }

  /** Heads of one width, of which all turns. */
  private void heads() {
    long heads = count("num_attention_heads");
    keys.put("attention.head_count", heads);
    keys.put("attention.head_count_kv", config.integer("num_key_value_heads", heads));
    long width = config.integer("head_dim", count("hidden_size") / heads);
    keys.put("attention.key_length", width);
    keys.put("attention.value_length", width);
    rotaryDivisors = new FolderRotary(config, keys).read(width);
  }

  private void dense() {
    heads();
    keys.put("feed_forward_length", count("intermediate_size"));
  }

  private void llama() {
    // pairs are a half apart, and not neighbours as in converted files
    keys.put("tensor_data_layout", "reference");
    dense();
    if (config.has("num_local_experts")) {
      keys.put("expert_count", count("num_local_experts"));
      keys.put("expert_used_count", count("num_experts_per_tok"));
    }
  }

  private void qwen3Moe() {
    heads();
    config.ignore("intermediate_size");
    config.require("decoder_sparse_step", "1");
    config.require("shared_expert_intermediate_size", "0");
    config.flag("use_qk_norm", true); // tensors say
    for (JsonNode layer : config.list("mlp_only_layers")) {
      throw config.unsupported("mlp_only_layers", layer);
    }
    if (!config.flag("norm_topk_prob", false)) {
      throw new UnsupportedModel(
          config.where(), "norm_topk_prob = false", "shares of experts sum to one here");
    }
    keys.put("expert_count", count("num_experts"));
    keys.put("expert_used_count", count("num_experts_per_tok"));
    keys.put("expert_feed_forward_length", count("moe_intermediate_size"));
  }

  private void commandR() {
    dense();
    config.flag("use_qk_norm", false); // tensors say
    keys.put("logit_scale", config.number("logit_scale", 0.0625));
  }

  private void glm4Moe() {
    heads();
    config.flag("use_qk_norm", false); // tensors say
    groupedExperts(SIGMOID);
  }

  private void deepSeek() {
    long heads = count("num_attention_heads");
    long turning = count("qk_rope_head_dim");
    long width = turning + count("qk_nope_head_dim");
    keys.put("attention.head_count", heads);
    keys.put("attention.head_count_kv", config.integer("num_key_value_heads", heads));
    config.ignore("head_dim", "qk_head_dim");
    keys.put("attention.key_length", width);
    keys.put("attention.value_length", count("v_head_dim"));
    keys.put("attention.kv_lora_rank", count("kv_lora_rank"));
    if (config.has("q_lora_rank")) {
      keys.put("attention.q_lora_rank", count("q_lora_rank"));
    }
    config.require("rope_interleave", "true");
    config.require("moe_layer_freq", "1");
    rotaryDivisors = new FolderRotary(config, keys).read(turning);
    if (config.text("model_type").equals("deepseek_v2")) {
      config.require("scoring_func", "softmax");
      config.require("norm_topk_prob", "false"); // else the scale is another
      boolean hasGroups = config.text("topk_method", "greedy").equals("group_limited_greedy");
      config.require("topk_method", hasGroups ? "group_limited_greedy" : "greedy");
      keys.put("expert_group_best_alone", hasGroups);
      groupedExperts(SOFTMAX);
    } else {
      config.require("topk_method", "noaux_tc");
      config.require("scoring_func", "sigmoid");
      groupedExperts(SIGMOID);
    }
  }

  private void gptOss() {
    heads();
    config.require("swiglu_limit", "7.0");
    config.ignore("experts_per_token", "initial_context_length", "output_router_logits");
    keys.put("expert_count", count("num_local_experts"));
    keys.put("expert_used_count", count("num_experts_per_tok"));
    keys.put("expert_feed_forward_length", count("intermediate_size"));
  }

  private void miniMax() {
    heads();
    config.require("use_qk_norm", "true");
    config.require("qk_norm_type", "per_layer");
    config.require("scoring_func", "sigmoid");
    config.require("use_routing_bias", "true");
    config.require("shared_intermediate_size", "0");
    for (JsonNode kind : config.list("attn_type_list")) {
      if (kind.asInt() != 1) {
        throw config.unsupported("attn_type_list", kind);
      }
    }
    for (String part : List.of("full_attention", "linear_attention", "mlp")) {
      config.require("layernorm_" + part + "_beta", "1.0");
    }
    // tokens further on are predicted by tensors that folders do not have
    config.ignore("use_mtp", "num_mtp_modules", "mtp_transformer_layers", "max_model_len");
    keys.put("feed_forward_length", count("intermediate_size"));
    keys.put("expert_feed_forward_length", count("intermediate_size"));
    keys.put("expert_count", count("num_local_experts"));
    keys.put("expert_used_count", count("num_experts_per_tok"));
    keys.put("expert_gating_func", SIGMOID);
  }

  private void groupedExperts(int gate) {
    keys.put("feed_forward_length", count("intermediate_size"));
    keys.put("expert_count", count("n_routed_experts"));
    keys.put("expert_used_count", count("num_experts_per_tok"));
    keys.put("expert_feed_forward_length", count("moe_intermediate_size"));
    keys.put("expert_shared_count", config.integer("n_shared_experts", 0));
    keys.put("leading_dense_block_count", config.integer("first_k_dense_replace", 0));
    keys.put("expert_group_count", config.integer("n_group", 1));
    keys.put("expert_group_used_count", config.integer("topk_group", 1));
    keys.put("expert_gating_func", gate);
    keys.put("expert_weights_norm", config.flag("norm_topk_prob", gate == SIGMOID));
    keys.put("expert_weights_scale", config.number("routed_scaling_factor", 1.0));
    config.integer("num_nextn_predict_layers", 0); // their layers are left out
  }

  private int count(String key) {
    long count = config.integer(key);
    if (count < 1 || count > Integer.MAX_VALUE) {
      throw new BadFile(config.where(key), "a count of at least 1", count + "", JsonFile.REMEDY);
    }
    return (int) count;
  }
}
