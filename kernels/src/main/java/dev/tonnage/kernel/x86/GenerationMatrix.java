package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.MatrixKernel;
import dev.tonnage.kernel.Memory;
import dev.tonnage.kernel.asm.CodeFamily;
import dev.tonnage.kernel.asm.CodeShelf;

/**
 * Generated tokens times a block format in machine code: activations are quantised to bytes, a
 * scale for each 32, once for all rows.
 *
 * <p>Rows are read from begin to end, one after the other, whatever the number of tokens: cut into
 * parts, with which the activations of eight tokens stay in the first-level cache, one token's
 * weights came a third slower (decision 0007).
 */
final class GenerationMatrix implements MatrixKernel {

  /** Tokens of a call at most: as many as there are registers for their sums. */
  static final int MOST_TOKENS = 8;

  private static final int ROWS = 64;

  /** By how many times 32 inputs are left at the end of a row. */
  private final CodeFamily records;

  /** By that and the number of tokens. */
  private final CodeFamily products;

  GenerationMatrix(MatrixCode code, CodeShelf shelf) {
    Unpacking unpacking = code.unpacking();
    this.records =
        new CodeFamily(
            shelf,
            "records-" + unpacking.name(),
            8,
            last -> QuantiseRecords.code(unpacking.groups(), unpacking.offset(), last));
    this.products =
        new CodeFamily(
            shelf,
            "generation-" + unpacking.name(),
            8 * (MOST_TOKENS + 1),
            variant -> code.generation(variant / 8, variant % 8));
  }

  @Override
  public int rows(int inputs) {
    return ROWS;
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
    int inputs = tile.inputs();
    long aheadRows = Math.ceilDiv(GenerationArguments.LEAST_AHEAD_BYTES, tile.rowBytes());
    for (int t = 0; t < tile.tokens(); t += MOST_TOKENS) {
      int tokens = Math.min(MOST_TOKENS, tile.tokens() - t);
      Memory.i64(scratch + GenerationArguments.WEIGHTS, tile.weights());
      Memory.i64(scratch + GenerationArguments.ROWS, tile.rows());
      Memory.i64(scratch + GenerationArguments.RECORDS, inputs / ActivationRecord.INPUTS);
      Memory.i64(
          scratch + GenerationArguments.ACTIVATIONS,
          tile.activations() + t * tile.activationBytes());
      Memory.i64(scratch + GenerationArguments.ACTIVATION_BYTES, tile.activationBytes());
      Memory.i64(scratch + GenerationArguments.RESULTS, tile.results() + t * tile.resultBytes());
      Memory.i64(scratch + GenerationArguments.RESULT_BYTES, tile.resultBytes());
      Memory.i64(scratch + GenerationArguments.ROW_BYTES, tile.rowBytes());
      Memory.i64(scratch + GenerationArguments.AHEAD_BYTES, aheadRows * tile.rowBytes());
      products.run(8 * tokens + lastBlocks(inputs), scratch);
    }
  }

  private static int lastBlocks(int inputs) {
    return inputs % ActivationRecord.INPUTS / 32;
  }
}
