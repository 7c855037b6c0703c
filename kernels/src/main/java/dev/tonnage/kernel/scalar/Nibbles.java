package dev.tonnage.kernel.scalar;

import dev.tonnage.kernel.Memory;

/** Numbers of four bits, two a byte. */
final class Nibbles {

  private Nibbles() {}

  /** Nibble k of 32 in 16 bytes: the lower ones are 0-15, the upper 16-31. */
  static int halves(long bytes, int k) {
    return of(Memory.u8(bytes + k % 16), k / 16);
  }

  /** A byte's lower nibble (0) or its upper one (1). */
  static int of(int value, int which) {
    return (value >> (4 * which)) & 15;
  }
}
