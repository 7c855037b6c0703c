package dev.tonnage.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * What a tensor's stored numbers are multiplied with, where that stands in tensors of its own: a
 * scale for each block of some rows and columns, row of blocks after row of blocks.
 *
 * @param type of scales and biases: F32, F16, BF16 or E8M0
 * @param rows of a block
 * @param columns of a block; of the last one there may be fewer
 * @param firstRow among the rows that there are scales for, which row is the tensor's first
 * @param scales one for each block
 * @param biases as many numbers, which are added; empty for none
 */
public record Scales(
    DType type,
    int rows,
    int columns,
    long firstRow,
    MemorySegment scales,
    Optional<MemorySegment> biases) {

  public Scales {
    if (rows < 1 || columns < 1 || firstRow < 0) {
      throw new IllegalArgumentException(rows + " x " + columns + " from row " + firstRow);
    }
    switch (type) {
      case F32, F16, BF16, E8M0 -> {}
      default -> throw new IllegalArgumentException("scales of " + type);
    }
    if (biases.isPresent() && biases.get().byteSize() != scales.byteSize()) {
      throw new IllegalArgumentException("not as many biases as scales");
    }
    if (!scales.isNative() || !biases.map(MemorySegment::isNative).orElse(true)) {
      throw new IllegalArgumentException("on the heap");
    }
  }

  /** Of whole rows, from the first. */
  public Scales(
      DType type, int rows, int columns, MemorySegment scales, Optional<MemorySegment> biases) {
    this(type, rows, columns, 0, scales, biases);
  }

  /** Blocks of a row of so many columns. */
  public long rowBlocks(long tensorColumns) {
    return Math.ceilDiv(tensorColumns, (long) columns);
  }

  /** Bytes that rows of so many columns take, biases included. */
  long bytes(Shape shape) {
    long blocks = Math.ceilDiv(shape.rows(), (long) rows) * rowBlocks(shape.columns());
    return type.bytes(blocks) * (biases.isPresent() ? 2 : 1);
  }

  /** The same for a tensor that begins further on. */
  Scales from(long row) {
    return new Scales(type, rows, columns, firstRow + row, scales, biases);
  }

  /** Fails unless there is a scale for each block. */
  void check(String name, Shape shape) {
    long blockRows = Math.ceilDiv(firstRow + shape.rows(), (long) rows);
    if (scales.byteSize() < type.bytes(Math.multiplyExact(blockRows, rowBlocks(shape.columns())))) {
      throw new IllegalArgumentException(
          name + ": scales of " + shape + " in " + scales.byteSize() + " bytes");
    }
  }
}
