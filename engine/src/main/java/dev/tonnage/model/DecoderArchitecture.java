package dev.tonnage.model;

import dev.tonnage.file.Checkpoint;
import dev.tonnage.kernel.Pairing;
import dev.tonnage.nn.GroupedAttention.HeadNorms;
import dev.tonnage.nn.Weights;

/**
 * What a family of {@link Decoder}s has in common.
 *
 * @param pairing which numbers of a head turn together
 * @param attention how tokens see each other
 * @param feedForwards which kinds its files may have
 */
record DecoderArchitecture(
    String name, Pairing pairing, AttentionKind attention, FeedForwards feedForwards)
    implements Architecture {

  /** Kinds of attention. */
  sealed interface AttentionKind {

    /**
     * Heads that share keys and values in groups.
     *
     * @param norms what is normed head by head
     */
    record Grouped(HeadNorms norms) implements AttentionKind {}

    /** Keys and values of all heads are made of one latent. */
    record Latent() implements AttentionKind {}
  }

  /** Kinds of feed-forwards. */
  enum FeedForwards {
    /** One for all tokens. */
    DENSE,
    /** Experts. */
    MIXTURES,
    /** Either. */
    DENSE_OR_MIXTURES,
    /** The first layers dense, the others experts, of which all tokens may share one. */
    DENSE_THEN_MIXTURES
  }

  @Override
  public Dimensions dimensions(Checkpoint checkpoint) {
    return DecoderSettings.read(checkpoint, this).dimensions();
  }

  @Override
  public Model load(Checkpoint checkpoint, Weights weights) {
    return new Decoder(DecoderSettings.read(checkpoint, this), weights, pairing);
  }
}
