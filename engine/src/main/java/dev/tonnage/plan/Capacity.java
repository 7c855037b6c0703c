package dev.tonnage.plan;

import dev.tonnage.cache.KvLayers;
import dev.tonnage.cache.KvLayout;
import dev.tonnage.error.BadRequest;
import dev.tonnage.kernel.Cpu;
import dev.tonnage.kernel.Demand;
import dev.tonnage.kernel.Kernels;
import dev.tonnage.model.Dimensions;
import dev.tonnage.nn.AttentionShape;
import dev.tonnage.tensor.DType;

/**
 * How much a model does at once, as its settings ask: tokens of a context, sequences, tokens of a
 * step; and the memory for that.
 */
public final class Capacity {

  /** Prompt tokens of a step: enough that reading the weights is the smaller part. */
  public static final int CHUNK_TOKENS = 512;

  /** Tokens of a step whose logits memory is planned for: they are many megabytes. */
  public static final int LOGITS_CHUNK_TOKENS = 32;

  private final Dimensions dimensions;
  private final LoadSettings settings;
  private final int contextTokens;
  private final KvLayers layers;
  private final int mostWanted;

  /**
   * @param name the model's, for messages
   * @throws BadRequest for a context that the model cannot have, or a cache whose blocks do not
   *     divide a head
   */
  public Capacity(String name, Dimensions dimensions, LoadSettings settings) {
    this.dimensions = dimensions;
    this.settings = settings;
    this.contextTokens = contextTokens(name);
    AttentionShape attention = dimensions.attention();
    requireWholeBlocks(name, "keys", attention.keyWidth(), settings.keyType());
    requireWholeBlocks(name, "values", attention.valueWidth(), settings.valueType());
    requireOneType(name, attention);
    this.layers = dimensions.cacheLayers(settings.keyType(), settings.valueType());
    this.mostWanted = wantedThatFit();
  }

  private int contextTokens(String name) {
    int trained = dimensions.contextTokens();
    int wanted =
        settings.contextTokens().orElse(Math.min(trained, LoadSettings.DEFAULT_CONTEXT_TOKENS));
    if (wanted < 1 || wanted > trained) {
      throw new BadRequest(
          "context",
          "from 1 to the " + trained + " tokens that " + name + " can attend to",
          wanted + "",
          "name a number between them");
    }
    return wanted;
  }

  /** Each head's numbers are blocks of their own, so that heads can be read apart. */
  private static void requireWholeBlocks(String name, String what, int width, DType type) {
    if (width % type.blockElements() != 0) {
      throw new BadRequest(
          "cache of " + what,
          "a type whose blocks divide the " + width + " numbers of a head of " + name,
          type + " with blocks of " + type.blockElements(),
          "use F16");
    }
  }

  private void requireOneType(String name, AttentionShape attention) {
    if (attention instanceof AttentionShape.Latent && settings.keyType() != settings.valueType()) {
      throw new BadRequest(
          "cache of values",
          settings.keyType() + " as of keys, which values of " + name + " are part of",
          settings.valueType() + "",
          "give both one type");
    }
  }

  /** What was asked for. */
  public LoadSettings settings() {
    return settings;
  }

  /** Tokens a session may hold. */
  public int contextTokens() {
    return contextTokens;
  }

  /** The most that a session could hold: what the model was trained for. */
  public int trainedTokens() {
    return dimensions.contextTokens();
  }

  /** Sequences that may go on together. */
  public int streams() {
    return settings.streams();
  }

  /** How keys and values are cached. */
  public KvLayers layers() {
    return layers;
  }

  /** Bytes of all sequences' keys and values in full contexts. */
  public long cacheBytes() {
    return streams() * layers.bytes(contextTokens);
  }

  /** Tokens of the largest step: a piece of a prompt, or one token of each sequence. */
  private int mostStepTokens() {
    return Math.max(Math.min(contextTokens, CHUNK_TOKENS), streams());
  }

  /** Of the largest step. */
  public long activationBytes() {
    int most = mostStepTokens();
    int wanted = Math.max(Math.min(most, LOGITS_CHUNK_TOKENS), streams());
    return dimensions.activationBytes(most, wanted);
  }

  /**
   * Tokens of a step whose logits fit into the planned activations: where layers are wide and the
   * vocabulary is small, more than the plan counts.
   */
  public int mostWanted() {
    return mostWanted;
  }

  private int wantedThatFit() {
    int chunk = Math.min(contextTokens, CHUNK_TOKENS);
    int wanted = chunk;
    while (dimensions.activationBytes(chunk, wanted) > activationBytes()) {
      wanted--;
    }
    return wanted;
  }

  /** The memory for all of it, of what a machine gives. */
  public MemoryPlan plan(long weightBytes, Kernels kernels, Budget budget) {
    return new MemoryPlan(
        weightBytes + dimensions.copiedBytes(),
        cacheBytes(),
        scratchBytes(kernels),
        MemoryPlan.PROGRAM_BYTES,
        budget);
  }

  private long scratchBytes(Kernels kernels) {
    AttentionShape attention = dimensions.attention();
    var demand =
        new Demand(
            dimensions.inputs(mostStepTokens()),
            attention.heads() / attention.keyValueHeads(),
            attention.keyWidth(),
            attention.valueWidth(),
            KvLayout.BLOCK_TOKENS,
            contextTokens);
    return activationBytes() + Cpu.mostScratchBytes(kernels, settings.threads(), demand);
  }
}
