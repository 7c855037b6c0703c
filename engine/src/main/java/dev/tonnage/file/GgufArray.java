package dev.tonnage.file;

import dev.tonnage.error.BadFile;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * An array where it lies in the file. Elements of varying length are found from the nearest of a
 * few remembered ones.
 */
final class GgufArray implements Metadata.Array {

  /** Of elements of varying length, every so many-th one's position is remembered. */
  private static final int STRIDE = 256;

  private final GgufCursor start;
  private final String key;
  private final int depth;
  private final GgufType elementType;
  private final long size;

  /** What all elements take in the file; of strings, with their lengths. */
  private final long arrayBytes;

  /** Positions of elements 0, {@link #STRIDE}, 2 {@link #STRIDE} … in the file. */
  private final long[] positions;

  private GgufArray(
      GgufCursor start,
      String key,
      int depth,
      GgufType elementType,
      long size,
      long arrayBytes,
      long[] positions) {
    this.start = start;
    this.key = key;
    this.depth = depth;
    this.elementType = elementType;
    this.size = size;
    this.arrayBytes = arrayBytes;
    this.positions = positions;
  }

  /**
   * Passes over an array, all of which is there, and remembers where its elements lie.
   *
   * @param depth how many arrays this one is in
   */
  static GgufArray read(GgufCursor cursor, String key, int depth) {
    cursor.checkDepth(depth, key);
    GgufType elementType = cursor.type(key);
    long size = cursor.count(elementType.leastBytes(), key, "elements");
    GgufCursor start = cursor.at(cursor.position());
    long[] positions = {};
    if (elementType.isFixed()) {
      cursor.advance(size * elementType.leastBytes(), key);
    } else {
      for (long i = 0; i < size; i++) {
        if (i % STRIDE == 0) {
          int stride = Math.toIntExact(i / STRIDE);
          if (stride == positions.length) {
            positions = Arrays.copyOf(positions, Math.max(16, 2 * stride));
          }
          positions[stride] = cursor.position();
        }
        cursor.skip(elementType, depth + 1, key);
      }
    }
    long arrayBytes = cursor.position() - start.position();
    return new GgufArray(start, key, depth, elementType, size, arrayBytes, positions);
  }

  @Override
  public String elementKind() {
    return switch (elementType) {
      case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64 -> "integer";
      case FLOAT32, FLOAT64 -> "number";
      case BOOL -> "flag";
      case STRING -> "text";
      case ARRAY -> "array";
    };
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public Metadata.Value get(long index) {
    return GgufMetadata.read(element(index), elementType, key + "[" + index + "]", depth + 1).get();
  }

  private GgufCursor first() {
    return start.at(start.position());
  }

  /** A cursor before an element. */
  private GgufCursor element(long index) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException(key + "[" + index + "] of " + size);
    }
    if (elementType.isFixed()) {
      return start.at(start.position() + index * elementType.leastBytes());
    }
    GgufCursor element = start.at(positions[(int) (index / STRIDE)]);
    for (long i = 0; i < index % STRIDE; i++) {
      element.skip(elementType, depth + 1, key);
    }
    return element;
  }

  @Override
  public int[] ints() {
    if (!elementKind().equals("integer")) {
      throw wrong("an array of integers");
    }
    GgufCursor element = first();
    if (elementType == GgufType.INT32) {
      return element.int32s(boundedSize(), key);
    }
    int[] ints = new int[boundedSize()];
    for (int i = 0; i < ints.length; i++) {
      Metadata.Value value = GgufMetadata.read(element, elementType, key, depth + 1).get();
      if (!(value instanceof Metadata.Int(long integer)) || integer != (int) integer) {
        throw start.bad(key + "[" + i + "]", "an integer of 32 bits", value.toString());
      }
      ints[i] = (int) integer;
    }
    return ints;
  }

  @Override
  public float[] floats() {
    if (!elementKind().equals("number") && !elementKind().equals("integer")) {
      throw wrong("an array of numbers");
    }
    GgufCursor element = first();
    if (elementType == GgufType.FLOAT32) {
      return element.float32s(boundedSize(), key);
    }
    float[] floats = new float[boundedSize()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] =
          switch (GgufMetadata.read(element, elementType, key, depth + 1).get()) {
            case Metadata.Real(double real) -> (float) real;
            case Metadata.Int(long integer) -> integer;
            case Metadata.Huge(BigInteger integer) -> integer.floatValue();
            case Metadata.Flag _, Metadata.Text _, Metadata.Array _ ->
                throw wrong("an array of numbers");
          };
    }
    return floats;
  }

  @Override
  public byte[][] utf8() {
    if (elementType != GgufType.STRING) {
      throw wrong("an array of texts");
    }
    if (arrayBytes > Gguf.MOST_ARRAY_TEXT_BYTES) {
      throw start.bad(
          key, "at most " + Gguf.MOST_ARRAY_TEXT_BYTES + " bytes of text", arrayBytes + " bytes");
    }
    // one copy, then plain arrays: a vocabulary is read before anything is compiled
    ByteBuffer texts = first().copy((int) arrayBytes, key);
    byte[][] utf8 = new byte[boundedSize()][];
    for (int i = 0; i < utf8.length; i++) {
      long length = texts.remaining() < Long.BYTES ? -1 : texts.getLong();
      if (length < 0 || length > texts.remaining()) {
        throw start.bad(
            key + "[" + i + "]", "the text that was there", "another: the file was overwritten");
      }
      utf8[i] = new byte[(int) length];
      texts.get(utf8[i]);
    }
    return utf8;
  }

  private int boundedSize() {
    if (size > Gguf.MOST_ELEMENTS) {
      throw start.bad(key, "at most " + Gguf.MOST_ELEMENTS + " elements", size + " elements");
    }
    return (int) size;
  }

  private BadFile wrong(String expected) {
    return start.bad(key, expected, kind());
  }
}
