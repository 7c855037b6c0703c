package dev.tonnage.model;

import dev.tonnage.file.GgufWriter;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A small random model of architecture {@code llama} or one like it, the same bytes everywhere.
 * Start from {@link #named}, change what matters, {@link #write}. The models that another engine's
 * outputs are recorded for are in {@link TinyLlamas}.
 *
 * @param name the file's name without its ending
 * @param architecture {@code general.architecture} and the first part of the keys
 * @param extra tensors that most models do not have
 * @param latent what keys and values are made of, where heads do not have their own
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
    Optional<Latent> latent,
    Experts experts,
    TinyStorage storage,
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
    record Yarn(float factor, int originalContextTokens, float attentionFactor, float logMultiplier)
        implements Scaling {

      /** Without a log multiplier, which only latent attention has. */
      public Yarn(float factor, int originalContextTokens, float attentionFactor) {
        this(factor, originalContextTokens, attentionFactor, 0);
      }
    }
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
    /** All queries are normed as one row, and all keys. */
    JOINT_NORMS,
    /** A layer behind the others that predicts one token further. */
    PREDICTION_LAYER,
    /** The file says that only every third layer sees everything. */
    PERIOD_OF_THREE,
    /** One matrix {@code attn_qkv} in place of three. */
    FUSED_QUERY_KEY_VALUE
  }

  /**
   * Feed-forwards of which each token takes some.
   *
   * @param count 0 where there is one for all tokens
   * @param width numbers inside of each
   * @param choice how they are chosen
   */
  public record Experts(int count, int used, int width, ExpertChoice choice) {

    /** One feed-forward for all tokens. */
    public static final Experts NONE = new Experts(0, 0, 0);

    /** Those with the best scores, whose shares sum to one; every layer has experts alone. */
    public Experts(int count, int used, int width) {
      this(count, used, width, ExpertChoice.SOFTMAX);
    }
  }

  /**
   * How experts are chosen, and what there is beside them.
   *
   * @param gate as a file says it; 0 where it says nothing
   * @param groups 0 for none
   * @param norm whether a file says that shares sum to one
   * @param scale of shares; 0 where the file says nothing
   * @param biasDeviation of the experts' biases; 0 for none
   * @param shared how many experts wide the one is that all tokens use
   * @param leadingDense layers without experts
   * @param interleaved of so many layers behind them the last has experts
   */
  public record ExpertChoice(
      int gate,
      int groups,
      int usedGroups,
      Norm norm,
      float scale,
      double biasDeviation,
      int shared,
      int leadingDense,
      int interleaved) {

    /** Experts in all layers behind the dense ones. */
    public ExpertChoice(
        int gate,
        int groups,
        int usedGroups,
        Norm norm,
        float scale,
        double biasDeviation,
        int shared,
        int leadingDense) {
      this(gate, groups, usedGroups, norm, scale, biasDeviation, shared, leadingDense, 1);
    }

    /** Of most mixtures. */
    public static final ExpertChoice SOFTMAX = new ExpertChoice(0, 0, 0, Norm.UNSAID, 0, 0, 0, 0);

    /** What a file says of the sum of shares. */
    public enum Norm {
      /** Nothing. */
      UNSAID,
      ANY_SUM,
      SUM_OF_ONE
    }
  }

  /**
   * Latent attention; of {@link Heads} it has the queries, and the widths of a head's key, what
   * turns included, and value.
   *
   * @param queryRank 0 where queries are made of the stream
   * @param width numbers of a latent
   * @param matrices how the file has what makes keys and values of it
   */
  public record Latent(int queryRank, int width, Matrices matrices) {

    /** What makes keys and values of a latent. */
    public enum Matrices {
      /** Apart, keys' turned, and widths of the cache in the metadata. */
      APART,
      /** One matrix of both, head by head, as older files have. */
      JOINED,
      /** Apart and joined. */
      BOTH
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
        Optional.empty(),
        Experts.NONE,
        TinyStorage.F32,
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

  /** Whether both halves of a layer read the same, after one layer norm. */
  boolean isParallel() {
    return architecture.equals("command-r");
  }

  /** Whether every second layer has a window, and all have sinks and experts with biases. */
  boolean isGptOss() {
    return architecture.equals("gpt-oss");
  }

  /**
   * Whether tokens see chunks in three of four layers, and experts get tokens times their share.
   */
  boolean isLlama4() {
    return architecture.equals("llama4");
  }

  /** Layers from one that sees everything to the next. */
  int windowPeriod() {
    return extra.contains(Extra.PERIOD_OF_THREE) ? 3 : 2;
  }

  /** The norm before feed-forwards. */
  String feedForwardNorm() {
    return architecture.equals("glm4moe") || isGptOss() ? "post_attention_norm" : "ffn_norm";
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
    write(weights().stream().map(TinyWeight::dequantised).toList(), TinyStorage.F32, path);
  }

  private void write(List<TinyWeight> weights, TinyStorage as, Path path) {
    var file = new GgufWriter();
    new TinyMetadata(this).put(as, file);
    TinyVocabulary.put(sizes.vocabulary, file);
    for (TinyWeight weight : weights) {
      file.tensor(
          weight.name(), weight.type(), weight.shape(), MemorySegment.ofArray(weight.bytes()));
    }
    file.write(path);
  }

  /** A model's parts, of which some become others. */
  private final class Changed {
    private String name = TinyLlama.this.name;
    private String architecture = TinyLlama.this.architecture;
    private long seed = TinyLlama.this.seed;
    private Sizes sizes = TinyLlama.this.sizes;
    private Heads heads = TinyLlama.this.heads;
    private Rope rope = TinyLlama.this.rope;
    private Stream stream = TinyLlama.this.stream;
    private Output output = TinyLlama.this.output;
    private Set<Extra> extra = TinyLlama.this.extra;
    private Optional<Latent> latent = TinyLlama.this.latent;
    private Experts experts = TinyLlama.this.experts;
    private TinyStorage storage = TinyLlama.this.storage;
    private int promptTokens = TinyLlama.this.promptTokens;

    private TinyLlama model() {
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
          latent,
          experts,
          storage,
          promptTokens);
    }
  }

  private TinyLlama with(Consumer<Changed> change) {
    var changed = new Changed();
    change.accept(changed);
    return changed.model();
  }

  /** The same under another name. */
  public TinyLlama withName(String name) {
    return with(changed -> changed.name = name);
  }

  /** The same under another architecture's name. */
  public TinyLlama withArchitecture(String architecture) {
    return with(changed -> changed.architecture = architecture);
  }

  /** The same with other weights and another prompt. */
  public TinyLlama withSeed(long seed) {
    return with(changed -> changed.seed = seed);
  }

  /** The same with other sizes. */
  public TinyLlama withSizes(Sizes sizes) {
    return with(changed -> changed.sizes = sizes);
  }

  /** The same with other heads; the rotated width stays. */
  public TinyLlama withHeads(Heads heads) {
    return with(changed -> changed.heads = heads);
  }

  /** The same with another rotary embedding. */
  public TinyLlama withRope(Rope rope) {
    return with(changed -> changed.rope = rope);
  }

  /** The same with another stream. */
  public TinyLlama withStream(Stream stream) {
    return with(changed -> changed.stream = stream);
  }

  /** The same with another output matrix. */
  public TinyLlama withOutput(Output output) {
    return with(changed -> changed.output = output);
  }

  /** The same with other extra tensors. */
  public TinyLlama withExtra(Set<Extra> extra) {
    return with(changed -> changed.extra = extra);
  }

  /** The same with latent attention. */
  public TinyLlama withLatent(Latent latent) {
    return with(changed -> changed.latent = Optional.of(latent));
  }

  /** The same with experts. */
  public TinyLlama withExperts(Experts experts) {
    return with(changed -> changed.experts = experts);
  }

  /** The same stored otherwise. */
  public TinyLlama withStorage(TinyStorage storage) {
    return with(changed -> changed.storage = storage);
  }

  /** The same with a longer or shorter prompt. */
  public TinyLlama withPromptTokens(int promptTokens) {
    return with(changed -> changed.promptTokens = promptTokens);
  }
}
