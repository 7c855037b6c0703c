package dev.tonnage.kernel.vector;

import static dev.tonnage.kernel.vector.Lanes.F;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * e^x for vectors, the same bits in interpreted and compiled code (the API's own EXP is not): x =
 * n·ln 2 + r with |r| ≤ ln 2 / 2, e^r by a polynomial of degree 7 (coefficients of Cephes' {@code
 * expf}, S. Moshier), times 2^n. Relative error below 2e-7; what is no number stays none.
 */
final class Exponential {

  /** Beyond these the result would leave the normal numbers; it stays at their ends. */
  private static final float LEAST = -87.0f;

  private static final float GREATEST = 88.0f;

  private static final float LOG2_E = (float) 1.4426950408889634;
  private static final float LN_2_HIGH = (float) 0.693359375;
  private static final float LN_2_LOW = (float) -2.12194440e-4;

  /** Adding it leaves the nearest integer in the lowest bits. */
  private static final float ROUNDER = 0x1.8p23f;

  private Exponential() {}

  static FloatVector exp(FloatVector x) {
    FloatVector clamped = x.max(LEAST).min(GREATEST);
    FloatVector shifted =
        clamped.fma(FloatVector.broadcast(F, LOG2_E), FloatVector.broadcast(F, ROUNDER));
    FloatVector n = shifted.sub(ROUNDER);
    FloatVector r = n.fma(FloatVector.broadcast(F, -LN_2_HIGH), clamped);
    r = n.fma(FloatVector.broadcast(F, -LN_2_LOW), r);
    FloatVector p = FloatVector.broadcast(F, (float) 1.9875691500e-4);
    p = p.fma(r, FloatVector.broadcast(F, (float) 1.3981999507e-3));
    p = p.fma(r, FloatVector.broadcast(F, (float) 8.3334519073e-3));
    p = p.fma(r, FloatVector.broadcast(F, (float) 4.1665795894e-2));
    p = p.fma(r, FloatVector.broadcast(F, (float) 1.6666665459e-1));
    p = p.fma(r, FloatVector.broadcast(F, (float) 5.0000001201e-1));
    p = p.fma(r.mul(r), r).add(1);
    FloatVector powerOfTwo =
        shifted
            .reinterpretAsInts()
            .lanewise(VectorOperators.LSHL, 23)
            .add(0x3f80_0000)
            .reinterpretAsFloats();
    return p.mul(powerOfTwo);
  }
}
