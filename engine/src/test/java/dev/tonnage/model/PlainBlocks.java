package dev.tonnage.model;

import dev.tonnage.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Block formats decoded number by number, as the formats are defined (ggml's {@code block_*}
 * structures): slow, and written without a look at the kernels, so that it can judge them.
 */
public final class PlainBlocks {

  private final DType type;
  private final ByteBuffer bytes;

  private PlainBlocks(DType type, byte[] bytes) {
    this.type = type;
    this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * The numbers that a tensor's bytes mean.
   *
   * @param type one of F32, F16, BF16, Q8_0, Q4_K, Q6_K, MXFP4
   * @param bytes whole blocks
   */
  public static float[] decode(DType type, byte[] bytes) {
    var blocks = new PlainBlocks(type, bytes);
    float[] values = new float[bytes.length / type.blockBytes() * type.blockElements()];
    for (int i = 0; i < values.length; i++) {
      int start = i / type.blockElements() * type.blockBytes();
      values[i] = blocks.value(start, i % type.blockElements());
    }
    return values;
  }

  private float value(int start, int i) {
    return switch (type) {
      case F32 -> bytes.getFloat(start);
      case F16 -> half(start);
      case BF16 -> Float.intBitsToFloat(bytes.getShort(start) << 16);
      case Q8_0 -> half(start) * bytes.get(start + 2 + i);
      case MXFP4 -> mxfp4(start, i);
      case Q4_K -> q4k(start, i);
      case Q6_K -> q6k(start, i);
      default -> throw new IllegalArgumentException("no plain decoder for " + type);
    };
  }

  private float half(int at) {
    return Float.float16ToFloat(bytes.getShort(at));
  }

  private int octet(int at) {
    return bytes.get(at) & 0xFF;
  }

  /** Two to a power, and nibbles of the first 16 numbers below those of the last (OCP 2023). */
  private float mxfp4(int start, int i) {
    int octet = octet(start + 1 + i % 16);
    float value = e2m1(i < 16 ? octet & 15 : octet >> 4);
    return value * (float) Math.pow(2, octet(start) - 127);
  }

  /** A sign, two bits of exponent, one of fraction. */
  static float e2m1(int bits) {
    int exponent = (bits >> 1) & 3;
    float fraction = (bits & 1) / 2f;
    float magnitude = exponent == 0 ? fraction : (1 + fraction) * (1 << (exponent - 1));
    return (bits & 8) == 0 ? magnitude : -magnitude;
  }

  /** d, dmin, 12 bytes of 6-bit scales and mins of 8 sub-blocks of 32, 128 bytes of nibbles. */
  private float q4k(int start, int i) {
    int sub = i / 32;
    int octet = octet(start + 16 + sub / 2 * 32 + i % 32);
    int quant = sub % 2 == 0 ? octet & 15 : octet >> 4;
    int scales = start + 4;
    int scale;
    int min;
    if (sub < 4) {
      scale = octet(scales + sub) & 63;
      min = octet(scales + sub + 4) & 63;
    } else {
      int low = octet(scales + sub + 4);
      scale = (low & 15) | (octet(scales + sub - 4) >> 6) << 4;
      min = (low >> 4) | (octet(scales + sub) >> 6) << 4;
    }
    return half(start) * scale * quant - half(start + 2) * min;
  }

  /** 128 bytes of low nibbles, 64 of high bit pairs, 16 signed scales, d. */
  private float q6k(int start, int i) {
    int half = i / 128;
    int quarter = i % 128 / 32;
    int at = i % 32;
    int low = (octet(start + half * 64 + quarter % 2 * 32 + at) >> (quarter / 2 * 4)) & 15;
    int high = (octet(start + 128 + half * 32 + at) >> (quarter * 2)) & 3;
    int scale = bytes.get(start + 192 + i / 16);
    return half(start + 208) * scale * ((low | high << 4) - 32);
  }
}
