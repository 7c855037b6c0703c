package dev.tonnage.file;

import dev.tonnage.tensor.DType;
import java.util.Optional;

/**
 * How the numbers of a safetensors tensor are stored.
 *
 * <p>Source: the format's specification (Hugging Face, safetensors).
 */
enum SafetensorsType {
  BOOL(1),
  U8(1),
  I8(1, DType.I8),
  F8_E5M2(1),
  F8_E4M3(1),
  F8_E8M0(1),
  I16(2, DType.I16),
  U16(2),
  F16(2, DType.F16),
  BF16(2, DType.BF16),
  I32(4, DType.I32),
  U32(4),
  F32(4, DType.F32),
  F64(8, DType.F64),
  I64(8, DType.I64),
  U64(8);

  private final int bytes;
  private final Optional<DType> type;

  SafetensorsType(int bytes) {
    this.bytes = bytes;
    this.type = Optional.empty();
  }

  SafetensorsType(int bytes, DType type) {
    this.bytes = bytes;
    this.type = Optional.of(type);
  }

  /** Bytes of a number. */
  int bytes() {
    return bytes;
  }

  /** What the same numbers are called elsewhere; empty for those that only mean something here. */
  Optional<DType> type() {
    return type;
  }

  /** The one of this name. */
  static Optional<SafetensorsType> named(String name) {
    for (SafetensorsType each : values()) {
      if (each.name().equals(name)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
