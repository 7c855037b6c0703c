package dev.tonnage.tensor;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A weight where it lies: a name, a type, a shape and the bytes of a mapped file, and where they
 * stand elsewhere the scales of its numbers. Nothing is copied.
 *
 * @param name as in the checkpoint ({@code blk.7.ffn_down.weight})
 * @param type how the numbers are stored
 * @param shape outermost extent first
 * @param data exactly {@code type.bytes(shape.elements())} bytes, little-endian, off the heap;
 *     valid while its checkpoint is open
 * @param scales there if the type needs them
 */
public record Tensor(
    String name, DType type, Shape shape, MemorySegment data, Optional<Scales> scales) {

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
    if (scales.isPresent() != type.needsScales()) {
      throw new IllegalArgumentException(name + ": " + type + " and scales " + scales);
    }
    scales.ifPresent(each -> each.check(name, shape));
  }

  /** Of numbers that need no scales. */
  public Tensor(String name, DType type, Shape shape, MemorySegment data) {
    this(name, type, shape, data, Optional.empty());
  }

  /** Where it lies, in pieces. */
  public List<MemorySegment> memory() {
    List<MemorySegment> pieces = new ArrayList<>(List.of(data));
    scales.ifPresent(each -> {
      pieces.add(each.scales());
      each.biases().ifPresent(pieces::add);
    });
    return pieces;
  }

  /** Bytes that are read of it, scales included. */
  public long bytes() {
    return data.byteSize() + scales.map(each -> each.bytes(shape)).orElse(0L);
  }

  /** Bytes from one row to the next. */
  public long rowBytes() {
    return type.bytes(shape.columns());
  }

  /** Some rows of a matrix, in the same memory. */
  public Tensor rows(int first, int count) {
    return rows(name + " from row " + first, first, count);
  }

  /** The same under a name of its own. */
  public Tensor rows(String part, long first, int count) {
    return new Tensor(
        part,
        type,
        Shape.of(count, shape.columns()),
        data.asSlice(first * rowBytes(), count * rowBytes()),
        scales.map(each -> each.from(first)));
  }
}
