package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.MatrixKernel;
import dev.tonnage.kernel.Memory;
import dev.tonnage.kernel.asm.CodeFamily;
import dev.tonnage.kernel.asm.CodeShelf;
import dev.tonnage.tensor.DType;

/**
 * Prompts times a block format in AVX-512 code: a tile of rows is unpacked and turned so that a
 * lane is a row, and used for all tokens. Activations are quantised to bytes, a scale for each 32,
 * once for all rows.
 */
final class PromptMatrix512 implements MatrixKernel {

  /** Inputs of a part of a tile, so that it stays in a second-level cache of 256 KiB or more. */
  private static final int PART_INPUTS = 4096;

  private static final int RESULTS = Leaf.BLOCK_BYTES;
  private static final long RESULT_BYTES = 4L * PromptTile.ROWS;
  private static final int PACKING = RESULTS + Prompt512.MOST_TOKENS * 4 * PromptTile.ROWS;
  private static final int TILE = PACKING + Pack512.SCRATCH_BYTES;

  private final DType type;
  private final PromptTile shape;
  private final CodeFamily blocks;

  /** By how many times 32 inputs are left at the end of a row. */
  private final CodeFamily packing;

  /** By the number of tokens. */
  private final CodeFamily tokens;

  PromptMatrix512(DType type, Unpacker unpacker, CodeShelf shelf) {
    this.type = type;
    this.shape = PromptTile.of(unpacker);
    String name = unpacker.name();
    this.blocks =
        new CodeFamily(
            shelf,
            "blocks-" + name,
            1,
            _ -> QuantiseBlocks.code(unpacker.grouping(), unpacker.offset()));
    this.packing = new CodeFamily(shelf, "pack-" + name, 8, last -> Pack512.code(unpacker, last));
    this.tokens =
        new CodeFamily(
            shelf,
            "prompt-" + name,
            Prompt512.MOST_TOKENS + 1,
            count -> Prompt512.code(shape, count));
  }

  @Override
  public int rows(int inputs) {
    return PromptTile.ROWS;
  }

  @Override
  public long activationBytes(int inputs) {
    return PromptBlock.bytes(inputs);
  }

  @Override
  public long scratchBytes(int inputs) {
    return TILE + shape.bytes(Math.min(inputs, PART_INPUTS));
  }

  /** Whatever the format. */
  static long mostScratchBytes(int inputs) {
    return TILE + new PromptTile(2, true).bytes(Math.min(inputs, PART_INPUTS));
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
      for (int t = 0; t < tile.tokens(); t += Prompt512.MOST_TOKENS) {
        int tokens = Math.min(Prompt512.MOST_TOKENS, tile.tokens() - t);
        Memory.i64(scratch + Prompt512.ACTIVATIONS, activations + t * tile.activationBytes());
        Memory.i64(scratch + Prompt512.ACTIVATION_BYTES, tile.activationBytes());
        Memory.i64(scratch + Prompt512.TILE, scratch + TILE);
        Memory.i64(scratch + Prompt512.BLOCKS, inputs / 32);
        some(tile, tile.results() + t * tile.resultBytes(), tokens, scratch);
      }
    }
  }

  /** Up to six tokens; the kernel writes 32 results of each, which the last tile may not have. */
  private void some(Tile tile, long results, int tokens, long scratch) {
    if (tile.rows() == PromptTile.ROWS) {
      Memory.i64(scratch + Prompt512.RESULTS, results);
      Memory.i64(scratch + Prompt512.RESULT_BYTES, tile.resultBytes());
      this.tokens.run(tokens, scratch);
      return;
    }
    long bytes = 4L * tile.rows();
    for (int t = 0; t < tokens; t++) {
      Memory.copy(results + t * tile.resultBytes(), scratch + RESULTS + t * RESULT_BYTES, bytes);
    }
    Memory.i64(scratch + Prompt512.RESULTS, scratch + RESULTS);
    Memory.i64(scratch + Prompt512.RESULT_BYTES, RESULT_BYTES);
    this.tokens.run(tokens, scratch);
    for (int t = 0; t < tokens; t++) {
      Memory.copy(scratch + RESULTS + t * RESULT_BYTES, results + t * tile.resultBytes(), bytes);
    }
  }

  /** Some inputs of all rows to the tile. */
  private void pack(Tile tile, int begin, int inputs, long scratch) {
    for (int half = 0; half * PromptTile.HALF_ROWS < tile.rows(); half++) {
      int first = half * PromptTile.HALF_ROWS;
      Memory.i64(
          scratch + Pack512.WEIGHTS, tile.weights() + first * tile.rowBytes() + type.bytes(begin));
      Memory.i64(scratch + Pack512.ROW_BYTES, tile.rowBytes());
      Memory.i64(scratch + Pack512.ROWS, Math.min(PromptTile.HALF_ROWS, tile.rows() - first));
      Memory.i64(scratch + Pack512.RECORDS, inputs / ActivationRecord.INPUTS);
      Memory.i64(scratch + Pack512.TILE, scratch + TILE + (long) half * shape.halfBytes());
      Memory.i64(scratch + Pack512.SCRATCH, scratch + PACKING);
      packing.run(inputs % ActivationRecord.INPUTS / 32, scratch);
    }
  }
}
