package dev.tonnage.file;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A metadata value to be written: its type in the file, and its bytes. */
public final class GgufValue {

  private final GgufType type;
  private final byte[] bytes;

  private GgufValue(GgufType type, LittleEndianOutput bytes) {
    this.type = type;
    this.bytes = bytes.toByteArray();
  }

  /** An unsigned integer of 8 bits. */
  public static GgufValue uint8(int value) {
    return integer(GgufType.UINT8, value, 0, 0xFF);
  }

  /** An integer of 8 bits. */
  public static GgufValue int8(int value) {
    return integer(GgufType.INT8, value, Byte.MIN_VALUE, Byte.MAX_VALUE);
  }

  /** An unsigned integer of 16 bits. */
  public static GgufValue uint16(int value) {
    return integer(GgufType.UINT16, value, 0, 0xFFFF);
  }

  /** An integer of 16 bits. */
  public static GgufValue int16(int value) {
    return integer(GgufType.INT16, value, Short.MIN_VALUE, Short.MAX_VALUE);
  }

  /** An unsigned integer of 32 bits, the type of most sizes in a model's metadata. */
  public static GgufValue uint32(long value) {
    return integer(GgufType.UINT32, value, 0, 0xFFFF_FFFFL);
  }

  /** An integer of 32 bits. */
  public static GgufValue int32(int value) {
    return integer(GgufType.INT32, value, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /**
   * An unsigned integer of 64 bits.
   *
   * @param bits the value's bits: a negative number is one of 2⁶³ or more
   */
  public static GgufValue uint64(long bits) {
    return integer(GgufType.UINT64, bits, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /** An integer of 64 bits. */
  public static GgufValue int64(long value) {
    return integer(GgufType.INT64, value, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /** A float of 32 bits. */
  public static GgufValue float32(float value) {
    return new GgufValue(
        GgufType.FLOAT32, new LittleEndianOutput().uint32(Float.floatToRawIntBits(value)));
  }

  /** A float of 64 bits. */
  public static GgufValue float64(double value) {
    return new GgufValue(
        GgufType.FLOAT64, new LittleEndianOutput().uint64(Double.doubleToRawLongBits(value)));
  }

  /** True or false. */
  public static GgufValue flag(boolean value) {
    return integer(GgufType.BOOL, value ? 1 : 0, 0, 1);
  }

  /** A string. */
  public static GgufValue text(String value) {
    return text(value.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A string.
   *
   * @param utf8 its bytes, written as they are
   */
  public static GgufValue text(byte[] utf8) {
    return new GgufValue(GgufType.STRING, new LittleEndianOutput().text(utf8));
  }

  /** An array of 32-bit integers. */
  public static GgufValue int32s(int... values) {
    return array(GgufType.INT32, IntStream.of(values).mapToObj(GgufValue::int32).toList());
  }

  /** An array of 32-bit floats. */
  public static GgufValue float32s(float... values) {
    var elements = new ArrayList<GgufValue>();
    for (float value : values) {
      elements.add(float32(value));
    }
    return array(GgufType.FLOAT32, elements);
  }

  /** An array of strings. */
  public static GgufValue texts(List<String> values) {
    return array(GgufType.STRING, values.stream().map(GgufValue::text).toList());
  }

  /**
   * An array of any type, arrays included.
   *
   * @param elementType the type of each element, which the file names even where there is none
   */
  public static GgufValue array(GgufType elementType, List<GgufValue> elements) {
    var bytes = new LittleEndianOutput().uint32(elementType.id()).uint64(elements.size());
    for (GgufValue element : elements) {
      if (element.type != elementType) {
        throw new IllegalArgumentException(element.type + " in an array of " + elementType);
      }
      bytes.raw(element.bytes);
    }
    return new GgufValue(GgufType.ARRAY, bytes);
  }

  GgufType type() {
    return type;
  }

  byte[] bytes() {
    return bytes;
  }

  private static GgufValue integer(GgufType type, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(value + " is no " + type);
    }
    return new GgufValue(type, new LittleEndianOutput().number(value, type.leastBytes()));
  }
}
