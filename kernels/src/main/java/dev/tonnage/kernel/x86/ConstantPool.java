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

  /** Adds numbers of 16 bits, which lie together in memory, and says where. */
  Mem addTable(short[] numbers) {
    Mem first = Avx512.placed(values.size());
    for (int begin = 0; begin < numbers.length; begin += 32) {
      int some = begin;
      values.add(Constants.words(i -> numbers[some + i]));
    }
    return first;
  }

  /** All of them. */
  byte[][] values() {
    return values.toArray(byte[][]::new);
  }
}
