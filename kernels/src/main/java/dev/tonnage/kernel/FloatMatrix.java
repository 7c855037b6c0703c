package dev.tonnage.kernel;

import dev.tonnage.tensor.Rows;

/**
 * Matrices of a level that multiplies floats: prompts by tiles of decoded rows, generated tokens by
 * the format's own dot product. Activations are used as they are.
 */
public record FloatMatrix(BlockFormat format, Kernels kernels) implements MatrixKernel {

  /** Rows of a task of generated tokens: work for some microseconds. */
  private static final int GENERATION_ROWS = 64;

  /** Decoded weights of a prompt tile: half of a usual second-level cache of 512 KiB. */
  private static final int TILE_BYTES = 256 << 10;

  /** Weight rows of a prompt tile, where they are short. */
  private static final int MOST_TILE_ROWS = 64;

  /** Whatever the format. */
  static long mostScratchBytes(int inputs) {
    return promptRows(inputs) * 4L * Rows.padded(inputs) + decodingBytes(inputs);
  }

  private static int promptRows(int inputs) {
    return Math.clamp(TILE_BYTES / (4L * Rows.padded(inputs)), 4, MOST_TILE_ROWS) & -4;
  }

  private static long decodingBytes(int inputs) {
    return (long) BlockFormat.SCRATCH_BYTES_PER_ELEMENT * Rows.padded(inputs);
  }

  @Override
  public int rows(int inputs, Phase phase) {
    return switch (phase) {
      case PROMPT -> promptRows(inputs);
      case GENERATION -> GENERATION_ROWS;
    };
  }

  @Override
  public long activationBytes(int inputs, Phase phase) {
    return 0;
  }

  @Override
  public void prepare(long x, int inputs, Phase phase, long prepared, long scratch) {
    throw new IllegalStateException("floats are used as they are");
  }

  @Override
  public long scratchBytes(int inputs, Phase phase) {
    return switch (phase) {
      case PROMPT -> mostScratchBytes(inputs);
      case GENERATION -> decodingBytes(inputs);
    };
  }

  @Override
  public void multiply(Tile tile, Phase phase, long scratch) {
    switch (phase) {
      case PROMPT -> prompt(tile, scratch);
      case GENERATION -> generation(tile, scratch);
    }
  }

  private void generation(Tile tile, long scratch) {
    for (int row = 0; row < tile.rows(); row++) {
      long blocks = tile.weights() + row * tile.rowBytes();
      for (int t = 0; t < tile.tokens(); t++) {
        long x = tile.activations() + t * tile.activationBytes();
        float sum = format.dot(blocks, tile.inputs(), x, scratch);
        Memory.f32(tile.results() + t * tile.resultBytes() + 4L * row, sum);
      }
    }
  }

  private void prompt(Tile tile, long scratch) {
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
