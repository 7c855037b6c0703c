package dev.tonnage.file;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.random.RandomGenerator;

/** Damages a file's header in memory, and mends it again at the cost of what was damaged. */
final class GgufMutator {

  private static final long[] EXTREMES = {
    0,
    1,
    2,
    3,
    7,
    8,
    9,
    10,
    31,
    32,
    33,
    63,
    64,
    127,
    128,
    255,
    256,
    0x7FFF,
    0xFFFF,
    0x1_0000,
    Integer.MAX_VALUE,
    1L << 31,
    0xFFFF_FFFFL,
    1L << 32,
    1L << 40,
    1L << 60,
    1L << 61,
    1L << 62,
    Long.MAX_VALUE,
    Long.MAX_VALUE - 31,
    Long.MIN_VALUE,
    -1,
    -2,
    -8,
    -32,
    -256
  };

  private final MemorySegment sound;
  private final MemorySegment damaged;
  private final List<Long> fields;
  private final long headerBytes;

  /** What differs from the sound file lies between these. */
  private long dirtyFrom;

  private long dirtyTo;

  GgufMutator(MemorySegment file, Arena arena) {
    sound = arena.allocate(file.byteSize(), 64).copyFrom(file);
    damaged = arena.allocate(file.byteSize(), 64).copyFrom(file);
    fields = GgufFields.of(sound);
    headerBytes = fields.getLast();
  }

  long headerBytes() {
    return headerBytes;
  }

  /**
   * Damages the file in one to four places.
   *
   * @param donor whose header may be spliced in
   * @return the file, until {@link #mend}
   */
  MemorySegment damage(RandomGenerator random, GgufMutator donor) {
    long fileBytes = damaged.byteSize();
    for (int count = 1 + random.nextInt(4); count > 0; count--) {
      long at = place(random);
      long room = headerBytes - at;
      switch (random.nextInt(10)) {
        case 0 -> set(at, 1, damaged.get(ValueLayout.JAVA_BYTE, at) ^ 1L << random.nextInt(8));
        case 1 -> set(at, 1, random.nextInt());
        case 2 -> set(at, 4, extreme(random));
        case 3, 4 -> set(at, 8, extreme(random));
        case 5 -> set(at, random.nextBoolean() ? 4 : 8, nearby(at) + random.nextInt(-9, 10));
        case 6 -> fileBytes = Math.min(fileBytes, place(random) + random.nextInt(40));
        case 7 -> copy(damaged, place(random), at, random.nextLong(room)); // a range twice
        case 8 -> copy(damaged, Math.min(place(random), at), at, room); // a range more, or less
        case 9 -> copy(donor.sound, donor.place(random), at, random.nextLong(room));
        default -> throw new AssertionError();
      }
    }
    return damaged.asSlice(0, fileBytes);
  }

  /** Makes the file sound again. */
  void mend() {
    if (dirtyTo > dirtyFrom) {
      MemorySegment.copy(sound, dirtyFrom, damaged, dirtyFrom, dirtyTo - dirtyFrom);
    }
    dirtyFrom = headerBytes;
    dirtyTo = 0;
  }

  private long place(RandomGenerator random) {
    if (random.nextInt(4) > 0) {
      return fields.get(random.nextInt(fields.size() - 1));
    }
    return random.nextLong(headerBytes);
  }

  private long extreme(RandomGenerator random) {
    if (random.nextInt(4) == 0) {
      return damaged.byteSize() / (1 + random.nextInt(16)) - random.nextInt(3);
    }
    return EXTREMES[random.nextInt(EXTREMES.length)];
  }

  private long nearby(long at) {
    return damaged.get(ValueLayout.JAVA_INT_UNALIGNED, at);
  }

  private void set(long at, int bytes, long value) {
    long end = Math.min(at + bytes, headerBytes);
    for (long i = at; i < end; i++) {
      damaged.set(ValueLayout.JAVA_BYTE, i, (byte) (value >> (8 * (i - at))));
    }
    markDirty(at, end);
  }

  private void copy(MemorySegment from, long fromPosition, long to, long bytes) {
    long most = Math.min(from.byteSize() - fromPosition, damaged.byteSize() - to);
    long length = Math.min(bytes, most);
    MemorySegment.copy(from, fromPosition, damaged, to, length);
    markDirty(to, to + length);
  }

  private void markDirty(long from, long to) {
    dirtyFrom = Math.min(dirtyFrom, from);
    dirtyTo = Math.max(dirtyTo, to);
  }
}
