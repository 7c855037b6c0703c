package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.MatrixKernel;
import dev.tonnage.kernel.Memory;
import dev.tonnage.kernel.asm.CodeFamily;
import dev.tonnage.tensor.Scales;
import dev.tonnage.tensor.Tensor;

/**
 * Some rows of a matrix become floats in scratch, and these are multiplied: for numbers whose
 * scales stand elsewhere and that there is no other code for.
 */
final class DecodedMatrix implements MatrixKernel {

  /** Floats of a part of a tile: half of a usual second-level cache. */
  private static final long PART_BYTES = 256 << 10;

  private static final int MOST_ROWS = 32;

  private final MatrixKernel floats;
  private final CodeFamily decoding;
  private final BlockFormat plain;
  private final Tensor tensor;
  private final Scales scales;

  /**
   * @param floats what multiplies with them
   * @param decoding {@link DecodeRows} of this kind of tensor
   * @param plain what decodes where code would read behind the tensor
   */
  DecodedMatrix(MatrixKernel floats, CodeFamily decoding, BlockFormat plain, Tensor tensor) {
    this.floats = floats;
    this.decoding = decoding;
    this.plain = plain;
    this.tensor = tensor;
    this.scales = tensor.scales().orElseThrow();
  }

  private static int partRows(int inputs) {
    return Math.clamp(PART_BYTES / (4L * inputs), 4, MOST_ROWS);
  }

  /** Floats of a part at most, in bytes. */
  static long mostPartBytes(int inputs) {
    return (partRows(inputs) * 4L * inputs + 63) & -64;
  }

  @Override
  public int rows(int inputs, int share) {
    return partRows(inputs);
  }

  @Override
  public long activationBytes(int inputs) {
    return floats.activationBytes(inputs);
  }

  @Override
  public void prepare(long x, int inputs, long prepared, long scratch) {
    floats.prepare(x, inputs, prepared, scratch);
  }

  @Override
  public long scratchBytes(int inputs) {
    return mostPartBytes(inputs) + floats.scratchBytes(inputs);
  }

  @Override
  public void multiply(Tile tile, long scratch) {
    long own = scratch + mostPartBytes(tile.inputs()); // whole lines
    for (int r = 0; r < tile.rows(); r++) {
      decode(
          tile.weights() + r * tile.rowBytes(),
          tile.inputs(),
          scratch + r * 4L * tile.inputs(),
          own);
    }
    int most = floats.rows(tile.inputs(), tile.rows());
    for (int first = 0; first < tile.rows(); first += most) {
      floats.multiply(
          new Tile(
              scratch + first * 4L * tile.inputs(),
              4L * tile.inputs(),
              Math.min(most, tile.rows() - first),
              tile.inputs(),
              tile.activations(),
              tile.activationBytes(),
              tile.tokens(),
              tile.results() + 4L * first,
              tile.resultBytes()),
          own);
    }
  }

  private void decode(long row, int inputs, long to, long block) {
    long base = tensor.data().address();
    long last = base + tensor.data().byteSize() - tensor.rowBytes();
    if (row == last && DecodeRows.readsBehind(tensor.type())) {
      plain.decode(row, inputs, to, 0);
      return;
    }
    long index = scales.firstRow() + (row - base) / tensor.rowBytes();
    long groups = inputs / scales.columns();
    long at = index / scales.rows() * groups * scales.type().blockBytes();
    Memory.i64(block + DecodeRows.FROM, row);
    Memory.i64(block + DecodeRows.TO, to);
    Memory.i64(block + DecodeRows.SCALES, groups);
    Memory.i64(block + DecodeRows.SCALE, scales.scales().address() + at);
    Memory.i64(
        block + DecodeRows.BIAS, scales.biases().map(each -> each.address() + at).orElse(0L));
    decoding.run(0, block);
  }
}
