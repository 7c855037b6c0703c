package dev.tonnage.model;

import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A random tensor of a tiny model, in the bytes its file has. */
public final class TinyWeight {

  /** Standard deviation of a nibble that takes its 16 values alike. */
  private static final double NIBBLE_DEVIATION = 4.61;

  /** Standard deviation of six bits that take their 64 values alike. */
  private static final double SIX_BIT_DEVIATION = 18.47;

  private final String name;
  private final DType type;
  private final Shape shape;
  private final byte[] bytes;

  private TinyWeight(String name, DType type, Shape shape, byte[] bytes) {
    this.name = name;
    this.type = type;
    this.shape = shape;
    this.bytes = bytes;
  }

  /**
   * Numbers of a bell curve, the same for a seed and a name whatever the type, but for the K
   * formats: those are random blocks of the same spread, since the best way to quantise to them is
   * no part of the formats.
   *
   * @param shape outermost extent first
   */
  public static TinyWeight random(
      long seed, String name, DType type, Shape shape, double mean, double deviation) {
    var random = SplitMix64.of(seed, name);
    int elements = Math.toIntExact(shape.elements());
    ByteBuffer out =
        ByteBuffer.allocate(Math.toIntExact(type.bytes(elements))).order(ByteOrder.LITTLE_ENDIAN);
    switch (type) {
      case Q4_K -> {
        while (out.hasRemaining()) {
          q4k(random, deviation, out);
        }
      }
      case Q6_K -> {
        while (out.hasRemaining()) {
          q6k(random, deviation, out);
        }
      }
      default -> {
        float[] values = new float[elements];
        for (int i = 0; i < elements; i++) {
          values[i] = (float) (mean + deviation * random.gaussian());
        }
        encode(values, type, out);
      }
    }
    return new TinyWeight(name, type, shape, out.array());
  }

  /** These numbers, as F32. */
  public static TinyWeight of(String name, Shape shape, float... values) {
    return of(name, DType.F32, shape, values);
  }

  /** These numbers, in a format that there is an encoder for. */
  static TinyWeight of(String name, DType type, Shape shape, float... values) {
    int bytes = Math.toIntExact(type.bytes(values.length));
    ByteBuffer out = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    encode(values, type, out);
    return new TinyWeight(name, type, shape, out.array());
  }

  /** The name in the file. */
  public String name() {
    return name;
  }

  /** How the numbers are stored. */
  public DType type() {
    return type;
  }

  /** Outermost extent first. */
  public Shape shape() {
    return shape;
  }

  /** The bytes in the file. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** The numbers that the bytes mean, row after row. */
  public float[] values() {
    return PlainBlocks.decode(type, bytes);
  }

  /** The same numbers, as F32. */
  public TinyWeight dequantised() {
    return of(name, shape, values());
  }

  private static void encode(float[] values, DType type, ByteBuffer out) {
    switch (type) {
      case F32 -> {
        for (float value : values) {
          out.putFloat(value);
        }
      }
      case F16 -> {
        for (float value : values) {
          out.putShort(Float.floatToFloat16(value));
        }
      }
      case BF16 -> {
        for (float value : values) {
          out.putShort(bfloat16(value));
        }
      }
      case Q8_0 -> {
        for (int start = 0; start < values.length; start += DType.Q8_0.blockElements()) {
          q8(values, start, out);
        }
      }
      case MXFP4 -> {
        for (int start = 0; start < values.length; start += DType.MXFP4.blockElements()) {
          mxfp4(values, start, out);
        }
      }
      default -> throw new IllegalArgumentException("no plain encoder for " + type);
    }
  }

  /** The upper half of the bits, rounded to nearest, ties to even; numbers only. */
  private static short bfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
  }

  /** The largest magnitude becomes 127; the scale is rounded to F16 after the quants are made. */
  private static void q8(float[] values, int start, ByteBuffer out) {
    float largest = 0;
    for (int i = 0; i < DType.Q8_0.blockElements(); i++) {
      largest = Math.max(largest, Math.abs(values[start + i]));
    }
    float scale = largest / 127;
    out.putShort(Float.floatToFloat16(scale));
    for (int i = 0; i < DType.Q8_0.blockElements(); i++) {
      out.put((byte) (scale == 0 ? 0 : Math.round(values[start + i] / scale)));
    }
  }

  /** A power of two that leaves the largest magnitude within 4 to 8; larger than 6 becomes 6. */
  private static void mxfp4(float[] values, int start, ByteBuffer out) {
    float largest = Float.MIN_NORMAL;
    for (int i = 0; i < 32; i++) {
      largest = Math.max(largest, Math.abs(values[start + i]));
    }
    int exponent = Math.getExponent(largest) - 2;
    out.put((byte) (exponent + 127));
    for (int i = 0; i < 16; i++) {
      int low = e2m1(Math.scalb(values[start + i], -exponent));
      out.put((byte) (low | e2m1(Math.scalb(values[start + 16 + i], -exponent)) << 4));
    }
  }

  /** The nearest number of four bits. */
  private static int e2m1(float value) {
    int best = 0;
    for (int bits = 1; bits < 8; bits++) {
      float error = Math.abs(PlainBlocks.e2m1(bits) - Math.abs(value));
      if (error < Math.abs(PlainBlocks.e2m1(best) - Math.abs(value))) {
        best = bits;
      }
    }
    return value < 0 ? best | 8 : best;
  }

  /** Scales use all six bits; mins differ from them, so that a mix-up shows. */
  private static void q4k(SplitMix64 random, double deviation, ByteBuffer out) {
    double scale = deviation / (NIBBLE_DEVIATION * 32) * (0.8 + 0.4 * random.uniform());
    out.putShort(Float.floatToFloat16((float) scale));
    out.putShort(Float.floatToFloat16((float) (scale * 7.5)));
    int[] scales = new int[8];
    int[] mins = new int[8];
    for (int sub = 0; sub < 8; sub++) {
      scales[sub] = 20 + random.below(25);
      mins[sub] = scales[sub] - 5 + random.below(11);
    }
    for (int sub = 0; sub < 4; sub++) {
      out.put((byte) (scales[sub] | scales[sub + 4] >> 4 << 6));
    }
    for (int sub = 0; sub < 4; sub++) {
      out.put((byte) (mins[sub] | mins[sub + 4] >> 4 << 6));
    }
    for (int sub = 4; sub < 8; sub++) {
      out.put((byte) ((scales[sub] & 15) | (mins[sub] & 15) << 4));
    }
    put(random, 128, out);
  }

  /** Scales of both signs. */
  private static void q6k(SplitMix64 random, double deviation, ByteBuffer out) {
    put(random, 192, out);
    for (int i = 0; i < 16; i++) {
      int magnitude = 40 + random.below(50);
      out.put((byte) (random.below(2) == 0 ? magnitude : -magnitude));
    }
    double scale = deviation / (SIX_BIT_DEVIATION * 65) * (0.8 + 0.4 * random.uniform());
    out.putShort(Float.floatToFloat16((float) scale));
  }

  private static void put(SplitMix64 random, int bytes, ByteBuffer out) {
    for (int i = 0; i < bytes; i += 8) {
      out.putLong(random.next());
    }
  }
}
