package dev.tonnage.plan;

import dev.tonnage.cache.KvLayers;
import dev.tonnage.file.ModelHeader;
import dev.tonnage.file.TensorHeader;
import dev.tonnage.model.Dimensions;
import dev.tonnage.nn.AttentionShape;
import dev.tonnage.nn.FeedForwardShape;
import dev.tonnage.tensor.DType;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a model's tokens read and multiply, from its shapes alone. Of experts a step reads those
 * that any of its tokens chose; tokens are taken to choose them independently.
 */
public final class Workload {

  private static final Pattern LAYER = Pattern.compile("blk\\.(\\d{1,6})\\..+");

  /** Whose keys and values of latents (DeepSeek-AI 2024) a prompt is multiplied with. */
  public enum Latents {
    /** The latents themselves, which are wide, for all heads. */
    ABSORBED,
    /** Those of each head, made of the latents. */
    EXPANDED
  }

  /**
   * The weights in one format.
   *
   * @param sharedBytes that every token reads
   * @param expertBytes of all experts
   * @param sharedParameters that every token of a prompt is multiplied with, so not the output's
   * @param expertParameters of all experts
   */
  public record Part(
      DType type,
      long sharedBytes,
      long expertBytes,
      long sharedParameters,
      long expertParameters) {

    private Part plus(Part other) {
      return new Part(
          type,
          sharedBytes + other.sharedBytes,
          expertBytes + other.expertBytes,
          sharedParameters + other.sharedParameters,
          expertParameters + other.expertParameters);
    }
  }

  private final Dimensions dimensions;
  private final long cacheTokenBytes;
  private final Map<DType, Part> parts = new EnumMap<>(DType.class);
  private final int mixtures;
  private final double usedPart;

  private Workload(Dimensions dimensions, KvLayers layers) {
    this.dimensions = dimensions;
    this.cacheTokenBytes = layers.tokenBytes();
    int found = 0;
    double used = 1;
    for (FeedForwardShape each : dimensions.feedForwards()) {
      if (each instanceof FeedForwardShape.Mixture mixture) {
        found++;
        used = (double) mixture.used() / mixture.experts();
      }
    }
    this.mixtures = found;
    this.usedPart = used;
  }

  /**
   * @param layers how keys and values are cached
   */
  public static Workload of(ModelHeader header, Dimensions dimensions, KvLayers layers) {
    var work = new Workload(dimensions, layers);
    boolean isTied = header.tensorHeader("output.weight").isEmpty();
    for (TensorHeader tensor : header.tensorHeaders()) {
      work.part(tensor, isTied)
          .ifPresent(part -> work.parts.merge(tensor.type(), part, Part::plus));
    }
    return work;
  }

  /** What a tensor adds. */
  private Optional<Part> part(TensorHeader tensor, boolean isTied) {
    Matcher layer = LAYER.matcher(tensor.name());
    long bytes = tensor.bytes();
    long parameters = tensor.shape().elements();
    if (!layer.matches()) {
      boolean isEmbedding = tensor.name().equals("token_embd.weight");
      if (isEmbedding && !isTied) {
        return Optional.empty(); // a token reads a row
      }
      boolean isOutput = isEmbedding || tensor.name().equals("output.weight");
      return Optional.of(new Part(tensor.type(), bytes, 0, isOutput ? 0 : parameters, 0));
    }
    if (Integer.parseInt(layer.group(1)) >= dimensions.layers()) {
      return Optional.empty(); // behind a model's layers are those that predict tokens further on
    }
    return Optional.of(
        tensor.name().contains("_exps.")
            ? new Part(tensor.type(), 0, bytes, 0, parameters)
            : new Part(tensor.type(), bytes, 0, parameters, 0));
  }

  /** The weights, by formats. */
  public Collection<Part> parts() {
    return Collections.unmodifiableCollection(parts.values());
  }

  /** Layers without experts. */
  public int denseLayers() {
    return dimensions.layers() - mixtures;
  }

  /** Layers with experts. */
  public int mixtureLayers() {
    return mixtures;
  }

  /** Which part of its experts a token chooses; 1 without experts. */
  public double usedPart() {
    return usedPart;
  }

  /** Bytes of all experts. */
  public long expertBytes() {
    return parts.values().stream().mapToLong(Part::expertBytes).sum();
  }

  /** Parameters that a token is multiplied with, those of its logits among them. */
  public long tokenParameters() {
    return Math.round(promptParameters() + logits());
  }

  private double promptParameters() {
    return parts.values().stream()
        .mapToDouble(part -> part.sharedParameters() + part.expertParameters() * usedPart)
        .sum();
  }

  private double logits() {
    return (double) dimensions.vocabulary() * dimensions.hidden();
  }

  /** Which part of all experts some tokens choose together. */
  double usedPart(int tokens) {
    return 1 - Math.pow(1 - usedPart, tokens);
  }

  /**
   * Bytes of weights that a step reads.
   *
   * @param tokens of the step
   */
  public double weightBytes(int tokens) {
    return parts.values().stream()
        .mapToDouble(part -> part.sharedBytes() + part.expertBytes() * usedPart(tokens))
        .sum();
  }

  /** Bytes of weights that a prompt reads which is computed in chunks of so many tokens. */
  double promptWeightBytes(int tokens, int chunk) {
    int whole = tokens / chunk;
    int rest = tokens % chunk;
    return whole * weightBytes(chunk) + (rest == 0 ? 0 : weightBytes(rest));
  }

  /**
   * Bytes of keys and values that a token reads, its own among them.
   *
   * @param depth tokens before it
   */
  public double cacheBytes(int depth) {
    return (double) dimensions.seenTokens(depth, 1) * cacheTokenBytes / dimensions.layers();
  }

  /**
   * Bytes that a step of generation reads.
   *
   * @param depth tokens before it in each sequence
   * @param sequences that go on together
   */
  public double stepBytes(int depth, int sequences) {
    return weightBytes(sequences) + sequences * cacheBytes(depth);
  }

  /**
   * Multiply-adds of a prompt of so many tokens; of the last alone logits are wanted.
   *
   * @param depth tokens before
   */
  public double promptMultiplyAdds(int depth, int tokens, Latents latents) {
    return tokens * promptParameters() + logits() + attentionMultiplyAdds(depth, tokens, latents);
  }

  /**
   * Multiply-adds of some tokens with keys and values.
   *
   * @param depth tokens before
   */
  double attentionMultiplyAdds(int depth, int tokens, Latents latents) {
    long each =
        dimensions.attention() instanceof AttentionShape.Latent shape && latents == Latents.EXPANDED
            ? (long) shape.heads()
                * (shape.plainWidth() + shape.rotaryWidth() + shape.headValueWidth())
            : dimensions.attentionMultiplyAdds();
    return (double) dimensions.seenTokens(depth, tokens) * each;
  }

  /** Numbers that weights of all layers are multiplied with, for a token. */
  long activations() {
    return dimensions.activations();
  }

  /** Whether keys and values are made of latents. */
  boolean isLatent() {
    return dimensions.attention() instanceof AttentionShape.Latent;
  }
}
