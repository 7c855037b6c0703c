package dev.tonnage.model;

import dev.tonnage.tensor.DType;

/** What a tiny model's matrices are stored as; vectors are F32. */
public enum TinyStorage {
  F32(0, DType.F32),
  F16(1, DType.F16),
  BF16(32, DType.BF16),
  Q8_0(7, DType.Q8_0),
  Q6_K(18, DType.Q6_K),
  Q4_K(14, DType.Q4_K),
  /** Q8_0, but MXFP4 for experts. */
  MXFP4(38, DType.Q8_0),
  /** Q4_K, but Q6_K for the output matrix and half of the values and down projections. */
  Q4_K_M(15, DType.Q4_K);

  private final int fileType;
  private final DType matrices;

  TinyStorage(int fileType, DType matrices) {
    this.fileType = fileType;
    this.matrices = matrices;
  }

  int fileType() {
    return fileType;
  }

  DType matrices() {
    return matrices;
  }

  /** Of experts, but for those that a mix gives more bits. */
  DType experts(DType others) {
    return this == MXFP4 ? DType.MXFP4 : others;
  }

  /** For the matrices that a mix gives more bits. */
  DType delicate() {
    return this == Q4_K_M ? DType.Q6_K : matrices;
  }
}
