package dev.tonnage.kernel.arm;

import dev.tonnage.kernel.Memory;

/** What a {@link DecodeKernel} computes, one number at a time, in the same order. */
final class DecodeTwin {

  private DecodeTwin() {}

  /**
   * A row times a token's activations.
   *
   * @param row address of the row's blocks
   * @param elements weights in the row
   * @param x address of {@link QuantizedActivations}
   */
  static float dot(Format format, long row, long elements, long x) {
    float[] sums = new float[4];
    for (long block = 0; block < elements / 32; block++) {
      int place = (int) (block % 4);
      long record = x + block / 4 * 160;
      int dot = 0;
      for (int k = 0; k < 32; k++) {
        dot += format.quantum(row, 32 * block + k) * Memory.i8(record + 32L * place + k);
      }
      float d = Memory.f32(record + 128 + 4L * place);
      float dTimesSum = Memory.f32(record + 144 + 4L * place);
      sums[place] = Math.fma((float) dot, format.scale(row, 32 * block) * d, sums[place]);
      if (format.unpacker().hasMinima()) {
        sums[place] = Math.fma(-format.min(row, 32 * block), dTimesSum, sums[place]);
      }
    }
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
  }
}
