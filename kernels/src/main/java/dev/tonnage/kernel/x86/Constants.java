package dev.tonnage.kernel.x86;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntUnaryOperator;

/** Vectors of 64 bytes that code carries along. */
final class Constants {

  private Constants() {}

  /** A byte for each of 64 lanes. */
  static byte[] bytes(IntUnaryOperator lane) {
    byte[] bytes = new byte[64];
    for (int i = 0; i < 64; i++) {
      bytes[i] = (byte) lane.applyAsInt(i);
    }
    return bytes;
  }

  /** 16 bits for each of 32 lanes. */
  static byte[] words(IntUnaryOperator lane) {
    return ints(i -> (lane.applyAsInt(2 * i) & 0xffff) | (lane.applyAsInt(2 * i + 1) << 16));
  }

  /** 32 bits for each of 16 lanes. */
  static byte[] ints(IntUnaryOperator lane) {
    ByteBuffer bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 16; i++) {
      bytes.putInt(lane.applyAsInt(i));
    }
    return bytes.array();
  }

  /**
   * For a shuffle of bytes: to each of 16 lanes of 32 bits goes a byte, of the sixteen that stand
   * in each 128 bits, and zeros on top of it.
   */
  static byte[] bytesToInts(IntUnaryOperator lane) {
    return ints(each -> 0x80808000 | lane.applyAsInt(each));
  }

  /** The same for 32 lanes of 16 bits. */
  static byte[] bytesToShorts(IntUnaryOperator lane) {
    return words(each -> 0x8000 | lane.applyAsInt(each));
  }

  /** For a shuffle of bytes: in each lane of 32 bits the lower (0) or upper (1) 16 bits twice. */
  static byte[] halves(int which) {
    return bytes(i -> (i % 16 & -4) + 2 * which + i % 2);
  }

  /** For a shuffle of bytes: in each lane of 32 bits one of its bytes four times. */
  static byte[] quarters(int which) {
    return bytes(i -> (i % 16 & -4) + which);
  }

  /** The same float in 16 lanes. */
  static byte[] floats(float value) {
    return ints(_ -> Float.floatToRawIntBits(value));
  }
}
