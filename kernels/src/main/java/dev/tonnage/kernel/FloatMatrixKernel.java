package dev.tonnage.kernel;

/** A kernel for which activations are floats as they are: nothing is prepared. */
public interface FloatMatrixKernel extends MatrixKernel {

  @Override
  default long activationBytes(int inputs) {
    return 0;
  }

  @Override
  default void prepare(long x, int inputs, long prepared, long scratch) {
    throw new IllegalStateException("floats are used as they are");
  }
}
