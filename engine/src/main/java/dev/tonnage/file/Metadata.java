package dev.tonnage.file;

import dev.tonnage.error.BadFile;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a checkpoint says about itself: keys and typed values, in the file's order. Typed getters
 * exist so that a wrong type or a missing key is one error with one wording.
 */
public interface Metadata {

  /** The file's name, for messages. */
  String where();

  /** All keys, in the file's order. */
  Set<String> keys();

  /** The keys that begin so, in the file's order. */
  default List<String> keys(String prefix) {
    return keys().stream().filter(key -> key.startsWith(prefix)).toList();
  }

  /**
   * The value of a key; empty where the file does not have it. Texts are decoded now: one that is
   * no UTF-8 is a {@link BadFile}.
   */
  Optional<Value> find(String key);

  /** A value of any type a file may hold. */
  sealed interface Value {

    /** What the value is called in messages: "integer", "text" … */
    String kind();
  }

  /** Any signed or unsigned integer that a {@code long} can hold. */
  record Int(long value) implements Value {
    @Override
    public String kind() {
      return "integer";
    }
  }

  /** An unsigned 64-bit integer beyond a {@code long}. */
  record Huge(BigInteger value) implements Value {
    @Override
    public String kind() {
      return "integer of 64 bits";
    }
  }

  /** A 32- or 64-bit float. */
  record Real(double value) implements Value {
    @Override
    public String kind() {
      return "number";
    }
  }

  /** True or false. */
  record Flag(boolean value) implements Value {
    @Override
    public String kind() {
      return "flag";
    }
  }

  /** A string. */
  record Text(String value) implements Value {
    @Override
    public String kind() {
      return "text";
    }
  }

  /** Many values of one type, read from the file when asked for and not before. */
  non-sealed interface Array extends Value {

    @Override
    default String kind() {
      return "array of " + elementKind();
    }

    /** What an element is called in messages. */
    String elementKind();

    /** Number of elements. */
    long size();

    /**
     * One element. To have all, the methods below are faster.
     *
     * @param index less than {@link #size()}
     */
    Value get(long index);

    /** All elements of an array of integers that fit an {@code int}; a {@link BadFile} else. */
    int[] ints();

    /** All elements of an array of numbers; a {@link BadFile} for another type. */
    float[] floats();

    /** The raw bytes of each element of an array of strings; a {@link BadFile} for another type. */
    byte[][] utf8();
  }

  /** Whether the file has this key. */
  default boolean has(String key) {
    return find(key).isPresent();
  }

  /** An integer that must be there. */
  default long integer(String key) {
    return integer(required(key, "an integer"), key);
  }

  /** An integer, or what holds when the file does not say. */
  default long integer(String key, long fallback) {
    return find(key).map(value -> integer(value, key)).orElse(fallback);
  }

  /** A number that must be there; integers count as numbers. */
  default double number(String key) {
    return number(required(key, "a number"), key);
  }

  /** A number, or what holds when the file does not say. */
  default double number(String key, double fallback) {
    return find(key).map(value -> number(value, key)).orElse(fallback);
  }

  /** A string that must be there. */
  default String text(String key) {
    return text(required(key, "a text"), key);
  }

  /** A string, or what holds when the file does not say. */
  default String text(String key, String fallback) {
    return find(key).map(value -> text(value, key)).orElse(fallback);
  }

  /** A flag, or what holds when the file does not say. */
  default boolean flag(String key, boolean fallback) {
    return find(key).map(value -> flag(value, key)).orElse(fallback);
  }

  /** An array that must be there. */
  default Array array(String key) {
    Value value = required(key, "an array");
    if (value instanceof Array array) {
      return array;
    }
    throw wrong(key, "an array", value);
  }

  private long integer(Value value, String key) {
    if (value instanceof Int(long integer)) {
      return integer;
    }
    throw wrong(key, "an integer", value);
  }

  private double number(Value value, String key) {
    return switch (value) {
      case Real(double real) -> real;
      case Int(long integer) -> integer;
      default -> throw wrong(key, "a number", value);
    };
  }

  private String text(Value value, String key) {
    if (value instanceof Text(String text)) {
      return text;
    }
    throw wrong(key, "a text", value);
  }

  private boolean flag(Value value, String key) {
    if (value instanceof Flag(boolean flag)) {
      return flag;
    }
    throw wrong(key, "a flag", value);
  }

  private Value required(String key, String expected) {
    return find(key)
        .orElseThrow(() ->
            new BadFile(where() + ": " + key, expected, "no such key", "convert the model again"));
  }

  private BadFile wrong(String key, String expected, Value found) {
    return new BadFile(where() + ": " + key, expected, found.kind(), "convert the model again");
  }
}
