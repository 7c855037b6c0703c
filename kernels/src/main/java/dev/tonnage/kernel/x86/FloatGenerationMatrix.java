package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.FloatMatrixKernel;
import dev.tonnage.kernel.asm.CodeShelf;
import dev.tonnage.kernel.x86.Vec.Width;

/** Generated tokens times floats in machine code; activations are floats as they are. */
final class FloatGenerationMatrix implements FloatMatrixKernel {

  private static final int BLOCK = FloatWeights.PADDED;

  /** Rows whose last inputs are copied to scratch together. */
  private static final int COPIED_ROWS = 64;

  private static final int COPIED = Leaf.BLOCK_BYTES;

  private final FloatWeights weights;
  private final GenerationRows products;

  FloatGenerationMatrix(FloatWeights weights, Width width, CodeShelf shelf) {
    this.weights = weights;
    this.products =
        new GenerationRows(
            weights.word(), BLOCK, shelf, form -> FloatGenerationCode.code(weights, width, form));
  }

  @Override
  public int rows(int inputs, int share) {
    return GenerationRows.rows(weights.bytes(inputs), share);
  }

  @Override
  public long scratchBytes(int inputs) {
    return COPIED + (long) COPIED_ROWS * weights.bytes(BLOCK);
  }

  @Override
  public void multiply(Tile tile, long scratch) {
    tile.clearResults(); // products are added to them
    int last = tile.inputs() % BLOCK;
    int whole = tile.inputs() - last;
    if (whole > 0) {
      products.multiply(
          part(tile, tile.weights(), tile.rowBytes(), 0, tile.rows(), 0, whole), scratch);
    }
    for (int row = 0; last > 0 && row < tile.rows(); row += COPIED_ROWS) {
      int rows = Math.min(COPIED_ROWS, tile.rows() - row);
      long from = tile.weights() + row * tile.rowBytes() + weights.type().bytes(whole);
      weights.copyPadded(from, tile.rowBytes(), rows, last, scratch + COPIED);
      products.multiply(
          part(tile, scratch + COPIED, weights.bytes(BLOCK), row, rows, whole, BLOCK), scratch);
    }
  }

  /**
   * Some rows and inputs of a tile.
   *
   * @param from where their weights are
   * @param rowBytes from a row to the next there
   */
  private static Tile part(
      Tile tile, long from, long rowBytes, int row, int rows, int input, int inputs) {
    return new Tile(
        from,
        rowBytes,
        rows,
        inputs,
        tile.activations() + 4L * input,
        tile.activationBytes(),
        tile.tokens(),
        tile.results() + 4L * row,
        tile.resultBytes());
  }
}
