package dev.tonnage.kernel.x86;

import java.util.ArrayList;
import java.util.List;

/** An unpacker's constants as they are collected; the first ones get registers. */
final class ConstantPool {

  private final List<byte[]> values = new ArrayList<>();

  /** Adds 64 bytes and says where code finds them. */
  Rm add(byte[] value) {
    values.add(value);
    return Avx512.operand(values.size() - 1);
  }

  /** All of them. */
  byte[][] values() {
    return values.toArray(byte[][]::new);
  }
}
