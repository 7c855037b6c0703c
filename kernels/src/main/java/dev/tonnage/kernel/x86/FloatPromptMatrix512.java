package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.MatrixKernel;
import dev.tonnage.kernel.Memory;
import dev.tonnage.kernel.asm.CodeFamily;
import dev.tonnage.kernel.asm.CodeShelf;

/**
 * Prompts times floats in AVX-512 code: of a tile of rows some inputs are turned so that a lane is
 * a row, and used for all tokens. Activations are floats as they are.
 */
final class FloatPromptMatrix512 implements MatrixKernel {

  /** Inputs of a part of a tile: 64 KiB of weights, and sums that stay short. */
  private static final int PART_INPUTS = 512;

  private static final int RESULTS = Leaf.BLOCK_BYTES;
  private static final long RESULT_BYTES = 4L * FloatPrompt512.ROWS;
  private static final int TILE = RESULTS + FloatPrompt512.MOST_TOKENS * 4 * FloatPrompt512.ROWS;

  /** Bytes of scratch, whatever the inputs. */
  static final long SCRATCH_BYTES = TILE + (long) PART_INPUTS * FloatPrompt512.INPUT_BYTES;

  private final FloatWeights weights;

  /** By the number of rows. */
  private final CodeFamily packing;

  /** By the number of tokens. */
  private final CodeFamily tokens;

  FloatPromptMatrix512(FloatWeights weights, CodeShelf shelf) {
    this.weights = weights;
    this.packing =
        new CodeFamily(
            shelf,
            "pack-" + weights.word(),
            FloatPack512.ROWS + 1,
            rows -> FloatPack512.code(weights, rows));
    this.tokens =
        new CodeFamily(
            shelf, "prompt-floats", FloatPrompt512.MOST_TOKENS + 1, FloatPrompt512::code);
  }

  @Override
  public int rows(int inputs) {
    return FloatPrompt512.ROWS;
  }

  @Override
  public long activationBytes(int inputs) {
    return 0;
  }

  @Override
  public long scratchBytes(int inputs) {
    return SCRATCH_BYTES;
  }

  @Override
  public void prepare(long x, int inputs, long prepared, long scratch) {
    throw new IllegalStateException("floats are used as they are");
  }

  @Override
  public void multiply(Tile tile, long scratch) {
    tile.clearResults(); // parts add to them
    for (int begin = 0; begin < tile.inputs(); begin += PART_INPUTS) {
      int inputs = Math.min(PART_INPUTS, tile.inputs() - begin);
      pack(tile, begin, inputs, scratch);
      long activations = tile.activations() + 4L * begin;
      for (int t = 0; t < tile.tokens(); t += FloatPrompt512.MOST_TOKENS) {
        Memory.i64(scratch + FloatPrompt512.TILE, scratch + TILE);
        Memory.i64(scratch + FloatPrompt512.STEPS, inputs / FloatPrompt512.STEP);
        Memory.i64(scratch + FloatPrompt512.LAST, inputs % FloatPrompt512.STEP);
        Memory.i64(scratch + FloatPrompt512.ACTIVATIONS, activations + t * tile.activationBytes());
        Memory.i64(scratch + FloatPrompt512.ACTIVATION_BYTES, tile.activationBytes());
        some(
            tile,
            tile.results() + t * tile.resultBytes(),
            Math.min(FloatPrompt512.MOST_TOKENS, tile.tokens() - t),
            scratch);
      }
    }
  }

  /**
   * Up to twelve tokens; the kernel writes 32 results of each, which the last tile may not have.
   */
  private void some(Tile tile, long results, int tokens, long scratch) {
    if (tile.rows() == FloatPrompt512.ROWS) {
      Memory.i64(scratch + FloatPrompt512.RESULTS, results);
      Memory.i64(scratch + FloatPrompt512.RESULT_BYTES, tile.resultBytes());
      this.tokens.run(tokens, scratch);
      return;
    }
    long bytes = 4L * tile.rows();
    for (int t = 0; t < tokens; t++) {
      Memory.copy(results + t * tile.resultBytes(), scratch + RESULTS + t * RESULT_BYTES, bytes);
    }
    Memory.i64(scratch + FloatPrompt512.RESULTS, scratch + RESULTS);
    Memory.i64(scratch + FloatPrompt512.RESULT_BYTES, RESULT_BYTES);
    this.tokens.run(tokens, scratch);
    for (int t = 0; t < tokens; t++) {
      Memory.copy(scratch + RESULTS + t * RESULT_BYTES, results + t * tile.resultBytes(), bytes);
    }
  }

  /** Some inputs of all rows to the tile. */
  private void pack(Tile tile, int begin, int inputs, long scratch) {
    for (int first = 0; first < tile.rows(); first += FloatPack512.ROWS) {
      Memory.i64(
          scratch + FloatPack512.WEIGHTS,
          tile.weights() + first * tile.rowBytes() + weights.type().bytes(begin));
      Memory.i64(scratch + FloatPack512.ROW_BYTES, tile.rowBytes());
      Memory.i64(scratch + FloatPack512.STEPS, inputs / FloatPack512.STEP);
      Memory.i64(scratch + FloatPack512.LAST, (1L << inputs % FloatPack512.STEP) - 1);
      Memory.i64(scratch + FloatPack512.TILE, scratch + TILE + 4L * first);
      packing.run(Math.min(FloatPack512.ROWS, tile.rows() - first), scratch);
    }
  }
}
