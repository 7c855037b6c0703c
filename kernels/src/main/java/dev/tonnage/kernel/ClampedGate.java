package dev.tonnage.kernel;

/** The constants of {@link Compute#clampedSwiGlu} (OpenAI 2025). */
public final class ClampedGate {

  /** Gates are at most this, and what they are multiplied with is between minus this and this. */
  public static final float LIMIT = 7;

  /** What a gate is multiplied with where it becomes a probability. */
  public static final float SLOPE = 1.702f;

  private ClampedGate() {}
}
