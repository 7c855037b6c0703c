package dev.tonnage.kernel;

import dev.tonnage.tensor.Rows;

/** Layer norm at every level: few models have it, and it is a small part of theirs. */
final class LayerNorms {

  private LayerNorms() {}

  /** A row's heads, with a weight for all or one for each. */
  static void apply(Rows x, int row, int heads, Rows weight, float epsilon) {
    int width = weight.width();
    long next = weight.count() == 1 ? 0 : 4L * weight.stride();
    long at = x.data().address() + row * 4L * x.stride();
    long weights = weight.data().address();
    for (int head = 0; head < heads; head++) {
      apply(at + 4L * head * width, weights + head * next, epsilon, width);
    }
  }

  /**
   * {@code x = (x - mean(x)) / sqrt(variance(x) + ε) · w}, with sums in double precision.
   *
   * @param x address of the numbers, which change
   */
  private static void apply(long x, long weights, float epsilon, int width) {
    double sum = 0;
    for (int i = 0; i < width; i++) {
      sum += Memory.f32(x + 4L * i);
    }
    double mean = sum / width;
    double squares = 0;
    for (int i = 0; i < width; i++) {
      double difference = Memory.f32(x + 4L * i) - mean;
      squares += difference * difference;
    }
    double scale = 1 / Math.sqrt(squares / width + epsilon);
    for (int i = 0; i < width; i++) {
      double normed = (Memory.f32(x + 4L * i) - mean) * scale;
      Memory.f32(x + 4L * i, (float) normed * Memory.f32(weights + 4L * i));
    }
  }
}
