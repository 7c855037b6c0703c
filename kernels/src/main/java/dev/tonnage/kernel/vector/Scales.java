package dev.tonnage.kernel.vector;

import static dev.tonnage.kernel.vector.Lanes.L;
import static dev.tonnage.kernel.vector.Lanes.ORDER;

import dev.tonnage.kernel.Memory;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** The scales of a super-block, from bytes to floats. */
final class Scales {

  private Scales() {}

  /** Multiplies 16 signed bytes. They may lie in the last quarter of what is written. */
  static void sixteen(long bytes, float factor, long to) {
    for (int k = 0; k < 16; k += L) {
      Lanes.floats(Lanes.i8(bytes + k))
          .mul(factor)
          .intoMemorySegment(Memory.ALL, to + 4L * k, ORDER);
    }
  }

  /** Multiplies 8 signed bytes, the first the lowest. */
  static void eight(long bytes, float factor, long to) {
    if (L < 16) {
      Memory.i64(to + 24, bytes); // what is read last is overwritten last
      for (int k = 0; k < 8; k += L) {
        Lanes.floats(Lanes.i8(to + 24 + k))
            .mul(factor)
            .intoMemorySegment(Memory.ALL, to + 4L * k, ORDER);
      }
    } else {
      Memory.i64(to, bytes);
      var wide =
          (IntVector)
              ByteVector.fromMemorySegment(ByteVector.SPECIES_64, Memory.ALL, to, ORDER)
                  .convertShape(VectorOperators.B2I, IntVector.SPECIES_256, 0);
      ((FloatVector) wide.convert(VectorOperators.I2F, 0))
          .mul(factor)
          .intoMemorySegment(Memory.ALL, to, ORDER);
    }
  }

  /**
   * One scale for a whole super-block, eight times.
   *
   * @param address of the first super-block's
   */
  static void same(long address, int blockBytes, int elements, long scratch) {
    long from = Memory.plain(address);
    long scales = Unpacked.scales(scratch, elements);
    for (int s = 0; s < elements / 32; s++) {
      Memory.f32(scales + 4L * s, Memory.f16(from + (s >> 3) * (long) blockBytes));
    }
  }
}
