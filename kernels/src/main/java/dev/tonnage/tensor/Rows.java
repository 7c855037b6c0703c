package dev.tonnage.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Activations: {@code count} rows of {@code width} 32-bit floats, off the heap.
 *
 * <p>A row begins on a 64-byte line and is padded with zeros to a whole number of lines, so that
 * kernels read and write whole vectors without tails. Whoever writes a row leaves its padding zero.
 */
public final class Rows {

  /** Floats in a line of 64 bytes: rows are padded to a multiple of this. */
  public static final int LINE = 16;

  private final MemorySegment data;
  private final int count;
  private final int width;

  /**
   * @param data {@code bytes(count, width)} writable bytes off the heap on a 64-byte boundary,
   *     paddings zero
   * @param count rows
   * @param width floats in a row that mean something
   */
  public Rows(MemorySegment data, int count, int width) {
    if (data.byteSize() != bytes(count, width) || (data.address() & 63) != 0) {
      throw new IllegalArgumentException(
          count + " x " + width + " in " + data.byteSize() + " bytes at " + data.address());
    }
    if (!data.isNative() || data.isReadOnly()) {
      throw new IllegalArgumentException("rows are written where they lie, off the heap: " + data);
    }
    this.data = data;
    this.count = count;
    this.width = width;
  }

  /** Bytes that rows take, padding included. */
  public static long bytes(int count, int width) {
    return 4L * count * padded(width);
  }

  /** A width rounded up to whole lines. */
  public static int padded(int width) {
    return Math.addExact(width, LINE - 1) & -LINE;
  }

  /** Number of rows. */
  public int count() {
    return count;
  }

  /** Floats of a row that mean something. */
  public int width() {
    return width;
  }

  /** Floats from one row to the next. */
  public int stride() {
    return padded(width);
  }

  /** The memory itself. */
  public MemorySegment data() {
    return data;
  }

  /** Some of the rows, in the same memory. */
  public Rows slice(int first, int rows) {
    return new Rows(data.asSlice(bytes(first, width), bytes(rows, width)), rows, width);
  }

  /** One number. */
  public float get(int row, int column) {
    return data.get(ValueLayout.JAVA_FLOAT, index(row, column));
  }

  /** Sets one number. */
  public void set(int row, int column, float value) {
    data.set(ValueLayout.JAVA_FLOAT, index(row, column), value);
  }

  /** A copy of a row on the heap, without its padding. */
  public float[] toArray(int row) {
    return data.asSlice(index(row, 0), 4L * width).toArray(ValueLayout.JAVA_FLOAT);
  }

  /** Fills a row from the heap. */
  public void setRow(int row, float[] values) {
    if (values.length != width) {
      throw new IllegalArgumentException(values.length + " values for a row of " + width);
    }
    MemorySegment.copy(values, 0, data, ValueLayout.JAVA_FLOAT, index(row, 0), width);
  }

  private long index(int row, int column) {
    if (row < 0 || row >= count || column < 0 || column >= width) {
      throw new IndexOutOfBoundsException(
          "[" + row + ", " + column + "] of " + count + " x " + width);
    }
    return 4L * ((long) row * stride() + column);
  }
}
