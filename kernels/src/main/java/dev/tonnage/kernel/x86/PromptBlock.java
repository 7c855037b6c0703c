package dev.tonnage.kernel.x86;

/**
 * How kernels for prompts read activations: 32 of them, quantised to signed bytes in their own
 * order; their scale, which the blocks of a {@link PromptTile#span} have in common; and for each
 * {@link Grouping group} of weights that they meet a correction: 32 bits that integer sums start
 * from where the weights have a bias, or the sum of the group's bytes, a float, where they have
 * minima. Where a {@link PromptTile} has biases, there is one correction: less the sums of either
 * sixteen bytes, in 16 bits each.
 */
final class PromptBlock {

  /** Where the scale is. */
  static final int SCALE = 32;

  /** Where the first correction is; the second follows. */
  static final int CORRECTIONS = 36;

  /** Bytes of a block. */
  static final int BYTES = 48;

  private PromptBlock() {}

  /** Bytes of a token's activations, whole lines. */
  static long bytes(int inputs) {
    return (inputs / 32 * (long) BYTES + 63) & -64;
  }
}
