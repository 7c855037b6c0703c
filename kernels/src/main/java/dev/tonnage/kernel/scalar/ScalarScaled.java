package dev.tonnage.kernel.scalar;

import dev.tonnage.kernel.Memory;
import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Scales;
import dev.tonnage.tensor.Tensor;

/**
 * Numbers whose scales stand in tensors of their own: MLX's groups, {@code scale · integer + bias}
 * with the integers' bits one after the other, the first in the lowest (MLX, {@code quantize}); its
 * MXFP4; and DeepSeek-V3's floats of eight bits with a scale for each 128 rows and columns.
 */
public final class ScalarScaled implements ScalarFormat {

  private final DType type;
  private final Scales scales;
  private final long base;
  private final long rowBytes;
  private final long rowBlocks;
  private final long scalesAt;
  private final long biasesAt;
  private final int scaleBytes;

  ScalarScaled(Tensor tensor) {
    this.type = tensor.type();
    this.scales = tensor.scales().orElseThrow();
    this.base = tensor.data().address();
    this.rowBytes = tensor.rowBytes();
    this.rowBlocks = scales.rowBlocks(tensor.shape().columns());
    this.scalesAt = scales.scales().address();
    this.biasesAt = scales.biases().map(each -> each.address()).orElse(0L);
    this.scaleBytes = scales.type().blockBytes();
  }

  /**
   * Rows or parts of one row.
   *
   * @param blocks an address in the tensor, where a block of its type begins
   */
  @Override
  public void decode(long blocks, int elements, long out, long scratch) {
    long row = (blocks - base) / rowBytes;
    long first = (blocks - base) % rowBytes / type.blockBytes() * type.blockElements();
    long ofRow = (scales.firstRow() + row) / scales.rows() * rowBlocks;
    int k = 0;
    while (k < elements) {
      long block = (first + k) / scales.columns();
      int end = (int) Math.min(elements, (block + 1) * scales.columns() - first);
      float scale = number(scalesAt, ofRow + block);
      float bias = biasesAt == 0 ? -0f : number(biasesAt, ofRow + block); // -0 + x is x
      for (; k < end; k++) {
        Memory.f32(out + 4L * k, scale * stored(blocks, k) + bias);
      }
    }
  }

  private float number(long at, long index) {
    long address = at + index * scaleBytes;
    return switch (scales.type()) {
      case F32 -> Memory.f32(address);
      case F16 -> Float.float16ToFloat(Memory.i16(address));
      case BF16 -> Float.intBitsToFloat(Memory.i16(address) << 16);
      case E8M0 -> power(Memory.u8(address));
      default -> throw new AssertionError(scales.type());
    };
  }

  /** Two to a power; 255 is no number (OCP 2023). */
  private static float power(int exponent) {
    return exponent == 255 ? Float.NaN : (float) Math.scalb(1.0, exponent - 127);
  }

  /** A number as it is stored. */
  private float stored(long blocks, int k) {
    return switch (type) {
      case U2 -> (Memory.u8(blocks + k / 4) >> (k % 4 * 2)) & 3;
      case U4 -> (Memory.u8(blocks + k / 2) >> (k % 2 * 4)) & 15;
      case U8 -> Memory.u8(blocks + k);
      case U3 -> bits(blocks, 3, k);
      case U5 -> bits(blocks, 5, k);
      case U6 -> bits(blocks, 6, k);
      case E2M1 -> e2m1((Memory.u8(blocks + k / 2) >> (k % 2 * 4)) & 15);
      case E4M3 -> e4m3(Memory.u8(blocks + k));
      default -> throw new AssertionError(type);
    };
  }

  /** Bits that may lie in two bytes. */
  private static int bits(long blocks, int width, int k) {
    long bit = (long) k * width;
    int low = Memory.u8(blocks + bit / 8);
    int within = (int) (bit % 8);
    int both = within + width > 8 ? low | Memory.u8(blocks + bit / 8 + 1) << 8 : low;
    return (both >> within) & ((1 << width) - 1);
  }

  private static float e2m1(int bits) {
    int exponent = (bits >> 1) & 3;
    float fraction = (bits & 1) / 2f;
    float magnitude = exponent == 0 ? fraction : (1 + fraction) * (1 << (exponent - 1));
    return (bits & 8) == 0 ? magnitude : -magnitude;
  }

  /** Without infinities; all bits of exponent and fraction are no number. */
  private static float e4m3(int bits) {
    int exponent = (bits >> 3) & 15;
    int fraction = bits & 7;
    float magnitude =
        exponent == 15 && fraction == 7
            ? Float.NaN
            : exponent == 0 ? fraction * 0x1p-9f : Math.scalb(1 + fraction / 8f, exponent - 7);
    return (bits & 128) == 0 ? magnitude : -magnitude;
  }
}
