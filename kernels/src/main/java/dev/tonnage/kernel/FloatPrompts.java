package dev.tonnage.kernel;

import dev.tonnage.tensor.Rows;

/** Prompts by tiles of decoded rows; activations are floats as they are. */
record FloatPrompts(BlockFormat format, Kernels kernels) implements FloatMatrixKernel {

  /** Decoded weights of a tile: half of a usual second-level cache of 512 KiB. */
  private static final int TILE_BYTES = 256 << 10;

  /** Weight rows of a tile, where they are short. */
  private static final int MOST_ROWS = 64;

  /** Whatever the format. */
  static long mostScratchBytes(int inputs) {
    return tileRows(inputs) * 4L * Rows.padded(inputs) + decodingBytes(inputs);
  }

  private static int tileRows(int inputs) {
    return Math.clamp(TILE_BYTES / (4L * Rows.padded(inputs)), 4, MOST_ROWS) & -4;
  }

  private static long decodingBytes(int inputs) {
    return (long) BlockFormat.SCRATCH_BYTES_PER_ELEMENT * Rows.padded(inputs);
  }

  @Override
  public int rows(int inputs, int share) {
    return tileRows(inputs);
  }

  @Override
  public long scratchBytes(int inputs) {
    return mostScratchBytes(inputs);
  }

  @Override
  public void multiply(Tile tile, long scratch) {
    int inputs = tile.inputs();
    int padded = Rows.padded(inputs);
    long decoding = scratch + mostScratchBytes(inputs) - decodingBytes(inputs);
    for (int r = 0; r < tile.rows(); r++) {
      long row = scratch + r * 4L * padded;
      format.decode(tile.weights() + r * tile.rowBytes(), inputs, row, decoding);
      for (int k = inputs; k < padded; k++) {
        Memory.f32(row + 4L * k, 0);
      }
    }
    kernels.multiplyTile(
        scratch,
        tile.rows(),
        padded,
        tile.activations(),
        tile.tokens(),
        tile.results(),
        tile.resultBytes());
  }
}
