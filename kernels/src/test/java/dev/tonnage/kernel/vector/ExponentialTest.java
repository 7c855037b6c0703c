package dev.tonnage.kernel.vector;

import static org.assertj.core.api.Assertions.assertThat;

import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The exponential against the JDK's own in double precision. */
@Tag("width")
class ExponentialTest {

  private static float exp(float x) {
    FloatVector e = Exponential.exp(FloatVector.broadcast(Lanes.F, x));
    float first = e.lane(0);
    assertThat(Float.compare(e.lane(Lanes.L - 1), first)).isZero();
    return first;
  }

  @Test
  void itsRelativeErrorStaysBelowTwoInTenMillion() {
    float[] x = new float[Lanes.L];
    float[] e = new float[Lanes.L];
    double worst = 0;
    double worstAt = 0;
    int steps = 400_000;
    for (int step = 0; step < steps; step += x.length) {
      for (int lane = 0; lane < x.length; lane++) {
        x[lane] = (float) (-87 + 175.0 * (step + lane) / steps);
      }
      Exponential.exp(FloatVector.fromArray(Lanes.F, x, 0)).intoArray(e, 0);
      for (int lane = 0; lane < x.length; lane++) {
        double exact = StrictMath.exp(x[lane]);
        double error = Math.abs(e[lane] - exact) / exact;
        if (error > worst) {
          worst = error;
          worstAt = x[lane];
        }
      }
    }
    assertThat(worst).as("at %s", worstAt).isLessThan(2e-7);
  }

  @Test
  void ofZeroItIsOne() {
    assertThat(exp(0f)).isEqualTo(1f);
    assertThat(exp(-0f)).isEqualTo(1f);
    assertThat(exp(Float.MIN_VALUE)).isEqualTo(1f);
  }

  @Test
  void beyondItsRangeItStaysAtTheEnds() {
    assertThat(exp(Float.NEGATIVE_INFINITY)).isEqualTo(exp(-87f)).isBetween(0f, 2e-38f);
    assertThat(exp(-1e30f)).isEqualTo(exp(-87f));
    assertThat(exp(Float.POSITIVE_INFINITY)).isEqualTo(exp(88f)).isGreaterThan(1.6e38f);
  }

  @Test
  void whatIsNoNumberStaysNone() {
    for (int bits : new int[] {0x7fc00000, 0xffc00000, 0x7fc00001, 0x7fffffff, 0xffc000ff}) {
      assertThat(exp(Float.intBitsToFloat(bits))).as("%08x", bits).isNaN();
    }
  }
}
