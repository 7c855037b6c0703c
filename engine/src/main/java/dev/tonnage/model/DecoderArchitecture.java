package dev.tonnage.model;

import dev.tonnage.file.Checkpoint;
import dev.tonnage.kernel.Pairing;
import dev.tonnage.nn.GroupedAttention.HeadNorms;
import dev.tonnage.nn.Weights;

/**
 * What a family of {@link Decoder}s has in common.
 *
 * @param pairing which numbers of a head turn together
 * @param headNorms what is normed head by head
 * @param feedForwards which kinds its files may have
 */
record DecoderArchitecture(
    String name, Pairing pairing, HeadNorms headNorms, FeedForwards feedForwards)
    implements Architecture {

  /** Kinds of feed-forwards. */
  enum FeedForwards {
    /** One for all tokens. */
    DENSE,
    /** Experts. */
    MIXTURES,
    /** Either. */
    DENSE_OR_MIXTURES
  }

  @Override
  public Dimensions dimensions(Checkpoint checkpoint) {
    return DecoderSettings.read(checkpoint, this).dimensions();
  }

  @Override
  public Model load(Checkpoint checkpoint, Weights weights) {
    return new Decoder(DecoderSettings.read(checkpoint, this), weights, this);
  }
}
