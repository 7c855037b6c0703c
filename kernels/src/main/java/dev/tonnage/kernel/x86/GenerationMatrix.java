package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.MatrixKernel;
import dev.tonnage.kernel.Memory;
import dev.tonnage.kernel.asm.CodeFamily;
import dev.tonnage.kernel.asm.CodeShelf;

/**
 * Generated tokens times a block format in machine code: activations are quantised to bytes, a
 * scale for each 32, once for all rows.
 */
final class GenerationMatrix implements MatrixKernel {

  private final Unpacking unpacking;

  /** By how many times 32 inputs are left at the end of a row. */
  private final CodeFamily records;

  private final GenerationRows products;

  GenerationMatrix(MatrixCode code, CodeShelf shelf) {
    this.unpacking = code.unpacking();
    this.records =
        new CodeFamily(
            shelf,
            "records-" + unpacking.name(),
            8,
            last -> QuantiseRecords.code(unpacking.groups(), unpacking.offset(), last));
    this.products = new GenerationRows(unpacking.name(), 32, shelf, code::generation);
  }

  @Override
  public int rows(int inputs, int share) {
    long rowBytes = Math.ceilDiv((long) inputs * unpacking.bytes(), ActivationRecord.INPUTS);
    return GenerationRows.rows(rowBytes, share);
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
    records.run(inputs % ActivationRecord.INPUTS / 32, scratch);
  }

  @Override
  public void multiply(Tile tile, long scratch) {
    products.multiply(tile, scratch);
  }
}
