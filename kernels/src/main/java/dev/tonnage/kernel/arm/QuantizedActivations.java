package dev.tonnage.kernel.arm;

import dev.tonnage.kernel.Memory;

/**
 * A token's activations as the kernels of this package read them: bytes with a scale for every 32
 * of them, so x ≈ d · q. A record of 160 bytes holds 128 activations in four blocks of 32:
 *
 * <ul>
 *   <li>bytes 0-127: q, signed, −127…127;
 *   <li>bytes 128-143: four floats d, the scales of the blocks: the largest magnitude over 127;
 *   <li>bytes 144-159: four floats d · Σq, which are multiplied with the minima of formats that
 *       have some.
 * </ul>
 *
 * <p>Blocks beyond the last one are zeros, so that a kernel always reads whole records.
 */
final class QuantizedActivations {

  /** Activations that share a scale. */
  static final int BLOCK = 32;

  /** Blocks of a record. */
  static final int BLOCKS = 4;

  /** Bytes of a record. */
  static final int BYTES = 160;

  /** Where a record has its scales. */
  static final int SCALES = 128;

  /** Where a record has its sums. */
  static final int SUMS = 144;

  private QuantizedActivations() {}

  /**
   * Bytes of so many activations.
   *
   * @param elements a multiple of 32
   */
  static long bytes(long elements) {
    return Math.ceilDiv(elements, BLOCK * BLOCKS) * BYTES;
  }

  /**
   * Quantises activations to the nearest, halves to even. One that is not finite makes the scale of
   * its block infinite or no number, and so every result.
   *
   * @param x address of floats
   * @param elements a multiple of 32
   * @param out address of {@link #bytes} bytes
   */
  static void quantize(long x, long elements, long out) {
    long whole = Math.ceilDiv(elements, BLOCK * BLOCKS) * BLOCKS;
    for (long block = 0; block < whole; block++) {
      long record = out + block / BLOCKS * BYTES;
      long place = block % BLOCKS;
      boolean exists = block * BLOCK < elements;
      float d = exists ? scale(x + 4 * block * BLOCK) : 0;
      int sum = 0;
      for (int k = 0; k < BLOCK; k++) {
        int q = exists ? quantum(Memory.f32(x + 4 * (block * BLOCK + k)), d) : 0;
        Memory.i8(record + BLOCK * place + k, (byte) q);
        sum += q;
      }
      Memory.f32(record + SCALES + 4 * place, d);
      Memory.f32(record + SUMS + 4 * place, d * sum);
    }
  }

  private static float scale(long x) {
    float largest = 0;
    for (int k = 0; k < BLOCK; k++) {
      largest = Math.max(largest, Math.abs(Memory.f32(x + 4L * k)));
    }
    return largest / 127;
  }

  private static int quantum(float x, float d) {
    // a scale that is subnormal is too coarse for its block, or has become zero
    return d == 0 ? 0 : Math.clamp((int) Math.rint(x / d), -127, 127);
  }
}
