package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.MatrixKernel;
import dev.tonnage.kernel.Memory;
import dev.tonnage.kernel.asm.CodeFamily;
import dev.tonnage.kernel.asm.CodeShelf;
import dev.tonnage.tensor.DType;

/**
 * Prompts times a block format in machine code: a tile of rows is unpacked and turned so that a
 * lane is a row, and used for all tokens. Activations are quantised to bytes, a scale for each 32,
 * once for all rows.
 */
final class PromptMatrix implements MatrixKernel {

  /** Inputs of a part of a tile, so that it stays in a second-level cache of 256 KiB or more. */
  private static final int PART_INPUTS = 4096;

  private static final int RESULTS = Leaf.BLOCK_BYTES;

  private final DType type;
  private final PromptTile shape;
  private final int mostTokens;

  /** Bytes of a token's results for a tile. */
  private final int resultBytes;

  /** Where in scratch packing has its own, behind results. */
  private final int packAt;

  /** Where in scratch the tile is. */
  private final int tileAt;

  private final CodeFamily blocks;

  /** By how many times 32 inputs are left at the end of a row. */
  private final CodeFamily packing;

  /** By the number of tokens. */
  private final CodeFamily tokens;

  PromptMatrix(DType type, MatrixCode code, CodeShelf shelf) {
    this.type = type;
    this.shape = code.tile();
    this.mostTokens = code.promptTokens();
    this.resultBytes = 4 * shape.rows();
    this.packAt = RESULTS + mostTokens * resultBytes;
    this.tileAt = packAt + code.packBytes();
    Unpacking unpacking = code.unpacking();
    String name = unpacking.name();
    this.blocks =
        new CodeFamily(
            shelf,
            "blocks-" + name,
            1,
            _ -> QuantiseBlocks.code(unpacking.grouping(), unpacking.offset()));
    this.packing = new CodeFamily(shelf, "pack-" + name, 8, code::pack);
    this.tokens = new CodeFamily(shelf, "prompt-" + name, mostTokens + 1, code::prompt);
  }

  @Override
  public int rows(int inputs) {
    return shape.rows();
  }

  @Override
  public long activationBytes(int inputs) {
    return PromptBlock.bytes(inputs);
  }

  @Override
  public long scratchBytes(int inputs) {
    return tileAt + shape.bytes(Math.min(inputs, PART_INPUTS));
  }

  @Override
  public void prepare(long x, int inputs, long prepared, long scratch) {
    Memory.i64(scratch + QuantiseBlocks.INPUTS, x);
    Memory.i64(scratch + QuantiseBlocks.BLOCKS, inputs / 32);
    Memory.i64(scratch + QuantiseBlocks.TO, prepared);
    blocks.run(0, scratch);
  }

  @Override
  public void multiply(Tile tile, long scratch) {
    tile.clearResults(); // parts add to them
    for (int begin = 0; begin < tile.inputs(); begin += PART_INPUTS) {
      int inputs = Math.min(PART_INPUTS, tile.inputs() - begin);
      pack(tile, begin, inputs, scratch);
      long activations = tile.activations() + begin / 32 * (long) PromptBlock.BYTES;
      for (int t = 0; t < tile.tokens(); t += mostTokens) {
        int tokens = Math.min(mostTokens, tile.tokens() - t);
        Memory.i64(scratch + PromptArguments.ACTIVATIONS, activations + t * tile.activationBytes());
        Memory.i64(scratch + PromptArguments.ACTIVATION_BYTES, tile.activationBytes());
        Memory.i64(scratch + PromptArguments.TILE, scratch + tileAt);
        Memory.i64(scratch + PromptArguments.BLOCKS, inputs / 32);
        some(tile, tile.results() + t * tile.resultBytes(), tokens, scratch);
      }
    }
  }

  /** Some tokens; the kernel writes a result for each row, which the last tile may not have. */
  private void some(Tile tile, long results, int tokens, long scratch) {
    if (tile.rows() == shape.rows()) {
      Memory.i64(scratch + PromptArguments.RESULTS, results);
      Memory.i64(scratch + PromptArguments.RESULT_BYTES, tile.resultBytes());
      this.tokens.run(tokens, scratch);
      return;
    }
    long bytes = 4L * tile.rows();
    for (int t = 0; t < tokens; t++) {
      Memory.copy(
          results + t * tile.resultBytes(), scratch + RESULTS + (long) t * resultBytes, bytes);
    }
    Memory.i64(scratch + PromptArguments.RESULTS, scratch + RESULTS);
    Memory.i64(scratch + PromptArguments.RESULT_BYTES, resultBytes);
    this.tokens.run(tokens, scratch);
    for (int t = 0; t < tokens; t++) {
      Memory.copy(
          scratch + RESULTS + (long) t * resultBytes, results + t * tile.resultBytes(), bytes);
    }
  }

  /** Some inputs of all rows to the tile. */
  private void pack(Tile tile, int begin, int inputs, long scratch) {
    for (int half = 0; half * shape.lanes() < tile.rows(); half++) {
      int first = half * shape.lanes();
      Memory.i64(
          scratch + PackArguments.WEIGHTS,
          tile.weights() + first * tile.rowBytes() + type.bytes(begin));
      Memory.i64(scratch + PackArguments.ROW_BYTES, tile.rowBytes());
      Memory.i64(scratch + PackArguments.ROWS, Math.min(shape.lanes(), tile.rows() - first));
      Memory.i64(scratch + PackArguments.RECORDS, inputs / ActivationRecord.INPUTS);
      Memory.i64(scratch + PackArguments.TILE, scratch + tileAt + (long) half * shape.halfBytes());
      Memory.i64(scratch + PackArguments.SCRATCH, scratch + packAt);
      packing.run(inputs % ActivationRecord.INPUTS / 32, scratch);
    }
  }
}
