package dev.tonnage.model;

import dev.tonnage.model.TinyLlama.ExpertChoice;
import dev.tonnage.model.TinyLlama.Extra;
import dev.tonnage.model.TinyLlama.Output;
import dev.tonnage.model.TinyLlama.Scaling;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * A {@link TinyLlama} as transformers would keep it: the same weights under other names, of Llama
 * with pairs a half apart, and a configuration in other words.
 *
 * @param model without GGUF's own block formats; of F32 where its matrices are stored otherwise
 * @param storage how matrices are stored
 * @param isDequantised whether they are floats all the same, those which the storage means
 */
public record TinyFolder(TinyLlama model, FolderStorage storage, boolean isDequantised) {

  /** As the model has its weights. */
  public TinyFolder(TinyLlama model) {
    this(model, FolderStorage.PLAIN, false);
  }

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static final Map<String, String> MODULES =
      Map.ofEntries(
          Map.entry("attn_norm", "input_layernorm"),
          Map.entry("attn_q", "self_attn.q_proj"),
          Map.entry("attn_k", "self_attn.k_proj"),
          Map.entry("attn_v", "self_attn.v_proj"),
          Map.entry("attn_output", "self_attn.o_proj"),
          Map.entry("attn_q_norm", "self_attn.q_norm"),
          Map.entry("attn_k_norm", "self_attn.k_norm"),
          Map.entry("attn_q_a", "self_attn.q_a_proj"),
          Map.entry("attn_q_a_norm", "self_attn.q_a_layernorm"),
          Map.entry("attn_q_b", "self_attn.q_b_proj"),
          Map.entry("attn_kv_a_mqa", "self_attn.kv_a_proj_with_mqa"),
          Map.entry("attn_kv_a_norm", "self_attn.kv_a_layernorm"),
          Map.entry("attn_kv_b", "self_attn.kv_b_proj"),
          Map.entry("ffn_norm", "post_attention_layernorm"),
          Map.entry("post_attention_norm", "post_attention_layernorm"),
          Map.entry("ffn_gate", "mlp.gate_proj"),
          Map.entry("ffn_up", "mlp.up_proj"),
          Map.entry("ffn_down", "mlp.down_proj"),
          Map.entry("ffn_gate_inp", "mlp.gate"),
          Map.entry("ffn_gate_shexp", "mlp.shared_experts.gate_proj"),
          Map.entry("ffn_up_shexp", "mlp.shared_experts.up_proj"),
          Map.entry("ffn_down_shexp", "mlp.shared_experts.down_proj"),
          Map.entry("exp_probs_b", "mlp.gate.e_score_correction"));

  /** A tensor as it is written. */
  record Part(String name, String type, List<Long> shape, ByteBuffer bytes) {}

  /** Writes all files, the weights in one. */
  public Path write(Path folder) {
    return write(folder, 1);
  }

