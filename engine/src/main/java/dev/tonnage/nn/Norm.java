package dev.tonnage.nn;

import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Workspace;

/** What brings rows to one scale. */
public sealed interface Norm permits RmsNorm, LayerNorm {

  /** Kinds of norms. */
  enum Kind {
    ROOT_MEAN_SQUARE,
    LAYER
  }

  /**
   * One of a kind.
   *
   * @param name of the weight, without {@code .weight}
   * @param width numbers that are normed together
   * @param epsilon added to the mean square
   */
  static Norm of(Kind kind, Weights weights, String name, int width, float epsilon) {
    return switch (kind) {
      case ROOT_MEAN_SQUARE -> new RmsNorm(weights, name, width, epsilon);
      case LAYER -> new LayerNorm(weights, name, width, epsilon);
    };
  }

  /**
   * @param x [n, width]
   * @return [n, width]
   */
  Rows apply(Rows x, Workspace ws);

  /** Norms every head of x [n, heads · width] by itself, in place. */
  void applyToHeads(Rows x, int heads);

  /** Of one token. */
  Cost cost();
}
