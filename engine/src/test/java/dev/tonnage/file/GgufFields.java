package dev.tonnage.file;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a sound file has its numbers: those that say how much follows, of which type, and where.
 * Damage there is worth more than in the text of a token.
 */
final class GgufFields {

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Of a long array of texts, only so many elements' lengths count as numbers. */
  private static final long MOST_ELEMENTS = 8;

  private final MemorySegment file;
  private final List<Long> positions = new ArrayList<>();
  private long position = 4;

  private GgufFields(MemorySegment file) {
    this.file = file;
  }

  /** Positions of all numbers, then the position after the last. */
  static List<Long> of(MemorySegment file) {
    var fields = new GgufFields(file);
    fields.readAll();
    return fields.positions;
  }

  private void readAll() {
    int32();
    long tensors = int64();
    long keys = int64();
    for (long i = 0; i < keys; i++) {
      text();
      value(int32());
    }
    for (long i = 0; i < tensors; i++) {
      text();
      int rank = int32();
      for (int axis = 0; axis < rank; axis++) {
        int64();
      }
      int32();
      int64();
    }
    positions.add(position);
  }

  private void value(int type) {
    switch (type) {
      case 0, 1, 7 -> skip(1);
      case 2, 3 -> skip(2);
      case 4, 5, 6 -> int32();
      case 8 -> text();
      case 10, 11, 12 -> int64();
      case 9 -> {
        int elementType = int32();
        long size = int64();
        int found = positions.size();
        for (long i = 0; i < size; i++) {
          value(elementType);
          if (i >= MOST_ELEMENTS) {
            positions.subList(found + (int) MOST_ELEMENTS, positions.size()).clear();
          }
        }
      }
      default -> throw new AssertionError("not a sound file: value type " + type);
    }
  }

  private int int32() {
    positions.add(position);
    position += 4;
    return file.get(INT, position - 4);
  }

  private long int64() {
    positions.add(position);
    position += 8;
    return file.get(LONG, position - 8);
  }

  private void text() {
    skip(int64());
  }

  private void skip(long bytes) {
    position += bytes;
  }
}
