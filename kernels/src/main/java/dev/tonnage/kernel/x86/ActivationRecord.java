package dev.tonnage.kernel.x86;

/**
 * How kernels for generated tokens read activations: a record for each 256 of them, quantised to
 * signed bytes with a scale for each 32.
 *
 * <p>Sixteen lanes of 32 bits each stand for a group of sixteen neighbours; which group a lane has
 * is the format's choice ({@link Unpacker#groups}). A record holds four vectors, of which vector u
 * has in each lane the four bytes 4u … 4u+3 of its group; then each lane's scale, as floats; then
 * each lane's correction: what integer sums start from where the weights have a bias, or the scaled
 * sum of the lane's activations, as floats, where they have minima. Inputs beyond the last are
 * zeros.
 */
final class ActivationRecord {

  /** Inputs of a record. */
  static final int INPUTS = 256;

  /** Where the scales are. */
  static final int SCALES = 256;

  /** Where the corrections are. */
  static final int CORRECTIONS = 320;

  /** Bytes of a record. */
  static final int BYTES = 384;

  private ActivationRecord() {}

  /** Records of a row. */
  static int count(int inputs) {
    return Math.ceilDiv(inputs, INPUTS);
  }
}
