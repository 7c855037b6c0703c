package dev.tonnage.cli;

import dev.tonnage.file.GgufValue;
import dev.tonnage.file.GgufWriter;
import dev.tonnage.kernel.KernelChoice;
import dev.tonnage.kernel.Level;
import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the JVM watches when the program is built, to know it at later starts (JEP 483, 515): the
 * model inside, and one whose vocabulary and weights are read as those of large models are, at each
 * level. It is nothing that a user would call.
 */
final class Rehearsal {

  private static final int TOKENS = 32_768;
  private static final int HIDDEN = 256;
  private static final int NORMAL = 1;
  private static final int CONTROL = 3;

  private final List<String> tokens = new ArrayList<>();
  private final List<String> merges = new ArrayList<>();

  private Rehearsal() {
    // all pairs of printable characters, then each pair with one more
    for (char character = '!'; character <= '~'; character++) {
      tokens.add("" + character);
    }
    int characters = tokens.size();
    for (int left = 0; tokens.size() < TOKENS - 1; left++) {
      for (int right = 0; right < characters && tokens.size() < TOKENS - 1; right++) {
        merges.add(tokens.get(left) + " " + tokens.get(right));
        tokens.add(tokens.get(left) + tokens.get(right));
      }
    }
    tokens.add("<|begin|>");
  }

  /** Runs models. */
  public static void main(String[] arguments) throws IOException {
    Path file = Files.createTempFile("tonnage-rehearsal", ".gguf");
    try {
      new Rehearsal().writer().write(file);
      for (Level level : KernelChoice.levels()) {
        System.setProperty(KernelChoice.PROPERTY, level.word());
        run("Once upon a time");
        run("-m", file.toString(), "Once upon a time");
      }
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static void run(String... arguments) {
    var all = new ArrayList<>(List.of("run", "-n", "64", "--temp", "0"));
    all.addAll(List.of(arguments));
    int code = Main.run(Terminal.system(), all.toArray(new String[0]));
    if (code != ExitCode.SUCCESS.number()) {
      throw new IllegalStateException("a rehearsal ended with " + code);
    }
  }

  private GgufWriter writer() {
    int[] types = new int[TOKENS];
    Arrays.fill(types, NORMAL);
    types[TOKENS - 1] = CONTROL;
    var file =
        new GgufWriter()
            .put("general.architecture", GgufValue.text("llama"))
            .put("llama.context_length", GgufValue.uint32(1024))
            .put("llama.embedding_length", GgufValue.uint32(HIDDEN))
            .put("llama.block_count", GgufValue.uint32(1))
            .put("llama.feed_forward_length", GgufValue.uint32(HIDDEN))
            .put("llama.attention.head_count", GgufValue.uint32(4))
            .put("llama.attention.head_count_kv", GgufValue.uint32(2))
            .put("llama.attention.layer_norm_rms_epsilon", GgufValue.float32(1e-5f))
            .put("tokenizer.ggml.model", GgufValue.text("gpt2"))
            .put("tokenizer.ggml.pre", GgufValue.text("llama-bpe"))
            .put("tokenizer.ggml.tokens", GgufValue.texts(tokens))
            .put("tokenizer.ggml.token_type", GgufValue.int32s(types))
            .put("tokenizer.ggml.merges", GgufValue.texts(merges))
            .put("tokenizer.ggml.bos_token_id", GgufValue.uint32(TOKENS - 1));
    zeros(file, "token_embd", DType.Q6_K, TOKENS, HIDDEN);
    zeros(file, "output_norm", DType.F32, HIDDEN);
    zeros(file, "blk.0.attn_norm", DType.F32, HIDDEN);
    zeros(file, "blk.0.attn_q", DType.Q4_K, HIDDEN, HIDDEN);
    zeros(file, "blk.0.attn_k", DType.Q8_0, HIDDEN / 2, HIDDEN);
    zeros(file, "blk.0.attn_v", DType.Q6_K, HIDDEN / 2, HIDDEN);
    zeros(file, "blk.0.attn_output", DType.Q4_K, HIDDEN, HIDDEN);
    zeros(file, "blk.0.ffn_norm", DType.F32, HIDDEN);
    zeros(file, "blk.0.ffn_gate", DType.Q4_K, HIDDEN, HIDDEN);
    zeros(file, "blk.0.ffn_up", DType.Q4_K, HIDDEN, HIDDEN);
    zeros(file, "blk.0.ffn_down", DType.Q6_K, HIDDEN, HIDDEN);
    return file;
  }

  private static void zeros(GgufWriter file, String name, DType type, long... extents) {
    Shape shape = Shape.of(extents);
    int bytes = Math.toIntExact(type.bytes(shape.elements()));
    file.tensor(name + ".weight", type, shape, channel -> zeros(channel, bytes));
  }

  private static void zeros(WritableByteChannel channel, int bytes) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate(bytes);
    while (zeros.hasRemaining()) {
      channel.write(zeros);
    }
  }
}
