package dev.tonnage.kernel.arm;

import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.Memory;
import dev.tonnage.kernel.scalar.ScalarQ4_K;
import dev.tonnage.kernel.scalar.ScalarQ8_0;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.random.RandomGenerator;

/** The formats that have kernels here, a number at a time. */
enum Format {
  Q8_0(34, 32, 1) {
    @Override
    int quantum(long row, long k) {
      return Memory.i8(row + k / 32 * 34 + 2 + k % 32);
    }

    @Override
    float scale(long row, long k) {
      return Memory.f16(row + k / 32 * 34);
    }

    @Override
    float min(long row, long k) {
      return 0;
    }
  },
  Q4_K(ScalarQ4_K.BYTES, 256, 2) {
    @Override
    int quantum(long row, long k) {
      int two = Memory.u8(block(row, k) + ScalarQ4_K.QUANTS + k % 256 / 64 * 32 + k % 32);
      return k % 64 < 32 ? two & 15 : two >> 4;
    }

    @Override
    float scale(long row, long k) {
      long packed = ScalarQ4_K.packedScales(block(row, k) + ScalarQ4_K.SCALES);
      return Memory.f16(block(row, k)) * ((packed >>> (8 * (k % 256 / 32))) & 63);
    }

    @Override
    float min(long row, long k) {
      long packed = ScalarQ4_K.packedMinima(block(row, k) + ScalarQ4_K.SCALES);
      return Memory.f16(block(row, k) + 2) * ((packed >>> (8 * (k % 256 / 32))) & 63);
    }

    private long block(long row, long k) {
      return row + k / 256 * ScalarQ4_K.BYTES;
    }
  };

  private final int blockBytes;
  private final int blockElements;
  private final int halves;

  Format(int blockBytes, int blockElements, int halves) {
    this.blockBytes = blockBytes;
    this.blockElements = blockElements;
    this.halves = halves;
  }

  /** A weight is {@code scale · quantum − min}; k counts the weights of a row. */
  abstract int quantum(long row, long k);

  abstract float scale(long row, long k);

  abstract float min(long row, long k);

  Unpacker unpacker() {
    return switch (this) {
      case Q8_0 -> new UnpackQ8_0();
      case Q4_K -> new UnpackQ4_K();
    };
  }

  /** The specification. */
  BlockFormat scalar() {
    return switch (this) {
      case Q8_0 -> new ScalarQ8_0();
      case Q4_K -> new ScalarQ4_K();
    };
  }

  int blockBytes() {
    return blockBytes;
  }

  int blockElements() {
    return blockElements;
  }

  /** Half-precision numbers that a scale may be. */
  interface Scales {
    short next(RandomGenerator random);
  }

  /** Such as real weights have; some of them zero or subnormal. */
  static short usual(RandomGenerator random) {
    return switch (random.nextInt(16)) {
      case 0 -> 0;
      case 1 -> (short) random.nextInt(0x400);
      default -> Float.floatToFloat16((random.nextFloat() - 0.5f) * 0.1f);
    };
  }

  /** Any bits at all: infinite ones, too, and what is no number. */
  static short any(RandomGenerator random) {
    return (short) random.nextInt();
  }

  /** Random blocks. */
  void fill(MemorySegment blocks, Scales scales, RandomGenerator random) {
    for (long at = 0; at < blocks.byteSize(); at++) {
      blocks.set(ValueLayout.JAVA_BYTE, at, (byte) random.nextInt());
    }
    for (long at = 0; at + blockBytes <= blocks.byteSize(); at += blockBytes) {
      for (int half = 0; half < halves; half++) {
        blocks.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + 2L * half, scales.next(random));
      }
    }
  }
}
