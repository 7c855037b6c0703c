package dev.tonnage.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The whole address space as one segment, for leaf kernels alone.
 *
 * <p>Kernels of every level take addresses, because placed machine code does; {@link Cpu} is the
 * gate that checks every bound before it turns a segment into an address. A constant segment
 * without an owner also costs the compiled loops nothing: no liveness check, no profile of segment
 * classes that differs between mapped and allocated memory.
 */
public final class Memory {

  /** Every address, as an offset. */
  @SuppressWarnings("restricted") // the one place where native access is asked for
  public static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private Memory() {}

  /**
   * An address as it is, whose upper byte is known to be zero, as it is on every system: sums with
   * counts are then known to be no negative numbers, and loops over them need no check of that.
   */
  public static long plain(long address) {
    return address & 0x00ff_ffff_ffff_ffffL;
  }

  /** The byte at an address, 0…255. */
  public static int u8(long address) {
    return ALL.get(ValueLayout.JAVA_BYTE, address) & 0xff;
  }

  /** The signed byte at an address. */
  public static int i8(long address) {
    return ALL.get(ValueLayout.JAVA_BYTE, address);
  }

  /** The 16 bits at an address, little-endian. */
  public static short i16(long address) {
    return ALL.get(ValueLayout.JAVA_SHORT_UNALIGNED, address);
  }

  /** The 32 bits at an address, little-endian. */
  public static int i32(long address) {
    return ALL.get(ValueLayout.JAVA_INT_UNALIGNED, address);
  }

  /** The 64 bits at an address, little-endian. */
  public static long i64(long address) {
    return ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, address);
  }

  /** The half-precision float at an address. */
  public static float f16(long address) {
    return Float.float16ToFloat(i16(address));
  }

  /** The float at an address. */
  public static float f32(long address) {
    return ALL.get(ValueLayout.JAVA_FLOAT_UNALIGNED, address);
  }

  /** Stores a float. */
  public static void f32(long address, float value) {
    ALL.set(ValueLayout.JAVA_FLOAT_UNALIGNED, address, value);
  }

  /** Stores 16 bits. */
  public static void i16(long address, short value) {
    ALL.set(ValueLayout.JAVA_SHORT_UNALIGNED, address, value);
  }

  /** Stores a byte. */
  public static void i8(long address, byte value) {
    ALL.set(ValueLayout.JAVA_BYTE, address, value);
  }

  /** Fills bytes with zeros. */
  public static void zero(long address, long bytes) {
    ALL.asSlice(address, bytes).fill((byte) 0);
  }

  /** Copies bytes; the two ranges may overlap. */
  public static void copy(long from, long to, long bytes) {
    MemorySegment.copy(ALL, from, ALL, to, bytes);
  }

  /** Stores 32 bits. */
  public static void i32(long address, int value) {
    ALL.set(ValueLayout.JAVA_INT_UNALIGNED, address, value);
  }

  /** Stores 64 bits. */
  public static void i64(long address, long value) {
    ALL.set(ValueLayout.JAVA_LONG_UNALIGNED, address, value);
  }
}
