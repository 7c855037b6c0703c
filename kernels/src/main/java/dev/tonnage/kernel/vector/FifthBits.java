package dev.tonnage.kernel.vector;

import dev.tonnage.kernel.Memory;

/** Numbers of five bits in blocks of 32: 16 bytes of nibbles, and 32 bits above them. */
final class FifthBits {

  private static final long NIBBLES = 0x0f0f_0f0f_0f0f_0f0fL;
  private static final long FIFTH = 0x1010_1010_1010_1010L;
  private static final long ABOVE = 0xf0f0_f0f0_f0f0_f0f0L;

  private FifthBits() {}

  /** Puts them together, a byte each. */
  static void store(int high, long nibbles, long to) {
    long first = Memory.i64(nibbles);
    long second = Memory.i64(nibbles + 8);
    Memory.i64(to, (first & NIBBLES) | (Spread.bytes(high) & FIFTH));
    Memory.i64(to + 8, (second & NIBBLES) | (Spread.bytes(high >> 8) & FIFTH));
    Memory.i64(to + 16, ((first >>> 4) & NIBBLES) | (Spread.bytes(high >> 16) & FIFTH));
    Memory.i64(to + 24, ((second >>> 4) & NIBBLES) | (Spread.bytes(high >> 24) & FIFTH));
  }

  /** The same less 16: without its fifth bit a number is negative, and has all bits above. */
  static void storeLess16(int high, long nibbles, long to) {
    long first = Memory.i64(nibbles);
    long second = Memory.i64(nibbles + 8);
    Memory.i64(to, (first & NIBBLES) | (~Spread.bytes(high) & ABOVE));
    Memory.i64(to + 8, (second & NIBBLES) | (~Spread.bytes(high >> 8) & ABOVE));
    Memory.i64(to + 16, ((first >>> 4) & NIBBLES) | (~Spread.bytes(high >> 16) & ABOVE));
    Memory.i64(to + 24, ((second >>> 4) & NIBBLES) | (~Spread.bytes(high >> 24) & ABOVE));
  }
}
