package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.MatrixKernel;
import dev.tonnage.kernel.Memory;
import dev.tonnage.kernel.asm.CodeFamily;
import dev.tonnage.kernel.asm.CodeShelf;
import dev.tonnage.kernel.x86.Generation.Form;
import java.util.function.IntUnaryOperator;

/**
 * Generated tokens times a block format in machine code: activations are quantised to bytes, a
 * scale for each 32, once for all rows.
 *
 * <p>Rows are read from begin to end, whatever the number of tokens: cut into parts, with which the
 * activations of eight tokens stay in the first-level cache, one token's weights came a third
 * slower (decision 0007).
 */
final class GenerationMatrix implements MatrixKernel {

  private static final int MOST_TOKENS = Generation.MOST_TOKENS;

  /** What is read in one place of a tile: long beside what the processor needs to see its order. */
  private static final long PLACE_BYTES = 64 << 10;

  /** Tiles of a thread's share at least, so that all end together. */
  private static final int LEAST_TILES = 4;

  /** With many threads a tile is still worth taking. */
  private static final int LEAST_ROWS_OF_A_PLACE = 4;

  private final Unpacking unpacking;

  /** By how many times 32 inputs are left at the end of a row. */
  private final CodeFamily records;

  /** By that and the number of tokens, as many rows at once as there are registers for. */
  private final CodeFamily products;

  /** The same, one row at once. */
  private final CodeFamily lastRows;

  GenerationMatrix(MatrixCode code, CodeShelf shelf) {
    this.unpacking = code.unpacking();
    this.records =
        new CodeFamily(
            shelf,
            "records-" + unpacking.name(),
            8,
            last -> QuantiseRecords.code(unpacking.groups(), unpacking.offset(), last));
    String name = "generation-" + unpacking.name();
    this.products = products(name, code, shelf, Form::rows);
    this.lastRows = products(name + "-row", code, shelf, _ -> 1);
  }

  private static CodeFamily products(
      String name, MatrixCode code, CodeShelf shelf, IntUnaryOperator rows) {
    return new CodeFamily(
        shelf,
        name,
        8 * (MOST_TOKENS + 1),
        variant -> {
          int tokens = variant / 8;
          return code.generation(new Form(tokens, rows.applyAsInt(tokens), variant % 8));
        });
  }

  @Override
  public int rows(int inputs, int share) {
    long rowBytes = Math.ceilDiv((long) inputs * unpacking.bytes(), ActivationRecord.INPUTS);
    long rowsOfAPlace =
        Math.min(Math.ceilDiv(PLACE_BYTES, rowBytes), share / (LEAST_TILES * Generation.MOST_ROWS));
    return Generation.MOST_ROWS * Math.toIntExact(Math.max(LEAST_ROWS_OF_A_PLACE, rowsOfAPlace));
  }

  @Override
  public long activationBytes(int inputs) {
    return (long) ActivationRecord.count(inputs) * ActivationRecord.BYTES;
  }

  @Override
  public long scratchBytes(int inputs) {
    return Leaf.BLOCK_BYTES;
  }

  @Override
  public void prepare(long x, int inputs, long prepared, long scratch) {
    Memory.i64(scratch + QuantiseRecords.INPUTS, x);
    Memory.i64(scratch + QuantiseRecords.RECORDS, inputs / ActivationRecord.INPUTS);
    Memory.i64(scratch + QuantiseRecords.TO, prepared);
    records.run(lastBlocks(inputs), scratch);
  }

  @Override
  public void multiply(Tile tile, long scratch) {
    for (int t = 0; t < tile.tokens(); t += MOST_TOKENS) {
      int tokens = Math.min(MOST_TOKENS, tile.tokens() - t);
      int atOnce = Form.rows(tokens);
      int apart = tile.rows() / atOnce;
      if (apart > 0) {
        arguments(tile, t, 0, apart, scratch);
        Memory.i64(scratch + GenerationArguments.APART_BYTES, apart * tile.rowBytes());
        Memory.i64(scratch + GenerationArguments.RESULTS_APART_BYTES, 4L * apart);
        products.run(8 * tokens + lastBlocks(tile.inputs()), scratch);
      }
      int last = tile.rows() % atOnce;
      if (last > 0) {
        arguments(tile, t, tile.rows() - last, last, scratch);
        lastRows.run(8 * tokens + lastBlocks(tile.inputs()), scratch);
      }
    }
  }

  /**
   * Of some tokens and rows.
   *
   * @param token the first one
   * @param row the first one
   * @param rows how many, or how many times several
   */
  private static void arguments(Tile tile, int token, int row, int rows, long scratch) {
    Memory.i64(scratch + GenerationArguments.WEIGHTS, tile.weights() + row * tile.rowBytes());
    Memory.i64(scratch + GenerationArguments.ROWS, rows);
    Memory.i64(scratch + GenerationArguments.RECORDS, tile.inputs() / ActivationRecord.INPUTS);
    Memory.i64(
        scratch + GenerationArguments.ACTIVATIONS,
        tile.activations() + token * tile.activationBytes());
    Memory.i64(scratch + GenerationArguments.ACTIVATION_BYTES, tile.activationBytes());
    Memory.i64(
        scratch + GenerationArguments.RESULTS,
        tile.results() + token * tile.resultBytes() + 4L * row);
    Memory.i64(scratch + GenerationArguments.RESULT_BYTES, tile.resultBytes());
    Memory.i64(scratch + GenerationArguments.ROW_BYTES, tile.rowBytes());
  }

  private static int lastBlocks(int inputs) {
    return inputs % ActivationRecord.INPUTS / 32;
  }
}
