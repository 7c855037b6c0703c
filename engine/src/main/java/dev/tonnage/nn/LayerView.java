package dev.tonnage.nn;

import dev.tonnage.kernel.Reach;

/**
 * What a layer's attention sees of a sequence.
 *
 * @param reach which positions
 * @param positions how queries and keys know where they are
 */
public record LayerView(Reach reach, Positions positions) {

  /** Of most layers. */
  public static final LayerView EVERYTHING = new LayerView(Reach.EVERYTHING, Positions.TURNED);

  /** How queries and keys know where they are. */
  public enum Positions {
    /** Both are turned, see {@link RotaryEmbedding}. */
    TURNED,
    /**
     * Not at all; queries are sharpened where many positions are seen, by 1 + 0.1 ln(1 + ⌊(p + 1) /
     * 8192⌋) at position p (Llama 4, after Nakanishi 2025).
     */
    SHARPENED
  }
}
