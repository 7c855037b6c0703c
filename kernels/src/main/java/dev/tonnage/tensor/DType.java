package dev.tonnage.tensor;

import java.util.List;
import java.util.Optional;

/**
 * How the numbers of a tensor are stored: every type a GGUF file may name, with its block, and what
 * stands beside {@link Scales}. A type without a kernel can still be inspected, sized and planned.
 *
 * <p>Source: the GGUF specification and {@code ggml.h}'s type numbers. A block is the smallest unit
 * that can be decoded: {@code blockElements} consecutive numbers of one row in {@code blockBytes}
 * bytes.
 */
public enum DType {
  F32(0, 1, 4),
  F16(1, 1, 2),
  Q4_0(2, 32, 18),
  Q4_1(3, 32, 20),
  Q5_0(6, 32, 22),
  Q5_1(7, 32, 24),
  Q8_0(8, 32, 34),
  Q8_1(9, 32, 36),
  Q2_K(10, 256, 84),
  Q3_K(11, 256, 110),
  Q4_K(12, 256, 144),
  Q5_K(13, 256, 176),
  Q6_K(14, 256, 210),
  Q8_K(15, 256, 292),
  IQ2_XXS(16, 256, 66),
  IQ2_XS(17, 256, 74),
  IQ3_XXS(18, 256, 98),
  IQ1_S(19, 256, 50),
  IQ4_NL(20, 32, 18),
  IQ3_S(21, 256, 110),
  IQ2_S(22, 256, 82),
  IQ4_XS(23, 256, 136),
  I8(24, 1, 1),
  I16(25, 1, 2),
  I32(26, 1, 4),
  I64(27, 1, 8),
  F64(28, 1, 8),
  IQ1_M(29, 256, 56),
  BF16(30, 1, 2),
  TQ1_0(34, 256, 54),
  TQ2_0(35, 256, 66),
  MXFP4(39, 32, 17),
  NVFP4(40, 64, 36),

  // below: numbers that mean something only with the Scales of their tensor, not of GGUF files

  /** Unsigned integers of two bits, the first in the lowest bits; so are the next ones. */
  U2(DType.NOT_IN_GGUF, 32, 8),
  U3(DType.NOT_IN_GGUF, 32, 12),
  U4(DType.NOT_IN_GGUF, 32, 16),
  U5(DType.NOT_IN_GGUF, 32, 20),
  U6(DType.NOT_IN_GGUF, 32, 24),
  U8(DType.NOT_IN_GGUF, 32, 32),
  /** Floats of four bits: a sign, two bits of exponent, one of fraction (OCP 2023). */
  E2M1(DType.NOT_IN_GGUF, 32, 16),
  /** Floats of eight bits: a sign, four bits of exponent, three of fraction (OCP 2023). */
  E4M3(DType.NOT_IN_GGUF, 1, 1),
  /** Powers of two, of eight bits: only scales are such. */
  E8M0(DType.NOT_IN_GGUF, 1, 1);

  private static final int NOT_IN_GGUF = -1;

  /** Numbers that once meant a type and were withdrawn from the format, with the name they had. */
  private static final List<Withdrawn> WITHDRAWN =
      List.of(
          new Withdrawn(4, "Q4_2"),
          new Withdrawn(5, "Q4_3"),
          new Withdrawn(31, "Q4_0_4_4"),
          new Withdrawn(32, "Q4_0_4_8"),
          new Withdrawn(33, "Q4_0_8_8"),
          new Withdrawn(36, "IQ4_NL_4_4"),
          new Withdrawn(37, "IQ4_NL_4_8"),
          new Withdrawn(38, "IQ4_NL_8_8"));

  private static final List<DType> ALL = List.of(values());

  private record Withdrawn(int id, String name) {}

  private final int id;
  private final int blockElements;
  private final int blockBytes;

  DType(int id, int blockElements, int blockBytes) {
    this.id = id;
    this.blockElements = blockElements;
    this.blockBytes = blockBytes;
  }

  /** The type's number in a GGUF file; negative for one that is not in such files. */
  public int id() {
    return id;
  }

  /** Those that GGUF files may have. */
  public static List<DType> ofGguf() {
    return ALL.stream().filter(type -> type.id >= 0).toList();
  }

  /** Whether numbers mean something with the scales of their tensor alone. */
  public boolean needsScales() {
    return switch (this) {
      case U2, U3, U4, U5, U6, U8, E2M1, E4M3 -> true;
      default -> false;
    };
  }

  /** Numbers in a block. */
  public int blockElements() {
    return blockElements;
  }

  /** Bytes of a block. */
  public int blockBytes() {
    return blockBytes;
  }

  /** Mean bits a number takes, block scales included. */
  public double bitsPerElement() {
    return 8.0 * blockBytes / blockElements;
  }

  /**
   * Bytes of a number of elements.
   *
   * @param elements a multiple of {@link #blockElements()}
   * @throws ArithmeticException if the result exceeds a {@code long}
   */
  public long bytes(long elements) {
    if (elements % blockElements != 0) {
      throw new IllegalArgumentException(elements + " elements are no whole blocks of " + this);
    }
    return Math.multiplyExact(elements / blockElements, (long) blockBytes);
  }

  /** The type with this number in a GGUF file; empty for an unknown or a withdrawn one. */
  public static Optional<DType> ofId(long id) {
    for (DType type : ALL) {
      if (type.id >= 0 && type.id == id) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** The name that a number had before it was withdrawn from the format; empty for any other. */
  public static Optional<String> withdrawn(long id) {
    return WITHDRAWN.stream().filter(w -> w.id == id).map(Withdrawn::name).findFirst();
  }
}
