package dev.tonnage.nn;

import dev.tonnage.kernel.Compute;
import dev.tonnage.kernel.Pairing;
import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Workspace;

/**
 * Rotary position embedding (Su et al. 2021): pair i of a head turns by position · base^(−2i/R). R:
 * numbers of a head that turn; those beyond stay.
 */
public final class RotaryEmbedding {

  private final Compute compute;
  private final Pairing pairing;
  private final double[] frequencies;
  private final double magnitude;

  /**
   * @param width R, even
   * @param base the angle's base, usually 10,000 to 1,000,000
   * @param divisors one for each pair, dividing its frequency before any other scaling, as Llama
   *     3.1 and later have; all 1 for other models
   * @param magnitude what cosines and sines are multiplied with, usually 1
   */
  public RotaryEmbedding(
      Compute compute,
      int width,
      double base,
      float[] divisors,
      RopeScaling scaling,
      double magnitude,
      Pairing pairing) {
    this.compute = compute;
    this.magnitude = magnitude;
    this.pairing = pairing;
    this.frequencies = new double[width / 2];
    for (int i = 0; i < frequencies.length; i++) {
      double plain = Math.pow(base, -2.0 * i / width) / divisors[i];
      frequencies[i] =
          switch (scaling) {
            case RopeScaling.None() -> plain;
            case RopeScaling.Linear(double factor) -> plain / factor;
            case RopeScaling.Yarn yarn -> {
              double kept = kept(i, width, base, yarn);
              yield plain * kept + plain / yarn.factor() * (1 - kept);
            }
          };
    }
  }

  /** By how much pair i turns from one position to the next. */
  double frequency(int i) {
    return frequencies[i];
  }

  /** How much of pair i's own frequency YaRN keeps, 0 to 1. */
  private static double kept(int i, int width, double base, RopeScaling.Yarn yarn) {
    double fast = pairWithTurns(yarn.betaFast(), width, base, yarn);
    double slow = pairWithTurns(yarn.betaSlow(), width, base, yarn);
    if (yarn.bounds() == RopeScaling.Bounds.WHOLE) {
      fast = Math.floor(fast);
      slow = Math.ceil(slow);
    }
    double low = Math.max(0, fast);
    double high = Math.min(width - 1.0, slow);
    return 1 - Math.clamp((i - low) / Math.max(0.001, high - low), 0.0, 1.0);
  }

  /** The pair that makes this many turns within the original context. */
  private static double pairWithTurns(double turns, int width, double base, RopeScaling.Yarn yarn) {
    return width
        * Math.log(yarn.originalContextTokens() / (turns * 2 * Math.PI))
        / (2 * Math.log(base));
  }

  /** Cosine and sine of every pair at each row's position, once for all layers: [n, R]. */
  public Rows turns(Step step, Workspace ws) {
    Rows turns = ws.rows(step.count(), 2 * frequencies.length);
    int[] positions = step.positions();
    for (int row = 0; row < positions.length; row++) {
      for (int i = 0; i < frequencies.length; i++) {
        double angle = positions[row] * frequencies[i];
        turns.set(row, 2 * i, (float) (magnitude * Math.cos(angle)));
        turns.set(row, 2 * i + 1, (float) (magnitude * Math.sin(angle)));
      }
    }
    return turns;
  }

  /** Turns every head of x [n, heads · D]. */
  public void apply(Rows x, int heads, Rows turns) {
    compute.rotate(x, heads, turns, pairing);
  }
}
