package dev.tonnage.tensor;

import java.lang.foreign.MemorySegment;

/**
 * A weight where it lies: a name, a type, a shape and the bytes of a mapped file. Nothing is
 * copied.
 *
 * @param name as in the checkpoint ({@code blk.7.ffn_down.weight})
 * @param type how the numbers are stored
 * @param shape outermost extent first
 * @param data exactly {@code type.bytes(shape.elements())} bytes, little-endian, off the heap;
 *     valid while its checkpoint is open
 */
public record Tensor(String name, DType type, Shape shape, MemorySegment data) {

  public Tensor {
    if (shape.columns() % type.blockElements() != 0) {
      throw new IllegalArgumentException(name + ": rows of " + shape + " are no whole " + type);
    }
    if (!data.isNative()) {
      throw new IllegalArgumentException(name + ": on the heap");
    }
    if (data.byteSize() != type.bytes(shape.elements())) {
      throw new IllegalArgumentException(
          name + ": " + type + " " + shape + " in " + data.byteSize() + " bytes");
    }
  }

  /** Bytes from one row to the next. */
  public long rowBytes() {
    return type.bytes(shape.columns());
  }

  /** Some rows of a matrix, in the same memory. */
  public Tensor rows(int first, int count) {
    return new Tensor(
        name + " from row " + first,
        type,
        Shape.of(count, shape.columns()),
        data.asSlice(first * rowBytes(), count * rowBytes()));
  }
}
