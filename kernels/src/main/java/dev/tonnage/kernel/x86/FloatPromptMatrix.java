package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.FloatMatrixKernel;
import dev.tonnage.kernel.Memory;
import dev.tonnage.kernel.asm.CodeFamily;
import dev.tonnage.kernel.asm.CodeShelf;
import dev.tonnage.kernel.x86.Vec.Width;

/**
 * Prompts times floats in machine code: of a tile of rows some inputs are turned so that a lane is
 * a row, and used for all tokens. Activations are floats as they are.
 */
final class FloatPromptMatrix implements FloatMatrixKernel {

  /** Inputs of a part of a tile: 64 KiB of weights, and sums that stay short. */
  private static final int PART_INPUTS = 512;

  private static final int RESULTS = Leaf.BLOCK_BYTES;
  private static final int LAST_INPUTS =
      RESULTS + FloatPromptCode.MOST_TOKENS * 4 * FloatPromptCode.MOST_ROWS;

  /** Behind the last inputs of as many rows as the widest vector has lanes. */
  private static final int TILE = LAST_INPUTS + 16 * FloatWeights.PADDED * 4;

  /** Bytes of scratch at most, whatever the inputs and the width. */
  static final long MOST_SCRATCH_BYTES = TILE + PART_INPUTS * 4L * FloatPromptCode.MOST_ROWS;

  private final FloatWeights weights;

  /** By the number of rows. */
  private final CodeFamily packing;

  /** By the number of tokens. */
  private final CodeFamily tokens;

  private final int rows;
  private final int mostTokens;

  /** Lanes of a vector: rows that are packed at once, and inputs of a step. */
  private final int lanes;

  private final int inputBytes;

  FloatPromptMatrix(FloatWeights weights, Width width, CodeShelf shelf) {
    this.weights = weights;
    this.rows = FloatPromptCode.rows(width);
    this.mostTokens = FloatPromptCode.tokens(width);
    this.lanes = width.bytes() / 4;
    this.inputBytes = FloatPromptCode.inputBytes(width);
    this.packing =
        new CodeFamily(
            shelf,
            "pack-" + weights.word(),
            lanes + 1,
            some -> FloatPackCode.code(weights, some, width));
    this.tokens =
        new CodeFamily(
            shelf, "prompt-floats", mostTokens + 1, some -> FloatPromptCode.code(some, width));
  }

  @Override
  public int rows(int inputs, int share) {
    return rows;
  }

  @Override
  public long scratchBytes(int inputs) {
    return TILE + (long) PART_INPUTS * inputBytes;
  }

  @Override
  public void multiply(Tile tile, long scratch) {
    tile.clearResults(); // parts add to them
    for (int begin = 0; begin < tile.inputs(); begin += PART_INPUTS) {
      int inputs = Math.min(PART_INPUTS, tile.inputs() - begin);
      pack(tile, begin, inputs, scratch);
      long activations = tile.activations() + 4L * begin;
      for (int t = 0; t < tile.tokens(); t += mostTokens) {
        Memory.i64(scratch + FloatPromptCode.TILE, scratch + TILE);
        Memory.i64(scratch + FloatPromptCode.STEPS, inputs / FloatPromptCode.STEP);
        Memory.i64(scratch + FloatPromptCode.LAST, inputs % FloatPromptCode.STEP);
        Memory.i64(scratch + FloatPromptCode.ACTIVATIONS, activations + t * tile.activationBytes());
        Memory.i64(scratch + FloatPromptCode.ACTIVATION_BYTES, tile.activationBytes());
        some(
            tile,
            tile.results() + t * tile.resultBytes(),
            Math.min(mostTokens, tile.tokens() - t),
            scratch);
      }
    }
  }

  /**
   * As many tokens as a call takes; the kernel writes a whole tile's results, which the last tile
   * may not have.
   */
  private void some(Tile tile, long results, int tokens, long scratch) {
    if (tile.rows() == rows) {
      Memory.i64(scratch + FloatPromptCode.RESULTS, results);
      Memory.i64(scratch + FloatPromptCode.RESULT_BYTES, tile.resultBytes());
      this.tokens.run(tokens, scratch);
      return;
    }
    long bytes = 4L * tile.rows();
    for (int t = 0; t < tokens; t++) {
      Memory.copy(results + t * tile.resultBytes(), scratch + RESULTS + t * 4L * rows, bytes);
    }
    Memory.i64(scratch + FloatPromptCode.RESULTS, scratch + RESULTS);
    Memory.i64(scratch + FloatPromptCode.RESULT_BYTES, 4L * rows);
    this.tokens.run(tokens, scratch);
    for (int t = 0; t < tokens; t++) {
      Memory.copy(scratch + RESULTS + t * 4L * rows, results + t * tile.resultBytes(), bytes);
    }
  }

  /** Some inputs of all rows to the tile. */
  private void pack(Tile tile, int begin, int inputs, long scratch) {
    int last = inputs % lanes;
    int whole = inputs - last;
    for (int first = 0; first < tile.rows(); first += lanes) {
      int some = Math.min(lanes, tile.rows() - first);
      long from = tile.weights() + first * tile.rowBytes() + weights.type().bytes(begin);
      long to = scratch + TILE + 4L * first;
      if (whole > 0) {
        pack(from, tile.rowBytes(), whole / lanes, some, to, scratch);
      }
      if (last > 0) {
        long padded = scratch + LAST_INPUTS;
        weights.copyPadded(from + weights.bytes(whole), tile.rowBytes(), some, last, padded);
        pack(
            padded,
            weights.bytes(FloatWeights.PADDED),
            1,
            some,
            to + (long) whole * inputBytes,
            scratch);
      }
    }
  }

  private void pack(long from, long rowBytes, int steps, int some, long to, long scratch) {
    Memory.i64(scratch + FloatPackCode.WEIGHTS, from);
    Memory.i64(scratch + FloatPackCode.ROW_BYTES, rowBytes);
    Memory.i64(scratch + FloatPackCode.STEPS, steps);
    Memory.i64(scratch + FloatPackCode.TILE, to);
    packing.run(some, scratch);
  }
}
