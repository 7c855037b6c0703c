package dev.tonnage.model;

import dev.tonnage.file.GgufValue;
import dev.tonnage.file.GgufWriter;
import dev.tonnage.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A small random model of architecture {@code llama} or one like it, the same bytes everywhere.
 * Start from {@link #named}, change what matters, {@link #write}. The models that another engine's
 * outputs are recorded for are in {@link TinyLlamas}.
 *
 * @param name the file's name without its ending
 * @param architecture {@code general.architecture} and the first part of the keys
 * @param extra tensors that most models do not have
 */
public record TinyLlama(
    String name,
    String architecture,
    long seed,
    Sizes sizes,
    Heads heads,
    Rope rope,
    Stream stream,
    Output output,
    Set<Extra> extra,
    Experts experts,
    Storage storage,
    int promptTokens) {

  /**
   * How much of everything.
   *
   * @param contextTokens what the file says it was trained for
   */
  public record Sizes(
      int layers, int hidden, int feedForward, int vocabulary, long contextTokens) {}

  /** Query heads, the key/value heads they share, and the widths of a key and a value. */
  public record Heads(int queries, int keyValues, int keyWidth, int valueWidth) {

    /** Keys and values of one width. */
    public Heads(int queries, int keyValues, int width) {
      this(queries, keyValues, width, width);
    }
  }

  /**
   * Rotary embedding.
   *
   * @param width numbers of a head that are rotated, from its start
   * @param factors what each pair's frequency is divided by; empty for none
   */
  public record Rope(float base, int width, Scaling scaling, List<Float> factors) {}

  /** How positions beyond the trained context are squeezed into it. */
  public sealed interface Scaling {

    /** Not at all. */
    record None() implements Scaling {}

    /** Positions divided by a factor. */
    record Linear(float factor) implements Scaling {}

    /** YaRN; the attention factor multiplies the magnitude that follows from the factor. */
    record Yarn(float factor, int originalContextTokens, float attentionFactor)
        implements Scaling {}
  }

  /**
   * The stream of activations that every block adds to.
   *
   * @param embeddingDeviation standard deviation of the embeddings' numbers, which what the blocks
   *     add follows
   */
  public record Stream(float normEpsilon, double embeddingDeviation) {}

  /** Whether the output matrix is one of its own or the embedding's. */
  public enum Output {
    TIED,
    UNTIED
  }

  /** Tensors that a {@code llama} file may have and most have not. */
  public enum Extra {
    QUERY_KEY_VALUE_BIASES,
    ATTENTION_OUTPUT_BIAS,
    FEED_FORWARD_BIASES,
    /** Queries and keys are normed head by head. */
    HEAD_NORMS,
    /** One matrix {@code attn_qkv} in place of three. */
    FUSED_QUERY_KEY_VALUE
  }

  /**
   * Feed-forwards of which each token takes some.
   *
   * @param count 0 where there is one for all tokens
   * @param width numbers inside of each
   * @param scale what their shares are multiplied with
   */
  public record Experts(int count, int used, int width, float scale) {

    /** One feed-forward for all tokens. */
    public static final Experts NONE = new Experts(0, 0, 0, 1);
  }

  /** What matrices are stored as; vectors are F32. */
  public enum Storage {
    F32(0, DType.F32),
    F16(1, DType.F16),
    BF16(32, DType.BF16),
    Q8_0(7, DType.Q8_0),
    Q6_K(18, DType.Q6_K),
    Q4_K(14, DType.Q4_K),
    /** Q4_K, but Q6_K for the output matrix and half of the values and down projections. */
    Q4_K_M(15, DType.Q4_K);

    private final int fileType;
    private final DType matrices;

    Storage(int fileType, DType matrices) {
      this.fileType = fileType;
      this.matrices = matrices;
    }

    DType matrices() {
      return matrices;
    }

    /** For the matrices that a mix gives more bits. */
    DType delicate() {
      return this == Q4_K_M ? DType.Q6_K : matrices;
    }
  }

  /** Two layers, 64 numbers wide, four heads that share two, F32: 0.4 MB. */
  public static TinyLlama named(String name) {
    return new TinyLlama(
        name,
        "llama",
        20261,
        new Sizes(2, 64, 96, 288, 256),
        new Heads(4, 2, 16),
        new Rope(10000, 16, new Scaling.None(), List.of()),
        new Stream(1e-5f, 1),
        Output.UNTIED,
        Set.of(),
        Experts.NONE,
        Storage.F32,
        40);
  }

  /** Begin of sequence, then random ids. */
  public List<Integer> prompt() {
    var random = SplitMix64.of(seed, "prompt");
    var ids = new ArrayList<>(List.of(TinyVocabulary.BOS));
    while (ids.size() < promptTokens) {
      int choices = sizes.vocabulary - TinyVocabulary.FIRST_BYTE;
      ids.add(TinyVocabulary.FIRST_BYTE + random.below(choices));
    }
    return ids;
  }

  /** Every tensor, in the file's order. */
  public List<TinyWeight> weights() {
    return new TinyWeights(this).all();
  }

  /** Writes the GGUF file. */
  public void write(Path path) {
    write(weights(), storage, path);
  }

  /** Writes the file whose F32 numbers are those that the blocks of {@link #write}'s file mean. */
  public void writeDequantised(Path path) {
    write(weights().stream().map(TinyWeight::dequantised).toList(), Storage.F32, path);
  }

  private void write(List<TinyWeight> weights, Storage as, Path path) {
    var file = new GgufWriter();
    putMetadata(as, file);
    TinyVocabulary.put(sizes.vocabulary, file);
    for (TinyWeight weight : weights) {
      file.tensor(
          weight.name(), weight.type(), weight.shape(), MemorySegment.ofArray(weight.bytes()));
    }
    file.write(path);
  }

  private void putMetadata(Storage as, GgufWriter file) {
    file.put("general.architecture", GgufValue.text(architecture))
        .put("general.name", GgufValue.text(name))
        .put("general.file_type", GgufValue.uint32(as.fileType))
        .put("general.quantization_version", GgufValue.uint32(2))
        .put(key("block_count"), GgufValue.uint32(sizes.layers))
        .put(key("context_length"), GgufValue.uint32(sizes.contextTokens))
        .put(key("embedding_length"), GgufValue.uint32(sizes.hidden))
        .put(key("feed_forward_length"), GgufValue.uint32(sizes.feedForward))
        .put(key("vocab_size"), GgufValue.uint32(sizes.vocabulary))
        .put(key("attention.head_count"), GgufValue.uint32(heads.queries))
        .put(key("attention.head_count_kv"), GgufValue.uint32(heads.keyValues))
        .put(key("attention.layer_norm_rms_epsilon"), GgufValue.float32(stream.normEpsilon))
        .put(key("rope.dimension_count"), GgufValue.uint32(rope.width))
        .put(key("rope.freq_base"), GgufValue.float32(rope.base));
    int width = sizes.hidden / heads.queries; // what a file without the keys means
    if (heads.keyWidth != width || heads.valueWidth != width) {
      file.put(key("attention.key_length"), GgufValue.uint32(heads.keyWidth))
          .put(key("attention.value_length"), GgufValue.uint32(heads.valueWidth));
    }
    if (experts.count > 0) {
      file.put(key("expert_count"), GgufValue.uint32(experts.count))
          .put(key("expert_used_count"), GgufValue.uint32(experts.used));
      if (experts.width != sizes.feedForward) {
        file.put(key("expert_feed_forward_length"), GgufValue.uint32(experts.width));
      }
      if (experts.scale != 1) {
        file.put(key("expert_weights_scale"), GgufValue.float32(experts.scale));
      }
    }
    switch (rope.scaling) {
      case Scaling.None() -> {}
      case Scaling.Linear(float factor) ->
          file.put(key("rope.scaling.type"), GgufValue.text("linear"))
              .put(key("rope.scaling.factor"), GgufValue.float32(factor));
      case Scaling.Yarn(float factor, int original, float attention) -> {
        file.put(key("rope.scaling.type"), GgufValue.text("yarn"))
            .put(key("rope.scaling.factor"), GgufValue.float32(factor))
            .put(key("rope.scaling.original_context_length"), GgufValue.uint32(original));
        if (attention != 1) {
          file.put(key("rope.scaling.attn_factor"), GgufValue.float32(attention));
        }
      }
    }
  }

  private String key(String rest) {
    return architecture + "." + rest;
  }

  /** The same under another name. */
  public TinyLlama withName(String name) {
    return new TinyLlama(
        name,
        architecture,
        seed,
        sizes,
        heads,
        rope,
        stream,
        output,
        extra,
        experts,
        storage,
        promptTokens);
  }

  /** The same under another architecture's name. */
  public TinyLlama withArchitecture(String architecture) {
    return new TinyLlama(
        name,
        architecture,
        seed,
        sizes,
        heads,
        rope,
        stream,
        output,
        extra,
        experts,
        storage,
        promptTokens);
  }

  /** The same with other weights and another prompt. */
  public TinyLlama withSeed(long seed) {
    return new TinyLlama(
        name,
        architecture,
        seed,
        sizes,
        heads,
        rope,
        stream,
        output,
        extra,
        experts,
        storage,
        promptTokens);
  }

  /** The same with other sizes. */
  public TinyLlama withSizes(Sizes sizes) {
    return new TinyLlama(
        name,
        architecture,
        seed,
        sizes,
        heads,
        rope,
        stream,
        output,
        extra,
        experts,
        storage,
        promptTokens);
  }

  /** The same with other heads; the rotated width follows. */
  public TinyLlama withHeads(Heads heads) {
    return new TinyLlama(
        name,
        architecture,
        seed,
        sizes,
        heads,
        rope,
        stream,
        output,
        extra,
        experts,
        storage,
        promptTokens);
  }

  /** The same with another rotary embedding. */
  public TinyLlama withRope(Rope rope) {
    return new TinyLlama(
        name,
        architecture,
        seed,
        sizes,
        heads,
        rope,
        stream,
        output,
        extra,
        experts,
        storage,
        promptTokens);
  }

  /** The same with another stream. */
  public TinyLlama withStream(Stream stream) {
    return new TinyLlama(
        name,
        architecture,
        seed,
        sizes,
        heads,
        rope,
        stream,
        output,
        extra,
        experts,
        storage,
        promptTokens);
  }

  /** The same with another output matrix. */
  public TinyLlama withOutput(Output output) {
    return new TinyLlama(
        name,
        architecture,
        seed,
        sizes,
        heads,
        rope,
        stream,
        output,
        extra,
        experts,
        storage,
        promptTokens);
  }

  /** The same with other extra tensors. */
  public TinyLlama withExtra(Set<Extra> extra) {
    return new TinyLlama(
        name,
        architecture,
        seed,
        sizes,
        heads,
        rope,
        stream,
        output,
        extra,
        experts,
        storage,
        promptTokens);
  }

  /** The same with experts. */
  public TinyLlama withExperts(Experts experts) {
    return new TinyLlama(
        name,
        architecture,
        seed,
        sizes,
        heads,
        rope,
        stream,
        output,
        extra,
        experts,
        storage,
        promptTokens);
  }

  /** The same stored otherwise. */
  public TinyLlama withStorage(Storage storage) {
    return new TinyLlama(
        name,
        architecture,
        seed,
        sizes,
        heads,
        rope,
        stream,
        output,
        extra,
        experts,
        storage,
        promptTokens);
  }

  /** The same with a longer or shorter prompt. */
  public TinyLlama withPromptTokens(int promptTokens) {
    return new TinyLlama(
        name,
        architecture,
        seed,
        sizes,
        heads,
        rope,
        stream,
        output,
        extra,
        experts,
        storage,
        promptTokens);
  }
}
