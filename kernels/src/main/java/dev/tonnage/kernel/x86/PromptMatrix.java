package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.MatrixKernel;
import dev.tonnage.kernel.Memory;
import dev.tonnage.kernel.asm.CodeFamily;
import dev.tonnage.kernel.asm.CodeShelf;
import dev.tonnage.tensor.DType;

/**
 * Prompts times a block format in machine code: a tile of rows is unpacked and turned so that a
 * lane is a row, and used for all tokens. Activations are quantised to bytes, a scale for those
 * that meet one block of the format, once for all rows.
 */
final class PromptMatrix implements MatrixKernel {

  /** Inputs of a part of a tile, so that it stays in a second-level cache of 256 KiB or more. */
  private static final int PART_INPUTS = 4096;

  /** Tokens whose sums are kept between parts: those of a prompt's usual step. */
  private static final int MOST_SUMS = 512;

  /** Where in scratch there are zeros, for the rows of a tile. */
  private static final int NOTHING = PromptArguments.BYTES;

  private final DType type;
  private final PromptTile shape;
  private final int mostTokens;

  /** Bytes of a token's results for a tile. */
  private final int resultBytes;

  /** Where in scratch sums are kept. */
  private final int sumsAt;

  /** Where in scratch packing has its own. */
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
    this.sumsAt = NOTHING + resultBytes;
    this.packAt = sumsAt + MOST_SUMS * resultBytes;
    this.tileAt = packAt + code.packBytes();
    Unpacking unpacking = code.unpacking();
    String name = unpacking.name();
    this.blocks =
        new CodeFamily(
            shelf,
            "blocks-" + name,
            1,
            _ ->
                shape.hasBias()
                    ? QuantiseBlocks.codeWithSums(shape.span())
                    : QuantiseBlocks.code(unpacking.grouping(), unpacking.offset(), shape.span()));
    this.packing = new CodeFamily(shelf, "pack-" + name, 8, code::pack);
    this.tokens = new CodeFamily(shelf, "prompt-" + name, mostTokens + 1, code::prompt);
  }

  @Override
  public int rows(int inputs, int share) {
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
    for (int first = 0; first < tile.tokens(); first += MOST_SUMS) {
      some(tile, first, Math.min(MOST_SUMS, tile.tokens() - first), scratch);
    }
  }

  /** Some tokens: sums stay in scratch until the last part, whose results are the tile's. */
  private void some(Tile tile, int first, int count, long scratch) {
    long results = tile.results() + first * tile.resultBytes();
    boolean isWhole = tile.rows() == shape.rows();
    Memory.ALL.asSlice(scratch + NOTHING, resultBytes).fill((byte) 0);
    for (int begin = 0; begin < tile.inputs(); begin += PART_INPUTS) {
      int inputs = Math.min(PART_INPUTS, tile.inputs() - begin);
      boolean isFirst = begin == 0;
      boolean isLast = begin + inputs == tile.inputs();
      pack(tile, begin, inputs, scratch);
      Memory.i64(scratch + PromptArguments.TILE, scratch + tileAt);
      Memory.i64(scratch + PromptArguments.BLOCKS, inputs / 32);
      Memory.i64(
          scratch + PromptArguments.ACTIVATIONS,
          tile.activations()
              + first * tile.activationBytes()
              + begin / 32 * (long) PromptBlock.BYTES);
      Memory.i64(scratch + PromptArguments.ACTIVATION_BYTES, tile.activationBytes());
      Memory.i64(scratch + PromptArguments.SUMS, scratch + (isFirst ? NOTHING : sumsAt));
      Memory.i64(scratch + PromptArguments.SUM_BYTES, isFirst ? 0 : resultBytes);
      Memory.i64(scratch + PromptArguments.RESULTS, isLast && isWhole ? results : scratch + sumsAt);
      Memory.i64(
          scratch + PromptArguments.RESULT_BYTES,
          isLast && isWhole ? tile.resultBytes() : resultBytes);
      ahead(tile, begin, count, scratch);
      groups(count, scratch);
    }
    for (int t = 0; !isWhole && t < count; t++) {
      Memory.copy(
          scratch + sumsAt + (long) t * resultBytes,
          results + t * tile.resultBytes(),
          4L * tile.rows());
    }
  }

  /** While some inputs are multiplied with, as many of the next tile's are asked for. */
  private void ahead(Tile tile, int begin, int count, long scratch) {
    long tileBytes = tile.rows() * tile.rowBytes();
    Memory.i64(
        scratch + PromptArguments.AHEAD,
        tile.weights() + tileBytes + tileBytes * begin / tile.inputs());
    Memory.i64(
        scratch + PromptArguments.AHEAD_BYTES,
        tileBytes * 32 / ((long) tile.inputs() * Math.ceilDiv(count, mostTokens)));
  }

  /** All tokens in groups; the last may be smaller. */
  private void groups(int count, long scratch) {
    if (count >= mostTokens) {
      Memory.i64(scratch + PromptArguments.GROUPS, count / mostTokens);
      tokens.run(mostTokens, scratch);
    }
    if (count % mostTokens > 0) {
      Memory.i64(scratch + PromptArguments.GROUPS, 1);
      tokens.run(count % mostTokens, scratch);
    }
  }

  /** Some inputs of all rows to the tile. */
  private void pack(Tile tile, int begin, int inputs, long scratch) {
    Leaf.putBeside(tile.beside(), scratch);
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