  /** Writes all files, the weights in some. */
  public Path write(Path folder, int files) {
    try {
      Files.createDirectories(folder);
      write(folder, "config.json", config());
      write(folder, "tokenizer.json", TinyTokenizerJson.value());
      write(folder, "tokenizer_config.json", Map.of("bos_token", "<s>", "eos_token", "</s>"));
      write(folder, "generation_config.json", Map.of("eos_token_id", List.of(257, 258)));
      List<Part> parts = parts();
      if (files == 1) {
        Files.write(folder.resolve("model.safetensors"), safetensors(parts));
        return folder;
      }
      var places = new LinkedHashMap<String, String>();
      for (int i = 0; i < files; i++) {
        String name = "model-%05d-of-%05d.safetensors".formatted(i + 1, files);
        List<Part> some = parts.subList(parts.size() * i / files, parts.size() * (i + 1) / files);
        some.forEach(part -> places.put(part.name(), name));
        Files.write(folder.resolve(name), safetensors(some));
      }
      write(folder, "model.safetensors.index.json", Map.of("weight_map", places));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path folder, String name, Object value) throws IOException {
    Files.writeString(folder.resolve(name), JSON.writeValueAsString(value));
  }

  /** A file of some tensors. */
  private static byte[] safetensors(List<Part> parts) {
    var header = new LinkedHashMap<String, Object>();
    header.put("__metadata__", Map.of("format", "pt"));
    long at = 0;
    for (Part part : parts) {
      long end = at + part.bytes().remaining();
      header.put(
          part.name(),
          Map.of(
              "dtype", part.type(),
              "shape", part.shape(),
              "data_offsets", List.of(at, end)));
      at = end;
    }
    byte[] json = JSON.writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(Math.toIntExact(8 + json.length + at)).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(json.length).put(json);
    parts.forEach(part -> file.put(part.bytes().duplicate()));
    return file.array();
  }

  private List<Part> parts() {
    var parts = new ArrayList<Part>();
    for (TinyWeight weight : model.weights()) {
      String name = weight.name();
      List<Long> shape =
          LongStream.range(0, weight.shape().rank())
              .map(axis -> weight.shape().extent((int) axis))
              .boxed()
              .toList();
      if (model.isGptOss()) {
        parts.addAll(new GptOssParts(this).of(weight));
      } else if (name.contains("_exps.")) {
        experts(weight, parts);
      } else if (model.architecture().equals("llama")
          && name.matches(".*attn_[qk]\\.(weight|bias)")) {
        parts.add(
            new Part(name(name), weight.type().name(), shape, ByteBuffer.wrap(apart(weight))));
      } else {
        parts.add(
            new Part(name(name), weight.type().name(), shape, ByteBuffer.wrap(weight.bytes())));
      }
    }
    boolean isPlain = storage == FolderStorage.PLAIN || model.isGptOss();
    return isPlain ? parts : parts.stream().flatMap(this::stored).toList();
  }

  /** Matrices otherwise. */
  private Stream<Part> stored(Part part) {
    if (part.shape().size() < 2) {
      return Stream.of(part);
    }
    float[] numbers = new float[part.bytes().remaining() / 4];
    part.bytes().duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(numbers);
    FolderStorage.Stored stored =
        storage.store(part.name(), numbers, part.shape().get(0), part.shape().get(1));
    if (isDequantised) {
      ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(stored.numbers());
      return Stream.of(new Part(part.name(), "F32", part.shape(), bytes));
    }
    return stored.pieces().stream()
        .map(piece ->
            new Part(
                piece.suffix().startsWith("_") || piece.suffix().isEmpty()
                    ? part.name() + piece.suffix()
                    : part.name().replaceFirst("weight$", piece.suffix()),
                piece.type(),
                piece.shape(),
                piece.bytes()));
  }

  String name(String name) {
    if (name.startsWith("blk.")) {
      String[] words = name.split("\\.", 4);
      if (words.length < 4 || !MODULES.containsKey(words[2])) {
        return "model.layers." + name.substring(4);
      }
      String kind = words[2].equals("exp_probs_b") ? "_" + words[3] : "." + words[3];
      String module = MODULES.get(words[2]);
      if (model.architecture().equals("minimax-m2")) {
        module =
            module
                .replace("mlp.gate.e_score", "block_sparse_moe.e_score")
                .replace("mlp.gate", "block_sparse_moe.gate");
      }
      return "model.layers." + words[1] + "." + module + kind;
    }
    return switch (name) {
      case "token_embd.weight" -> "model.embed_tokens.weight";
      case "output_norm.weight" -> "model.norm.weight";
      case "output.weight" -> "lm_head.weight";
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** Each expert's matrix by itself, by the names that Mixtral has for them or the others. */
  private void experts(TinyWeight weight, List<Part> parts) {
    String[] words = weight.name().split("\\.", 4);
    String module = words[2].replace("_exps", "");
    long rows = weight.shape().extent(1);
    long columns = weight.shape().extent(2);
    int count = (int) weight.shape().extent(0);
    int bytes = weight.bytes().length / count;
    for (int i = 0; i < count; i++) {
      String part =
          !model.architecture().equals("minimax-m2") && !model.architecture().equals("llama")
              ? "mlp.experts." + i + MODULES.get(module).substring("mlp".length())
              : "block_sparse_moe.experts."
                  + i
                  + "."
                  + Map.of("ffn_gate", "w1", "ffn_up", "w3", "ffn_down", "w2").get(module);
      parts.add(
          new Part(
              "model.layers." + words[1] + "." + part + ".weight",
              weight.type().name(),
              List.of(rows, columns),
              ByteBuffer.wrap(weight.bytes(), i * bytes, bytes)));
    }
  }

  /** Rows of each head: first those of all pairs' first numbers, then of their second. */
  private byte[] apart(TinyWeight weight) {
    int width = model.heads().keyWidth();
    int rows = (int) weight.shape().extent(0);
    int bytes = weight.bytes().length / rows;
    byte[] moved = new byte[weight.bytes().length];
    for (int row = 0; row < rows; row++) {
      int inHead = row % width;
      int to = row - inHead + inHead % 2 * (width / 2) + inHead / 2;
      System.arraycopy(weight.bytes(), row * bytes, moved, to * bytes, bytes);
    }
    return moved;
  }

  private String type() {
    return switch (model.architecture()) {
      case "llama" -> model.experts().count() > 0 ? "mixtral" : "llama";
      case "qwen3moe" -> "qwen3_moe";
      case "deepseek2" -> isDeepSeek2() ? "deepseek_v2" : "deepseek_v3";
      case "glm4moe" -> "glm4_moe";
      case "command-r" -> "cohere";
      case "gpt-oss" -> "gpt_oss";
      case "minimax-m2" -> "minimax_m2";
      default -> model.architecture();
    };
  }

  private Map<String, Object> config() {
    var config = new LinkedHashMap<String, Object>();
    config.put("architectures", List.of("AnyForCausalLM"));
    config.put("model_type", type());
    config.put("hidden_act", "silu");
    config.put("hidden_size", model.sizes().hidden());
    config.put("intermediate_size", model.sizes().feedForward());
    config.put("num_hidden_layers", model.sizes().layers());
    config.put("max_position_embeddings", model.sizes().contextTokens());
    config.put("num_attention_heads", model.heads().queries());
    config.put("num_key_value_heads", model.heads().keyValues());
    config.put("rope_theta", model.rope().base());
    config.put("tie_word_embeddings", model.output() == Output.TIED);
    config.put("torch_dtype", "bfloat16");
    config.put("vocab_size", model.sizes().vocabulary());
    if (model.isParallel()) {
      config.put("layer_norm_eps", model.stream().normEpsilon());
      config.put("logit_scale", TinyMetadata.LOGIT_SCALE);
      config.put("use_qk_norm", model.extra().contains(Extra.HEAD_NORMS));
    } else {
      config.put("rms_norm_eps", model.stream().normEpsilon());
    }
    if (model.extra().contains(Extra.PREDICTION_LAYER)) {
      config.put("num_nextn_predict_layers", 1);
    }
    if (model.architecture().equals("glm4moe")) {
      config.put("partial_rotary_factor", (double) model.rope().width() / model.heads().keyWidth());
    }
    model
        .latent()
        .ifPresentOrElse(
            latent -> latent(latent, config),
            () -> config.put("head_dim", model.heads().keyWidth()));
    if (model.experts().count() > 0) {
      experts(config);
    }
    scaling(config);
    if (!isDequantised) {
      config.putAll(storage.config());
    }
    return config;
  }

  private boolean isDeepSeek2() {
    return model.experts().choice().gate() == 0;
  }

  private void latent(TinyLlama.Latent latent, Map<String, Object> config) {
    config.put("q_lora_rank", latent.queryRank() == 0 ? null : latent.queryRank());
    config.put("kv_lora_rank", latent.width());
    config.put("qk_rope_head_dim", model.rope().width());
    config.put("qk_nope_head_dim", model.heads().keyWidth() - model.rope().width());
    config.put("v_head_dim", model.heads().valueWidth());
    config.put("topk_method", isDeepSeek2() ? "greedy" : "noaux_tc");
    config.put("scoring_func", isDeepSeek2() ? "softmax" : "sigmoid");
    config.put("moe_layer_freq", 1);
  }

  private void experts(Map<String, Object> config) {
    config.put("num_experts_per_tok", model.experts().used());
    switch (model.architecture()) {
      case "llama" -> config.put("num_local_experts", model.experts().count());
      case "minimax-m2" -> {
        config.put("num_local_experts", model.experts().count());
        config.put("intermediate_size", model.experts().width());
        config.put("rotary_dim", model.rope().width());
        config.put("scoring_func", "sigmoid");
      }
      case "gpt-oss" -> {
        config.put("num_local_experts", model.experts().count());
        config.put("intermediate_size", model.experts().width());
        config.put("sliding_window", TinyMetadata.WINDOW);
        config.put("swiglu_limit", 7.0);
        config.put(
            "layer_types",
            IntStream.rangeClosed(1, model.sizes().layers())
                .mapToObj(i -> i % model.windowPeriod() == 0 ? "full" : "sliding")
                .map(kind -> kind + "_attention")
                .toList());
      }
      case "qwen3moe" -> {
        config.put("num_experts", model.experts().count());
        config.put("moe_intermediate_size", model.experts().width());
        config.put("norm_topk_prob", true);
        config.put("mlp_only_layers", List.of());
        config.put("decoder_sparse_step", 1);
      }
      default -> {
        ExpertChoice choice = model.experts().choice();
        config.put("n_routed_experts", model.experts().count());
        config.put("moe_intermediate_size", model.experts().width());
        config.put("n_shared_experts", choice.shared());
        config.put("first_k_dense_replace", choice.leadingDense());
        config.put("n_group", Math.max(1, choice.groups()));
        config.put("topk_group", Math.max(1, choice.usedGroups()));
        config.put("norm_topk_prob", choice.norm() == ExpertChoice.Norm.SUM_OF_ONE);
        config.put("routed_scaling_factor", choice.scale());
      }
    }
  }

  private void scaling(Map<String, Object> config) {
    var scaling = new LinkedHashMap<String, Object>();
    switch (model.rope().scaling()) {
      case Scaling.None() -> {
        return;
      }
      case Scaling.Linear(float factor) -> {
        scaling.put("type", "linear");
        scaling.put("factor", factor);
      }
      case Scaling.Yarn yarn -> {
        scaling.put("rope_type", "yarn");
        scaling.put("factor", yarn.factor());
        scaling.put("original_max_position_embeddings", yarn.originalContextTokens());
        if (model.latent().isPresent()) {
          scaling.put("mscale", 10 * yarn.logMultiplier());
          scaling.put("mscale_all_dim", 10 * yarn.logMultiplier());
        } else if (yarn.attentionFactor() != 1) {
          double usual = 1 + 0.1 * Math.log(yarn.factor());
          scaling.put("attention_factor", yarn.attentionFactor() * usual);
        }
      }
    }
    config.put("rope_scaling", scaling);
  }
}
