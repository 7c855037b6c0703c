package dev.tonnage.kernel.vector;

import static dev.tonnage.kernel.vector.Lanes.F;
import static dev.tonnage.kernel.vector.Lanes.L;
import static dev.tonnage.kernel.vector.Lanes.f32;

import dev.tonnage.kernel.Memory;
import jdk.incubator.vector.FloatVector;

/**
 * Decoded weights times prompt tokens, four rows by four tokens at a time: sixteen sums stay in
 * registers, so that eight loads feed sixteen FMAs.
 *
 * <p>A sum runs over lanes of columns in order, whatever tile it is in; where rows or tokens are no
 * multiple of four, the last is computed again and its result dropped.
 */
final class PromptTile {

  private PromptTile() {}

  static void multiply(
      long w, int rows, int padded, long x, int tokens, long y, long yStrideBytes) {
    long rowBytes = 4L * padded;
    for (int t = 0; t < tokens; t += 4) {
      for (int r = 0; r < rows; r += 4) {
        fourByFour(
            w + r * rowBytes,
            Math.min(4, rows - r),
            x + t * rowBytes,
            Math.min(4, tokens - t),
            padded,
            y + t * yStrideBytes + 4L * r,
            yStrideBytes);
      }
    }
  }

  private static void fourByFour(
      long w, int rows, long x, int tokens, int padded, long y, long yStrideBytes) {
    long rowBytes = 4L * padded;
    long w1 = w + Math.min(1, rows - 1) * rowBytes;
    long w2 = w + Math.min(2, rows - 1) * rowBytes;
    long w3 = w + Math.min(3, rows - 1) * rowBytes;
    long x1 = x + Math.min(1, tokens - 1) * rowBytes;
    long x2 = x + Math.min(2, tokens - 1) * rowBytes;
    long x3 = x + Math.min(3, tokens - 1) * rowBytes;
    FloatVector s00 = FloatVector.zero(F);
    FloatVector s01 = FloatVector.zero(F);
    FloatVector s02 = FloatVector.zero(F);
    FloatVector s03 = FloatVector.zero(F);
    FloatVector s10 = FloatVector.zero(F);
    FloatVector s11 = FloatVector.zero(F);
    FloatVector s12 = FloatVector.zero(F);
    FloatVector s13 = FloatVector.zero(F);
    FloatVector s20 = FloatVector.zero(F);
    FloatVector s21 = FloatVector.zero(F);
    FloatVector s22 = FloatVector.zero(F);
    FloatVector s23 = FloatVector.zero(F);
    FloatVector s30 = FloatVector.zero(F);
    FloatVector s31 = FloatVector.zero(F);
    FloatVector s32 = FloatVector.zero(F);
    FloatVector s33 = FloatVector.zero(F);
    for (int k = 0; k < padded; k += L) {
      long at = 4L * k;
      FloatVector a0 = f32(w + at);
      FloatVector a1 = f32(w1 + at);
      FloatVector a2 = f32(w2 + at);
      FloatVector a3 = f32(w3 + at);
      FloatVector b = f32(x + at);
      s00 = a0.fma(b, s00);
      s10 = a1.fma(b, s10);
      s20 = a2.fma(b, s20);
      s30 = a3.fma(b, s30);
      b = f32(x1 + at);
      s01 = a0.fma(b, s01);
      s11 = a1.fma(b, s11);
      s21 = a2.fma(b, s21);
      s31 = a3.fma(b, s31);
      b = f32(x2 + at);
      s02 = a0.fma(b, s02);
      s12 = a1.fma(b, s12);
      s22 = a2.fma(b, s22);
      s32 = a3.fma(b, s32);
      b = f32(x3 + at);
      s03 = a0.fma(b, s03);
      s13 = a1.fma(b, s13);
      s23 = a2.fma(b, s23);
      s33 = a3.fma(b, s33);
    }
    // additions, for Lanes.sum must not be given what a loop carries
    store(y, rows, s00.add(0), s10.add(0), s20.add(0), s30.add(0));
    if (tokens > 1) {
      store(y + yStrideBytes, rows, s01.add(0), s11.add(0), s21.add(0), s31.add(0));
    }
    if (tokens > 2) {
      store(y + 2 * yStrideBytes, rows, s02.add(0), s12.add(0), s22.add(0), s32.add(0));
    }
    if (tokens > 3) {
      store(y + 3 * yStrideBytes, rows, s03.add(0), s13.add(0), s23.add(0), s33.add(0));
    }
  }

  private static void store(
      long y, int rows, FloatVector s0, FloatVector s1, FloatVector s2, FloatVector s3) {
    Memory.f32(y, Lanes.sum(s0));
    if (rows > 1) {
      Memory.f32(y + 4, Lanes.sum(s1));
    }
    if (rows > 2) {
      Memory.f32(y + 8, Lanes.sum(s2));
    }
    if (rows > 3) {
      Memory.f32(y + 12, Lanes.sum(s3));
    }
  }
}
