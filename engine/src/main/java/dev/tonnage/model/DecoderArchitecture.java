package dev.tonnage.model;

import dev.tonnage.file.Checkpoint;
import dev.tonnage.file.ModelHeader;
import dev.tonnage.kernel.Pairing;
import dev.tonnage.nn.GroupedAttention.HeadNorms;
import dev.tonnage.nn.Norm;
import dev.tonnage.nn.Weights;

/**
 * What a family of {@link Decoder}s has in common.
 *
 * @param pairing which numbers of a head turn together, in most files
 * @param attention how tokens see each other
 * @param feedForwards which kinds its files may have
 * @param style where its layers are other than most models'
 */
record DecoderArchitecture(
    String name, Pairing pairing, AttentionKind attention, FeedForwards feedForwards, Style style)
    implements Architecture {

  /** Like most models. */
  DecoderArchitecture(
      String name, Pairing pairing, AttentionKind attention, FeedForwards feedForwards) {
    this(name, pairing, attention, feedForwards, Style.USUAL);
  }

  /**
   * What most models have alike.
   *
   * @param norms which kind
   * @param arrangement how the halves of a layer follow each other
   * @param lastLayers what the files' last layers may be for
   */
  record Style(Norm.Kind norms, Arrangement arrangement, LastLayers lastLayers) {

    static final Style USUAL =
        new Style(
            Norm.Kind.ROOT_MEAN_SQUARE, new Arrangement.InTurn("ffn_norm"), LastLayers.LIKE_OTHERS);
  }

  /** How the halves of a layer follow each other. */
  sealed interface Arrangement {

    /**
     * The second reads what the first has added to.
     *
     * @param secondNorm the tensor of the norm before the second
     */
    record InTurn(String secondNorm) implements Arrangement {}

    /** Both read the same (Wang & Komatsuzaki 2021). */
    record Parallel() implements Arrangement {}
  }

  /** Kinds of attention. */
  sealed interface AttentionKind {

    /**
     * Heads that share keys and values in groups.
     *
     * @param norms what is normed head by head
     * @param layers how far tokens see in them
     */
    record Grouped(HeadNorms norms, LayerKinds layers) implements AttentionKind {

      /** Of most models. */
      Grouped(HeadNorms norms) {
        this(norms, LayerKinds.ALIKE);
      }
    }

    /** Keys and values of all heads are made of one latent. */
    record Latent() implements AttentionKind {}
  }

  /**
   * Which numbers of a head turn together in a file.
   *
   * @param layout what the file says of how its numbers lie
   */
  Pairing pairing(String layout) {
    // converters move Llama's pairs together; where nothing was moved they are a half apart
    return name.equals("llama") && layout.equals("reference") ? Pairing.HALVES : pairing;
  }

  /** How far tokens see in layers. */
  enum LayerKinds {
    /** They see everything. */
    ALIKE,
    /**
     * A window in every second layer, the first among them, and everything in the others; a score
     * that no token has takes its share in all.
     */
    ALTERNATING_WITH_SINKS,
    /** Three layers of chunks, then one that sees everything and does not turn. */
    CHUNKS_THEN_EVERYTHING
  }

  /** What the last layers are for. */
  enum LastLayers {
    LIKE_OTHERS,
    /** Some may predict tokens further on (Gloeckle et al. 2024), and are not used here. */
    PREDICTION
  }

  /** Kinds of feed-forwards. */
  enum FeedForwards {
    /** One for all tokens. */
    DENSE,
    /** Experts. */
    MIXTURES,
    /** Experts, by a gate that the file says and with biases. */
    BIASED_MIXTURES,
    /** Experts with biases and a gate that is clamped. */
    CLAMPED_MIXTURES,
    /**
     * Experts in every so manieth layer, chosen by sigmoid, which get tokens times their share,
     * beside one that all tokens share.
     */
    INTERLEAVED_MIXTURES,
    /** Either. */
    DENSE_OR_MIXTURES,
    /**
     * The first layers dense, the others experts, of which all tokens may share one; chosen by
     * softmax where the file does not say it.
     */
    DENSE_THEN_SOFTMAX_MIXTURES,
    /** The same, chosen by sigmoid where the file does not say it. */
    DENSE_THEN_SIGMOID_MIXTURES
  }

  @Override
  public Dimensions dimensions(ModelHeader header) {
    return DecoderSettings.read(header, this).dimensions();
  }

  @Override
  public Model load(Checkpoint checkpoint, Weights weights) {
    return new Decoder(DecoderSettings.read(checkpoint, this), weights, this);
  }
}
