package dev.tonnage.kernel.x86;

import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Scales;
import dev.tonnage.tensor.Tensor;
import java.util.Locale;
import java.util.Optional;

/**
 * Whole numbers of four or eight bits, the first of two in the lower four, whose scales and biases
 * stand in tensors of their own, one each for a group of neighbours (MLX, {@code quantize}).
 *
 * @param bits 4 or 8
 * @param size of a group: 32, 64 or 128
 * @param scaleType F32, F16 or BF16
 */
record Groups(int bits, int size, DType scaleType) {

  /** What there is code for. */
  static Optional<Groups> of(Tensor tensor) {
    int bits =
        switch (tensor.type()) {
          case U4 -> 4;
          case U8 -> 8;
          default -> 0;
        };
    Scales scales = tensor.scales().orElseThrow();
    boolean hasCode =
        bits > 0 && scales.rows() == 1 && scales.biases().isPresent() && isSize(scales.columns());
    return hasCode
        ? Optional.of(new Groups(bits, scales.columns(), scales.type()))
        : Optional.empty();
  }

  private static boolean isSize(int columns) {
    return columns == 32 || columns == 64 || columns == 128;
  }

  String name() {
    return "u" + bits + "-" + size + "-" + scaleType.name().toLowerCase(Locale.ROOT);
  }

  /** Bytes of 256 numbers. */
  int bytes() {
    return 32 * bits;
  }

  /** Groups of so many times 32 numbers, the last of a row. */
  int count(int blocks) {
    return Math.ceilDiv(32 * blocks, size);
  }

  /** The group that sixteen neighbours are in, of 256. */
  int of(int sixteen) {
    return 16 * sixteen / size;
  }

  /** Sets an address to the scales of the 256 numbers at another. */
  void scalesOf(X86Assembler a, Gp to, Gp numbers) {
    a.mov(to, numbers);
    a.sub(to, Mem.at(Gp.RDI, Leaf.BASE));
    a.shr(to, Integer.numberOfTrailingZeros(size * bits / 8 / scaleType.blockBytes()));
    a.add(to, Mem.at(Gp.RDI, Leaf.BESIDE));
  }

  /** Sets an address of scales to that of their biases. */
  void biasesOf(X86Assembler a, Gp address) {
    a.add(address, Mem.at(Gp.RDI, Leaf.TO_BIASES));
  }

  /**
   * The scales or biases of up to eight groups as floats, in the first lanes; nothing beyond them
   * is read.
   *
   * @param to of 256 bits
   * @param free overwritten
   */
  void load(X86Assembler a, Vec to, Gp address, int count, Vec free) {
    int bytes = count * scaleType.blockBytes();
    if (bytes == 32) {
      a.emit(Instruction.VMOVUPS, to, Mem.at(address));
    } else {
      sixteen(a, to.x(), Mem.at(address), Math.min(16, bytes));
      if (bytes > 16) {
        sixteen(a, free.x(), Mem.at(address, 16), bytes - 16);
        a.emit(Instruction.VINSERTI128, to, to, free.x(), 1);
      }
    }
    switch (scaleType) {
      case F32 -> {}
      case F16 -> a.emit(Instruction.VCVTPH2PS, to, to.x());
      case BF16 -> {
        a.emit(Instruction.VPMOVZXWD, to, to.x());
        a.shift(Instruction.VPSLLD, to, to, 16);
      }
      default -> throw new IllegalArgumentException("scales of " + scaleType);
    }
  }

  /** Up to sixteen bytes, and zeros. */
  private static void sixteen(X86Assembler a, Vec to, Mem from, int bytes) {
    if (bytes == 16) {
      a.emit(Instruction.VMOVUPS, to, from);
      return;
    }
    a.emit(Instruction.VPXOR, to, to, to);
    int at = 0;
    if (bytes >= 8) {
      a.emit(Instruction.VPINSRQ, to, to, from, 0);
      at = 8;
    }
    for (; at + 4 <= bytes; at += 4) {
      a.emit(Instruction.VPINSRD, to, to, from.plus(at), at / 4);
    }
    if (at < bytes) {
      a.emit(Instruction.VPINSRW, to, to, from.plus(at), at / 2);
    }
  }
}
