package dev.tonnage.file;

import dev.tonnage.error.BadFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A place in a file that moves forward. Every read is checked against the file's end first, and
 * nothing is allocated for what is not there.
 */
final class GgufCursor {

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** The file's name, for messages. */
  private final String name;

  private final MemorySegment bytes;
  private long position;

  GgufCursor(String name, MemorySegment bytes, long position) {
    this.name = name;
    this.bytes = bytes;
    this.position = position;
  }

  String name() {
    return name;
  }

  long position() {
    return position;
  }

  /** Bytes from here to the file's end. */
  long remaining() {
    return bytes.byteSize() - position;
  }

  /** Another place in the same file. */
  GgufCursor at(long otherPosition) {
    return new GgufCursor(name, bytes, otherPosition);
  }

  byte int8(String what) {
    return bytes.get(ValueLayout.JAVA_BYTE, advance(Byte.BYTES, what));
  }

  short int16(String what) {
    return bytes.get(SHORT, advance(Short.BYTES, what));
  }

  int int32(String what) {
    return bytes.get(INT, advance(Integer.BYTES, what));
  }

  long int64(String what) {
    return bytes.get(LONG, advance(Long.BYTES, what));
  }

  /**
   * Reads how many elements follow and checks that so many can follow.
   *
   * @param leastBytes what an element takes at least
   */
  long count(long leastBytes, String what, String elements) {
    long count = int64(what);
    if (count < 0 || count > remaining() / leastBytes) {
      throw bad(
          what,
          "at most " + remaining() / leastBytes + " " + elements + ", for which there is room",
          "a claim of " + Long.toUnsignedString(count));
    }
    return count;
  }

  private long textBytes(String what) {
    return count(1, what, "bytes of text");
  }

  /** The bytes of a string, where they lie. */
  MemorySegment utf8(String what) {
    long length = textBytes(what);
    return bytes.asSlice(advance(length, what), length);
  }

  /**
   * A key or a name.
   *
   * @param mostBytes what it may take
   */
  String label(int mostBytes, String what) {
    MemorySegment utf8 = utf8(what);
    if (utf8.byteSize() == 0 || utf8.byteSize() > mostBytes) {
      throw bad(what, "1 to " + mostBytes + " bytes of text", utf8.byteSize() + " bytes");
    }
    String label = text(utf8, what);
    for (int i = 0; i < label.length(); i++) {
      if (Character.isISOControl(label.charAt(i))) { // messages name it, on a terminal
        throw bad(what, "text without control characters", "one at index " + i);
      }
    }
    return label;
  }

  /** What bytes mean as UTF-8, and nothing else than UTF-8. */
  String text(MemorySegment utf8, String what) {
    if (utf8.byteSize() > Gguf.MOST_TEXT_BYTES) {
      throw bad(
          what, "a text of at most " + Gguf.MOST_TEXT_BYTES + " bytes", utf8.byteSize() + " bytes");
    }
    byte[] copy = utf8.toArray(ValueLayout.JAVA_BYTE);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(copy)).toString();
    } catch (CharacterCodingException e) {
      throw bad(what, "text in UTF-8", "bytes that are none");
    }
  }

  /** Bytes on the heap, to be read on as they are in the file. */
  ByteBuffer copy(int byteCount, String what) {
    byte[] copy = bytes.asSlice(advance(byteCount, what), byteCount).toArray(ValueLayout.JAVA_BYTE);
    return ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN);
  }

  int[] int32s(int size, String what) {
    int[] ints = new int[size];
    MemorySegment.copy(bytes, INT, advance(4L * size, what), ints, 0, size);
    return ints;
  }

  float[] float32s(int size, String what) {
    float[] floats = new float[size];
    MemorySegment.copy(bytes, FLOAT, advance(4L * size, what), floats, 0, size);
    return floats;
  }

  /**
   * Passes over a value of any type, whose bytes are all there.
   *
   * @param depth how many arrays the value is in
   */
  void skip(GgufType type, int depth, String what) {
    switch (type) {
      case STRING -> advance(textBytes(what), what);
      case ARRAY -> {
        checkDepth(depth, what);
        GgufType elementType = type(what);
        long count = count(elementType.leastBytes(), what, "elements");
        if (elementType.isFixed()) {
          advance(count * elementType.leastBytes(), what);
        } else {
          for (long i = 0; i < count; i++) {
            skip(elementType, depth + 1, what);
          }
        }
      }
      case UINT8, INT8, UINT16, INT16, UINT32, INT32, FLOAT32, BOOL, UINT64, INT64, FLOAT64 ->
          advance(type.leastBytes(), what);
    }
  }

  /**
   * Fails for an array in too many others.
   *
   * @param depth how many arrays it is in
   */
  void checkDepth(int depth, String what) {
    if (depth >= Gguf.MOST_DEPTH) {
      throw bad(what, "arrays at most " + Gguf.MOST_DEPTH + " deep", "deeper ones");
    }
  }

  /** A value's type. */
  GgufType type(String what) {
    int id = int32(what);
    return GgufType.ofId(id)
        .orElseThrow(
            () -> bad(what, "a value type from 0 to 12", "type " + Integer.toUnsignedString(id)));
  }

  /** Moves on, and says where from. */
  long advance(long byteCount, String what) {
    if (byteCount > remaining()) {
      throw bad(what, byteCount + " more bytes", "the end of the file after " + remaining());
    }
    long start = position;
    position += byteCount;
    return start;
  }

  /**
   * @param what key or tensor
   */
  BadFile bad(String what, String expected, String found) {
    return new BadFile(name + ": " + what, expected, found, Gguf.REMEDY);
  }
}
