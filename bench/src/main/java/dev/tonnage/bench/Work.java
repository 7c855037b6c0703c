package dev.tonnage.bench;

import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Shape;
import dev.tonnage.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/** Weights and activations that a benchmark works on. */
final class Work {

  private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED;

  private Work() {}

  /** A matrix of finite numbers; which they are makes no difference to a kernel's speed. */
  static Tensor weights(Arena arena, DType type, long rows, long columns) {
    MemorySegment data = arena.allocate(type.bytes(rows * columns), 64);
    var random = new SplittableRandom(1);
    for (long at = 0; at < data.byteSize(); at += 8) {
      data.set(ValueLayout.JAVA_LONG, at, random.nextLong() & 0x3bff_3bff_3bff_3bffL);
    }
    for (long at = 0; at < data.byteSize(); at += type.blockBytes()) {
      switch (type) {
        case Q4_K, Q5_K -> data.set(ValueLayout.JAVA_INT_UNALIGNED, at, 0x2000_2000);
        case Q2_K -> data.set(ValueLayout.JAVA_INT_UNALIGNED, at + 80, 0x2000_2000);
        case Q3_K -> data.set(HALF, at + 108, (short) 0x2000);
        case Q6_K -> data.set(HALF, at + 208, (short) 0x2000);
        case F32, F16, BF16, MXFP4 -> {}
        default -> data.set(HALF, at, (short) 0x2000);
      }
    }
    return new Tensor(type + ".weight", type, Shape.of(rows, columns), data);
  }

  /** Activations around zero. */
  static Rows activations(Arena arena, int count, int width) {
    Rows rows = rows(arena, count, width);
    var random = new SplittableRandom(2);
    for (int row = 0; row < count; row++) {
      for (int column = 0; column < width; column++) {
        rows.set(row, column, (float) random.nextGaussian());
      }
    }
    return rows;
  }

  /** Rows to write to. */
  static Rows rows(Arena arena, int count, int width) {
    return new Rows(arena.allocate(Rows.bytes(count, width), 64), count, width);
  }
}
