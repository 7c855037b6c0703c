package dev.tonnage.kernel;

import dev.tonnage.tensor.Rows;

/** Generated tokens by the format's own dot product; activations are floats as they are. */
record FloatGeneration(BlockFormat format) implements FloatMatrixKernel {

  /** Rows of a task: work for some microseconds. */
  private static final int ROWS = 64;

  @Override
  public int rows(int inputs, int share) {
    return ROWS;
  }

  @Override
  public long scratchBytes(int inputs) {
    return (long) BlockFormat.SCRATCH_BYTES_PER_ELEMENT * Rows.padded(inputs);
  }

  @Override
  public void multiply(Tile tile, long scratch) {
    for (int row = 0; row < tile.rows(); row++) {
      long blocks = tile.weights() + row * tile.rowBytes();
      for (int t = 0; t < tile.tokens(); t++) {
        long x = tile.activations() + t * tile.activationBytes();
        float sum = format.dot(blocks, tile.inputs(), x, scratch);
        Memory.f32(tile.results() + t * tile.resultBytes() + 4L * row, sum);
      }
    }
  }
}
