package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.FloatMatrixKernel;
import dev.tonnage.kernel.Memory;
import dev.tonnage.kernel.asm.CodeFamily;
import dev.tonnage.kernel.asm.CodeShelf;
import dev.tonnage.kernel.x86.Vec.Width;

/** Generated tokens times floats in machine code; activations are floats as they are. */
final class FloatGenerationMatrix implements FloatMatrixKernel {

  private static final int ROWS = 64;
  private static final int SHORT_STEP = FloatGenerationCode.SHORT_STEP;

  private static final int LAST_INPUTS = Leaf.BLOCK_BYTES;

  private final FloatWeights weights;
  private final int mostTokens;

  /** By the number of tokens. */
  private final CodeFamily parts;

  FloatGenerationMatrix(FloatWeights weights, Width width, CodeShelf shelf) {
    this.weights = weights;
    this.mostTokens = FloatGenerationCode.tokens(width);
    this.parts =
        new CodeFamily(
            shelf,
            "generation-" + weights.word(),
            mostTokens + 1,
            tokens -> FloatGenerationCode.code(weights, tokens, width));
  }

  @Override
  public int rows(int inputs, int share) {
    return ROWS;
  }

  @Override
  public long scratchBytes(int inputs) {
    return LAST_INPUTS + (long) ROWS * weights.bytes(SHORT_STEP);
  }

  @Override
  public void multiply(Tile tile, long scratch) {
    tile.clearResults(); // parts add to them
    int last = tile.inputs() % SHORT_STEP;
    int whole = tile.inputs() - last;
    for (int begin = 0; begin < whole; begin += FloatGenerationCode.PART_INPUTS) {
      int inputs = Math.min(FloatGenerationCode.PART_INPUTS, whole - begin);
      long from = tile.weights() + weights.type().bytes(begin);
      part(tile, from, tile.rowBytes(), begin, inputs, scratch);
    }
    if (last > 0) {
      long padded = scratch + LAST_INPUTS;
      long from = tile.weights() + weights.type().bytes(whole);
      weights.copyPadded(from, tile.rowBytes(), tile.rows(), last, padded);
      part(tile, padded, weights.bytes(SHORT_STEP), whole, SHORT_STEP, scratch);
    }
  }

  /**
   * Some of the inputs of all rows and tokens.
   *
   * @param from where the first row's weights are
   * @param rowBytes from a row to the next there
   * @param begin the first of the inputs
   * @param inputs how many, a multiple of {@link #SHORT_STEP}
   */
  private void part(Tile tile, long from, long rowBytes, int begin, int inputs, long scratch) {
    long aheadRows = Math.ceilDiv(FloatGenerationCode.LEAST_AHEAD_BYTES, weights.bytes(inputs));
    for (int t = 0; t < tile.tokens(); t += mostTokens) {
      Memory.i64(scratch + GenerationArguments.WEIGHTS, from);
      Memory.i64(scratch + GenerationArguments.ROWS, tile.rows());
      Memory.i64(scratch + GenerationArguments.RECORDS, inputs / FloatGenerationCode.STEP);
      Memory.i64(
          scratch + FloatGenerationCode.LAST, inputs % FloatGenerationCode.STEP / SHORT_STEP);
      Memory.i64(
          scratch + GenerationArguments.ACTIVATIONS,
          tile.activations() + 4L * begin + t * tile.activationBytes());
      Memory.i64(scratch + GenerationArguments.ACTIVATION_BYTES, tile.activationBytes());
      Memory.i64(scratch + GenerationArguments.RESULTS, tile.results() + t * tile.resultBytes());
      Memory.i64(scratch + GenerationArguments.RESULT_BYTES, tile.resultBytes());
      Memory.i64(scratch + GenerationArguments.ROW_BYTES, rowBytes);
      Memory.i64(scratch + FloatGenerationCode.AHEAD_BYTES, aheadRows * rowBytes);
      parts.run(Math.min(mostTokens, tile.tokens() - t), scratch);
    }
  }
}
