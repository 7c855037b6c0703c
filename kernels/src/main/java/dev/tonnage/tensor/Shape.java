package dev.tonnage.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * The extents of a tensor, outermost first: a matrix that maps 4096 numbers to 1024 is {@code
 * [1024, 4096]}, a stack of 256 of them {@code [256, 1024, 4096]}. The last extent is contiguous in
 * memory. (A GGUF file lists them the other way round.)
 */
public final class Shape {

  private final long[] extents;

  private Shape(long[] extents) {
    this.extents = extents;
  }

  /**
   * @param extents outermost first, each at least 1
   * @throws ArithmeticException if their product exceeds a {@code long}
   */
  public static Shape of(long... extents) {
    if (extents.length == 0) {
      throw new IllegalArgumentException("a shape has at least one extent");
    }
    long product = 1;
    for (long extent : extents) {
      if (extent < 1) {
        throw new IllegalArgumentException("an extent is at least 1: " + Arrays.toString(extents));
      }
      product = Math.multiplyExact(product, extent);
    }
    return new Shape(extents.clone());
  }

  /** How many extents there are. */
  public int rank() {
    return extents.length;
  }

  /** An extent, 0 being the outermost. */
  public long extent(int axis) {
    return extents[axis];
  }

  /** The contiguous extent: the numbers of a row. */
  public long columns() {
    return extents[extents.length - 1];
  }

  /** All rows, stacked matrices included. */
  public long rows() {
    return elements() / columns();
  }

  /** The numbers in the tensor. */
  public long elements() {
    return LongStream.of(extents).reduce(1, (a, b) -> a * b);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(extents, shape.extents);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(extents);
  }

  @Override
  public String toString() {
    return LongStream.of(extents)
        .mapToObj(Long::toString)
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
