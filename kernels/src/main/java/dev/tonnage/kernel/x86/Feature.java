package dev.tonnage.kernel.x86;

/**
 * What a processor may have that kernels use; with it comes that the system keeps its registers.
 */
public enum Feature {
  AVX2,
  FMA,
  /** Conversion of halves. */
  F16C,
  /** AVX-512 F, BW, DQ and VL. */
  AVX512,
  /** Dot products of bytes, 512 bits. */
  AVX512_VNNI,
  /** Dot products of brain floats. */
  AVX512_BF16,
  /** Dot products of bytes, 256 bits, without AVX-512. */
  AVX_VNNI
}
