package dev.tonnage.file;

import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A GGUF file's keys and values: numbers are read when the file is opened, texts when asked for.
 */
final class GgufMetadata implements Metadata {

  private final String name;
  private final Map<String, Supplier<Value>> values;

  private GgufMetadata(String name, Map<String, Supplier<Value>> values) {
    this.name = name;
    this.values = values;
  }

  /**
   * Reads keys and passes over their values.
   *
   * @param count how many the file claims
   */
  static GgufMetadata read(String name, GgufCursor cursor, long count) {
    Map<String, Supplier<Value>> values = new LinkedHashMap<>();
    for (long i = 0; i < count; i++) {
      String key = cursor.label(Gguf.MOST_KEY_BYTES, "key " + (i + 1) + " of " + count);
      GgufType type = cursor.type(key);
      if (values.putIfAbsent(key, read(cursor, type, key, 0)) != null) {
        throw cursor.bad(key, "a key only once", "it twice");
      }
    }
    return new GgufMetadata(name, values);
  }

  /**
   * Reads a value, or passes over it and remembers where it is.
   *
   * @param depth how many arrays the value is in
   */
  static Supplier<Value> read(GgufCursor cursor, GgufType type, String key, int depth) {
    return switch (type) {
      case UINT8 -> integer(cursor.int8(key) & 0xFF);
      case INT8 -> integer(cursor.int8(key));
      case UINT16 -> integer(cursor.int16(key) & 0xFFFF);
      case INT16 -> integer(cursor.int16(key));
      case UINT32 -> integer(cursor.int32(key) & 0xFFFF_FFFFL);
      case INT32 -> integer(cursor.int32(key));
      case UINT64 -> unsigned(cursor.int64(key));
      case INT64 -> integer(cursor.int64(key));
      case FLOAT32 -> real(Float.intBitsToFloat(cursor.int32(key)));
      case FLOAT64 -> real(Double.longBitsToDouble(cursor.int64(key)));
      case BOOL -> flag(cursor, cursor.int8(key), key);
      case STRING -> {
        MemorySegment utf8 = cursor.utf8(key);
        yield () -> new Text(cursor.text(utf8, key));
      }
      case ARRAY -> {
        GgufArray array = GgufArray.read(cursor, key, depth);
        yield () -> array;
      }
    };
  }

  private static Supplier<Value> integer(long integer) {
    Int value = new Int(integer);
    return () -> value;
  }

  private static Supplier<Value> unsigned(long bits) {
    if (bits >= 0) {
      return integer(bits);
    }
    Huge value = new Huge(new BigInteger(Long.toUnsignedString(bits)));
    return () -> value;
  }

  private static Supplier<Value> real(double real) {
    Real value = new Real(real);
    return () -> value;
  }

  private static Supplier<Value> flag(GgufCursor cursor, byte flag, String key) {
    if (flag != 0 && flag != 1) {
      throw cursor.bad(key, "a flag that is 0 or 1", Integer.toString(flag));
    }
    Flag value = new Flag(flag == 1);
    return () -> value;
  }

  @Override
  public String where() {
    return name;
  }

  @Override
  public Set<String> keys() {
    return Collections.unmodifiableSet(values.keySet());
  }

  @Override
  public Optional<Value> find(String key) {
    return Optional.ofNullable(values.get(key)).map(Supplier::get);
  }
}
