package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.MatrixKernel.Tile;
import dev.tonnage.kernel.Memory;
import dev.tonnage.kernel.asm.CodeFamily;
import dev.tonnage.kernel.asm.CodeShelf;
import dev.tonnage.kernel.x86.Generation.Form;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;

/**
 * How {@link Generation} code goes over a tile: rows that are read at once lie a quarter or a half
 * of it apart, and those that are left over are read one by one.
 *
 * <p>Rows are read from begin to end, whatever the number of tokens: cut into parts, with which the
 * activations of eight tokens stay in the first-level cache, one token's weights came a third
 * slower (decision 0007).
 */
final class GenerationRows {

  private static final int MOST_TOKENS = Generation.MOST_TOKENS;

  /** What is read in one place of a tile: long beside what the processor needs to see its order. */
  private static final long PLACE_BYTES = 64 << 10;

  /** So short rows are read, and written, without memory being what they wait for. */
  private static final int MOST_ROWS_OF_A_PLACE = 512;

  /** Tiles of a thread's share at least, so that all end together. */
  private static final int LEAST_TILES = 4;

  /** With many threads a tile is still worth taking. */
  private static final int LEAST_ROWS_OF_A_PLACE = 4;

  private final int blockInputs;

  /** By the number of tokens and of the last blocks, as many rows at once as there is room for. */
  private final CodeFamily products;

  /** The same, one row at once. */
  private final CodeFamily lastRows;

  /**
   * @param name of the format
   * @param blockInputs inputs of a block, of which {@link Form#lastBlocks} counts the last
   * @param code what has one form
   */
  GenerationRows(String name, int blockInputs, CodeShelf shelf, Function<Form, byte[]> code) {
    this.blockInputs = blockInputs;
    this.products = family("generation-" + name, shelf, code, Form::rows);
    this.lastRows = family("generation-" + name + "-row", shelf, code, _ -> 1);
  }

  private CodeFamily family(
      String name, CodeShelf shelf, Function<Form, byte[]> code, IntUnaryOperator rows) {
    int blocks = blocks();
    return new CodeFamily(
        shelf,
        name,
        blocks * (MOST_TOKENS + 1),
        variant -> {
          int tokens = variant / blocks;
          return code.apply(new Form(tokens, rows.applyAsInt(tokens), variant % blocks));
        });
  }

  /** Blocks of a record. */
  private int blocks() {
    return ActivationRecord.INPUTS / blockInputs;
  }

  /** Rows of a good tile. */
  static int rows(long rowBytes, int share) {
    long rowsOfAPlace =
        Math.min(
            Math.min(MOST_ROWS_OF_A_PLACE, Math.ceilDiv(PLACE_BYTES, rowBytes)),
            share / (LEAST_TILES * Generation.MOST_ROWS));
    return Generation.MOST_ROWS * Math.toIntExact(Math.max(LEAST_ROWS_OF_A_PLACE, rowsOfAPlace));
  }

  /** Multiplies; a row has whole blocks. */
  void multiply(Tile tile, long scratch) {
    int lastBlocks = tile.inputs() % ActivationRecord.INPUTS / blockInputs;
    for (int t = 0; t < tile.tokens(); t += MOST_TOKENS) {
      int tokens = Math.min(MOST_TOKENS, tile.tokens() - t);
      int atOnce = Form.rows(tokens);
      int apart = tile.rows() / atOnce;
      int variant = blocks() * tokens + lastBlocks;
      if (apart > 0) {
        arguments(tile, t, 0, apart, scratch);
        Memory.i64(scratch + GenerationArguments.APART_BYTES, apart * tile.rowBytes());
        Memory.i64(scratch + GenerationArguments.RESULTS_APART_BYTES, 4L * apart);
        products.run(variant, scratch);
      }
      int last = tile.rows() % atOnce;
      if (last > 0) {
        arguments(tile, t, tile.rows() - last, last, scratch);
        lastRows.run(variant, scratch);
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
    Leaf.putBeside(tile.beside(), scratch);
  }
}
