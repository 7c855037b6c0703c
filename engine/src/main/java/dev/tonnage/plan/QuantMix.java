package dev.tonnage.plan;

import dev.tonnage.tensor.DType;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * In which formats a converted model is published: names of mixes, each with the type that most
 * matrices have. Which tensors have another, {@link MixRules} knows.
 */
public enum QuantMix {
  F32(DType.F32),
  BF16(DType.BF16),
  F16(DType.F16),
  Q8_0(DType.Q8_0),
  Q6_K(DType.Q6_K),
  Q5_K_M(DType.Q5_K),
  Q5_K_S(DType.Q5_K),
  Q4_K_M(DType.Q4_K),
  Q4_K_S(DType.Q4_K),
  IQ4_NL(DType.IQ4_NL),
  Q4_0(DType.Q4_0),
  /** Experts alone; the rest has eight bits. */
  MXFP4_MOE(DType.MXFP4),
  IQ4_XS(DType.IQ4_XS),
  Q3_K_L(DType.Q3_K),
  Q3_K_M(DType.Q3_K),
  IQ3_M(DType.IQ3_S),
  IQ3_S(DType.IQ3_S),
  Q3_K_S(DType.Q3_K),
  IQ3_XS(DType.IQ3_S),
  IQ3_XXS(DType.IQ3_XXS),
  Q2_K(DType.Q2_K),
  IQ2_M(DType.IQ2_S),
  IQ2_S(DType.IQ2_XS),
  IQ2_XS(DType.IQ2_XS),
  IQ2_XXS(DType.IQ2_XXS),
  IQ1_M(DType.IQ1_M),
  IQ1_S(DType.IQ1_S),
  /** Folders of MLX: all matrices in groups of 64 numbers, with a scale and a bias of 16 bits. */
  MLX_8BIT(DType.U8),
  MLX_6BIT(DType.U6),
  MLX_5BIT(DType.U5),
  MLX_4BIT(DType.U4),
  MLX_3BIT(DType.U3),
  MLX_2BIT(DType.U2);

  private static final int GROUP = 64;

  private final DType most;

  QuantMix(DType most) {
    this.most = most;
  }

  /** What most matrices have. */
  public DType most() {
    return most;
  }

  /** The mix of a name, in letters of either case, and with either dash. */
  public static Optional<QuantMix> of(String name) {
    String upper = name.toUpperCase(Locale.ROOT).replace('-', '_');
    return Arrays.stream(values()).filter(mix -> mix.name().equals(upper)).findFirst();
  }

  /** The names. */
  public static List<String> names() {
    return Arrays.stream(values()).map(QuantMix::name).toList();
  }

  /** Whether it is of MLX. */
  boolean isOfGroups() {
    return most.needsScales();
  }

  /** Bytes of so many numbers of a type that tensors of this mix may have. */
  static long bytes(DType type, long elements) {
    return type.bytes(elements) + (type.needsScales() ? elements / GROUP * 4 : 0);
  }

  /** Whether rows of so many numbers are whole groups. */
  static boolean isWhole(long columns) {
    return columns % GROUP == 0;
  }

  /** Whether matrices are floats as they are. */
  boolean isFloat() {
    return most.blockElements() == 1;
  }
}
