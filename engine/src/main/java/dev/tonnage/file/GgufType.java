package dev.tonnage.file;

import java.util.List;
import java.util.Optional;

/**
 * The types that a metadata value of a GGUF file may have.
 *
 * <p>Source: the GGUF specification, {@code gguf_metadata_value_type}.
 */
public enum GgufType {
  UINT8(0, 1),
  INT8(1, 1),
  UINT16(2, 2),
  INT16(3, 2),
  UINT32(4, 4),
  INT32(5, 4),
  FLOAT32(6, 4),
  BOOL(7, 1),
  STRING(8, 8),
  ARRAY(9, 12),
  UINT64(10, 8),
  INT64(11, 8),
  FLOAT64(12, 8);

  private static final List<GgufType> ALL = List.of(values());

  private final int id;
  private final int leastBytes;

  GgufType(int id, int leastBytes) {
    this.id = id;
    this.leastBytes = leastBytes;
  }

  /** The type's number in a file. */
  public int id() {
    return id;
  }

  /**
   * Bytes of a value; of a string or an array, which vary, what the empty one takes: its length,
   * and its elements' type and number.
   */
  int leastBytes() {
    return leastBytes;
  }

  /** Whether every value of this type takes the same bytes. */
  boolean isFixed() {
    return this != STRING && this != ARRAY;
  }

  /** The type with this number; empty for an unknown one. */
  static Optional<GgufType> ofId(int id) {
    for (GgufType type : ALL) {
      if (type.id == id) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
