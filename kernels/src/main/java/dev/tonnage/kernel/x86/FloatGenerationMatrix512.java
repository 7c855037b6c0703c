package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.MatrixKernel;
import dev.tonnage.kernel.Memory;
import dev.tonnage.kernel.asm.CodeFamily;
import dev.tonnage.kernel.asm.CodeShelf;
import dev.tonnage.kernel.x86.FloatGeneration512.Rest;

/** Generated tokens times floats in AVX-512 code; activations are floats as they are. */
final class FloatGenerationMatrix512 implements MatrixKernel {

  private static final int ROWS = 64;
  private static final int STEP = FloatGeneration512.STEP;

  private final FloatWeights weights;

  /** By the number of tokens, twice: without a rest and with one. */
  private final CodeFamily parts;

  FloatGenerationMatrix512(FloatWeights weights, CodeShelf shelf) {
    this.weights = weights;
    this.parts =
        new CodeFamily(
            shelf,
            "generation-" + weights.word(),
            2 * (FloatGeneration512.MOST_TOKENS + 1),
            variant ->
                FloatGeneration512.code(
                    weights, variant / 2, variant % 2 == 0 ? Rest.NONE : Rest.SOME));
  }

  @Override
  public int rows(int inputs) {
    return ROWS;
  }

  @Override
  public long activationBytes(int inputs) {
    return 0;
  }

  @Override
  public long scratchBytes(int inputs) {
    return Leaf.BLOCK_BYTES;
  }

  @Override
  public void prepare(long x, int inputs, long prepared, long scratch) {
    throw new IllegalStateException("floats are used as they are");
  }

  @Override
  public void multiply(Tile tile, long scratch) {
    tile.clearResults(); // parts add to them
    for (int begin = 0; begin < tile.inputs(); begin += FloatGeneration512.PART_INPUTS) {
      part(tile, begin, Math.min(FloatGeneration512.PART_INPUTS, tile.inputs() - begin), scratch);
    }
  }

  /** Some of the inputs of all rows and tokens. */
  private void part(Tile tile, int begin, int inputs, long scratch) {
    long aheadRows = Math.ceilDiv(GenerationArguments.LEAST_AHEAD_BYTES, weights.bytes(inputs));
    int rest = inputs % STEP;
    for (int t = 0; t < tile.tokens(); t += FloatGeneration512.MOST_TOKENS) {
      int tokens = Math.min(FloatGeneration512.MOST_TOKENS, tile.tokens() - t);
      Memory.i64(
          scratch + GenerationArguments.WEIGHTS, tile.weights() + weights.type().bytes(begin));
      Memory.i64(scratch + GenerationArguments.ROWS, tile.rows());
      Memory.i64(scratch + GenerationArguments.RECORDS, inputs / STEP);
      Memory.i64(
          scratch + GenerationArguments.ACTIVATIONS,
          tile.activations() + 4L * begin + t * tile.activationBytes());
      Memory.i64(scratch + GenerationArguments.ACTIVATION_BYTES, tile.activationBytes());
      Memory.i64(scratch + GenerationArguments.RESULTS, tile.results() + t * tile.resultBytes());
      Memory.i64(scratch + GenerationArguments.RESULT_BYTES, tile.resultBytes());
      Memory.i64(scratch + GenerationArguments.ROW_BYTES, tile.rowBytes());
      Memory.i64(scratch + GenerationArguments.AHEAD_BYTES, aheadRows * tile.rowBytes());
      Memory.i64(scratch + FloatGeneration512.LAST, (1L << rest) - 1);
      parts.run(2 * tokens + (rest == 0 ? 0 : 1), scratch);
    }
  }
}
