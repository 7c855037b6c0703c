package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.FloatMatrixKernel;
import dev.tonnage.kernel.Memory;
import dev.tonnage.kernel.asm.CodeFamily;
import dev.tonnage.tensor.Scales;
import dev.tonnage.tensor.Tensor;

/**
 * Generated tokens times floats of eight bits whose scales stand elsewhere, one for a block of rows
 * and columns. The scales go to the activations, once for a block's rows, and these are multiplied
 * with the numbers as they are.
 */
final class Float8Generation implements FloatMatrixKernel {

  private static final int MOST_TOKENS = Generation.MOST_TOKENS;

  private final FloatGenerationMatrix numbers;
  private final CodeFamily scaling;
  private final Tensor tensor;
  private final Scales scales;

  /**
   * @param numbers what multiplies without scales
   * @param scaling {@link DecodeRows} of activations
   * @param tensor whose rows are whole groups of a multiple of {@link FloatWeights#PADDED}
   */
  Float8Generation(FloatGenerationMatrix numbers, CodeFamily scaling, Tensor tensor) {
    this.numbers = numbers;
    this.scaling = scaling;
    this.tensor = tensor;
    this.scales = tensor.scales().orElseThrow();
  }

  /** Scaled activations at most, in bytes. */
  static long mostScaledBytes(int inputs) {
    return (MOST_TOKENS * 4L * inputs + 63) & -64;
  }

  @Override
  public int rows(int inputs, int share) {
    return numbers.rows(inputs, share);
  }

  @Override
  public long scratchBytes(int inputs) {
    return mostScaledBytes(inputs) + numbers.scratchBytes(inputs);
  }

  @Override
  public void multiply(Tile tile, long scratch) {
    long own = scratch + mostScaledBytes(tile.inputs()); // whole lines
    long index = scales.firstRow() + (tile.weights() - tensor.data().address()) / tensor.rowBytes();
    for (int first = 0; first < tile.rows(); ) {
      long block = (index + first) / scales.rows();
      int end = (int) Math.min(tile.rows(), (block + 1) * scales.rows() - index);
      for (int t = 0; t < tile.tokens(); t += MOST_TOKENS) {
        int tokens = Math.min(MOST_TOKENS, tile.tokens() - t);
        scale(tile, t, tokens, block, scratch, own);
        numbers.multiply(
            new Tile(
                tile.weights() + first * tile.rowBytes(),
                tile.rowBytes(),
                end - first,
                tile.inputs(),
                scratch,
                4L * tile.inputs(),
                tokens,
                tile.results() + t * tile.resultBytes() + 4L * first,
                tile.resultBytes()),
            own);
      }
      first = end;
    }
  }

  /** Some tokens' activations times a row of scales. */
  private void scale(Tile tile, int token, int tokens, long block, long to, long own) {
    long groups = tile.inputs() / scales.columns();
    for (int t = 0; t < tokens; t++) {
      Memory.i64(own + DecodeRows.FROM, tile.activations() + (token + t) * tile.activationBytes());
      Memory.i64(own + DecodeRows.TO, to + t * 4L * tile.inputs());
      Memory.i64(own + DecodeRows.SCALES, groups);
      Memory.i64(
          own + DecodeRows.SCALE,
          scales.scales().address() + block * groups * scales.type().blockBytes());
      scaling.run(0, own);
    }
  }
}
