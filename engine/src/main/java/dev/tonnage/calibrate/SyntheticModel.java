package dev.tonnage.calibrate;

import dev.tonnage.file.GgufValue;
import dev.tonnage.file.GgufWriter;
import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A model that says nothing, to see how long it takes: all its weights are 0.
 *
 * @param kind what its layers are
 * @param layers how many
 * @param hidden H, a multiple of 256
 * @param heads query heads; a fourth of them key/value heads
 * @param feedForward numbers inside a feed-forward
 * @param contextTokens positions
 */
record SyntheticModel(
    Kind kind, int layers, int hidden, int heads, int feedForward, int contextTokens) {

  /** What layers are. */
  enum Kind {
    DENSE,
    MIXTURE,
    LATENT
  }

  static final int HEAD_WIDTH = 128;

  static final int EXPERTS = 64;

  static final int USED_EXPERTS = 8;

  private static final int QUERY_RANK = 256;
  private static final int LATENT_WIDTH = 512;
  private static final int ROTARY_WIDTH = 64;
  private static final int NORMAL = 1;

  /** Writes it. */
  void write(Path file) {
    String architecture = kind == Kind.LATENT ? "deepseek2" : "llama";
    List<String> tokens = new ArrayList<>();
    for (char character = '!'; character <= '~'; character++) {
      tokens.add("" + character);
    }
    int[] types = new int[tokens.size()];
    Arrays.fill(types, NORMAL);
    var gguf =
        new GgufWriter()
            .put("general.architecture", GgufValue.text(architecture))
            .put(architecture + ".context_length", GgufValue.uint32(contextTokens))
            .put(architecture + ".embedding_length", GgufValue.uint32(hidden))
            .put(architecture + ".block_count", GgufValue.uint32(layers))
            .put(architecture + ".feed_forward_length", GgufValue.uint32(feedForward))
            .put(architecture + ".attention.head_count", GgufValue.uint32(heads))
            .put(architecture + ".attention.layer_norm_rms_epsilon", GgufValue.float32(1e-5f))
            .put("tokenizer.ggml.model", GgufValue.text("gpt2"))
            .put("tokenizer.ggml.pre", GgufValue.text("llama-bpe"))
            .put("tokenizer.ggml.tokens", GgufValue.texts(tokens))
            .put("tokenizer.ggml.token_type", GgufValue.int32s(types))
            .put("tokenizer.ggml.merges", GgufValue.texts(List.of()))
            .put("tokenizer.ggml.bos_token_id", GgufValue.uint32(0));
    zeros(gguf, "token_embd", DType.F16, tokens.size(), hidden);
    zeros(gguf, "output_norm", DType.F32, hidden);
    if (kind == Kind.LATENT) {
      putLatent(gguf);
    } else {
      putGrouped(gguf, architecture);
    }
    for (int layer = 0; layer < layers; layer++) {
      putLayer(gguf, "blk." + layer + ".");
    }
    gguf.write(file);
  }

  private int keyValueHeads() {
    return Math.max(1, heads / 4);
  }

  private void putGrouped(GgufWriter gguf, String architecture) {
    gguf.put(architecture + ".attention.head_count_kv", GgufValue.uint32(keyValueHeads()))
        .put(architecture + ".attention.key_length", GgufValue.uint32(HEAD_WIDTH))
        .put(architecture + ".attention.value_length", GgufValue.uint32(HEAD_WIDTH));
    if (kind == Kind.MIXTURE) {
      gguf.put(architecture + ".expert_count", GgufValue.uint32(EXPERTS))
          .put(architecture + ".expert_used_count", GgufValue.uint32(USED_EXPERTS));
    }
  }

  private void putLatent(GgufWriter gguf) {
    gguf.put("deepseek2.attention.head_count_kv", GgufValue.uint32(1))
        .put("deepseek2.attention.q_lora_rank", GgufValue.uint32(QUERY_RANK))
        .put("deepseek2.attention.kv_lora_rank", GgufValue.uint32(LATENT_WIDTH))
        .put("deepseek2.attention.key_length", GgufValue.uint32(LATENT_WIDTH + ROTARY_WIDTH))
        .put("deepseek2.attention.value_length", GgufValue.uint32(LATENT_WIDTH))
        .put("deepseek2.attention.key_length_mla", GgufValue.uint32(HEAD_WIDTH + ROTARY_WIDTH))
        .put("deepseek2.attention.value_length_mla", GgufValue.uint32(HEAD_WIDTH))
        .put("deepseek2.rope.dimension_count", GgufValue.uint32(ROTARY_WIDTH))
        .put("deepseek2.leading_dense_block_count", GgufValue.uint32(layers))
        .put("deepseek2.expert_count", GgufValue.uint32(EXPERTS))
        .put("deepseek2.expert_used_count", GgufValue.uint32(USED_EXPERTS))
        .put("deepseek2.expert_feed_forward_length", GgufValue.uint32(feedForward));
  }

  private void putLayer(GgufWriter gguf, String prefix) {
    zeros(gguf, prefix + "attn_norm", DType.F32, hidden);
    zeros(gguf, prefix + "ffn_norm", DType.F32, hidden);
    if (kind == Kind.LATENT) {
      int keyWidth = HEAD_WIDTH + ROTARY_WIDTH;
      zeros(gguf, prefix + "attn_q_a", DType.Q8_0, QUERY_RANK, hidden);
      zeros(gguf, prefix + "attn_q_a_norm", DType.F32, QUERY_RANK);
      zeros(gguf, prefix + "attn_q_b", DType.Q8_0, (long) heads * keyWidth, QUERY_RANK);
      zeros(gguf, prefix + "attn_kv_a_mqa", DType.Q8_0, LATENT_WIDTH + ROTARY_WIDTH, hidden);
      zeros(gguf, prefix + "attn_kv_a_norm", DType.F32, LATENT_WIDTH);
      zeros(gguf, prefix + "attn_k_b", DType.Q8_0, heads, LATENT_WIDTH, HEAD_WIDTH);
      zeros(gguf, prefix + "attn_v_b", DType.Q8_0, heads, HEAD_WIDTH, LATENT_WIDTH);
    } else {
      zeros(gguf, prefix + "attn_q", DType.Q8_0, (long) heads * HEAD_WIDTH, hidden);
      zeros(gguf, prefix + "attn_k", DType.Q8_0, (long) keyValueHeads() * HEAD_WIDTH, hidden);
      zeros(gguf, prefix + "attn_v", DType.Q8_0, (long) keyValueHeads() * HEAD_WIDTH, hidden);
    }
    zeros(gguf, prefix + "attn_output", DType.Q8_0, hidden, (long) heads * HEAD_WIDTH);
    if (kind == Kind.MIXTURE) {
      zeros(gguf, prefix + "ffn_gate_inp", DType.F32, EXPERTS, hidden);
      zeros(gguf, prefix + "ffn_gate_exps", DType.Q8_0, EXPERTS, feedForward, hidden);
      zeros(gguf, prefix + "ffn_up_exps", DType.Q8_0, EXPERTS, feedForward, hidden);
      zeros(gguf, prefix + "ffn_down_exps", DType.Q8_0, EXPERTS, hidden, feedForward);
    } else {
      zeros(gguf, prefix + "ffn_gate", DType.Q8_0, feedForward, hidden);
      zeros(gguf, prefix + "ffn_up", DType.Q8_0, feedForward, hidden);
      zeros(gguf, prefix + "ffn_down", DType.Q8_0, hidden, feedForward);
    }
  }

  private static void zeros(GgufWriter gguf, String name, DType type, long... extents) {
    Shape shape = Shape.of(extents);
    int bytes = Math.toIntExact(type.bytes(shape.elements()));
    gguf.tensor(name + ".weight", type, shape, channel -> zeros(channel, bytes));
  }

  private static void zeros(WritableByteChannel channel, int bytes) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate(bytes);
    while (zeros.hasRemaining()) {
      channel.write(zeros);
    }
  }
}
