package dev.tonnage.kernel.vector;

import dev.tonnage.kernel.scalar.Signs;

/** Eight bits as eight bytes: −1 where a bit is set, else 0. */
final class Spread {

  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long[] BYTES = new long[256];
  private static final long[] EVEN = new long[128];

  static {
    for (int bits = 0; bits < 256; bits++) {
      for (int i = 0; i < 8; i++) {
        BYTES[bits] |= ((bits >> i) & 1) * (0xffL << (8 * i));
      }
    }
    for (int bits = 0; bits < 128; bits++) {
      EVEN[bits] = BYTES[Signs.even(bits)];
    }
  }

  private Spread() {}

  /** The lowest eight bits, the lowest first. */
  static long bytes(int bits) {
    return BYTES[bits & 255];
  }

  /** The lowest seven bits, and the one that makes the number of set bits even. */
  static long even(int bits) {
    return EVEN[bits & 127];
  }

  /** Eight bytes from 1 to 127, negated where a mask is −1. */
  static long negated(long bytes, long mask) {
    return (bytes ^ mask) + (mask & ONES);
  }
}
