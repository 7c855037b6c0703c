package dev.tonnage.kernel;

import dev.tonnage.tensor.Tensor;

/**
 * What a level does with matrices of one type in one phase: the leaf code under {@link
 * Compute#multiply}. Threads and tiles are shared and stand elsewhere; {@link Tile} says what a
 * call is about.
 *
 * <p>A result depends on its row and its token alone, to the bit: not on the tile they are in.
 */
public interface MatrixKernel {

  /**
   * Where a tensor's scales are that stand beside its numbers, one after the other in the order of
   * these; of a tensor without them all are 0.
   *
   * @param base address of the tensor's first number
   * @param scales address of the first scale
   * @param biases address of the first bias; 0 for none
   */
  record Beside(long base, long scales, long biases) {

    /** Nothing. */
    static final Beside NONE = new Beside(0, 0, 0);

    /** Of a tensor whose scales are for parts of one row each. */
    static Beside of(Tensor tensor) {
      return tensor
          .scales()
          .map(each -> {
            long skipped =
                each.type().bytes(each.firstRow() * each.rowBlocks(tensor.shape().columns()));
            return new Beside(
                tensor.data().address(),
                each.scales().address() + skipped,
                each.biases().map(biases -> biases.address() + skipped).orElse(0L));
          })
          .orElse(NONE);
    }
  }

  /**
   * Rows of weights times tokens. Addresses have been checked by the gate.
   *
   * @param weights address of the first row; rows follow each other
   * @param rowBytes bytes of a row
   * @param beside where scales are that stand elsewhere
   * @param rows how many rows
   * @param inputs numbers of a row, whole blocks
   * @param activations address of the first token's activations, as {@link #prepare} left them
   * @param activationBytes bytes from one token's to the next
   * @param tokens how many tokens, at least 1
   * @param results address of the first token's result for the first row; rows are floats side by
   *     side
   * @param resultBytes bytes from one token's results to the next
   */
  record Tile(
      long weights,
      long rowBytes,
      Beside beside,
      int rows,
      int inputs,
      long activations,
      long activationBytes,
      int tokens,
      long results,
      long resultBytes) {

    /** Without scales elsewhere. */
    public Tile(
        long weights,
        long rowBytes,
        int rows,
        int inputs,
        long activations,
        long activationBytes,
        int tokens,
        long results,
        long resultBytes) {
      this(
          weights,
          rowBytes,
          Beside.NONE,
          rows,
          inputs,
          activations,
          activationBytes,
          tokens,
          results,
          resultBytes);
    }

    /** Makes all results zero, for kernels that add to them. */
    public void clearResults() {
      for (int t = 0; t < tokens; t++) {
        Memory.ALL.asSlice(results + t * resultBytes, 4L * rows).fill((byte) 0);
      }
    }
  }

  /**
   * Rows that make a good tile.
   *
   * @param share how many each thread has, if all have as many
   */
  int rows(int inputs, int share);

  /**
   * Bytes of a token's prepared activations, a multiple of 64; 0 where floats are used as they are.
   */
  long activationBytes(int inputs);

  /**
   * Makes of a token's activations what this kernel reads.
   *
   * @param x address of {@code inputs} floats, padded with zeros to whole lines
   * @param prepared address of as many bytes as {@link #activationBytes} says, on a line
   * @param scratch address of this thread's scratch
   */
  void prepare(long x, int inputs, long prepared, long scratch);

  /** Bytes of scratch that a thread needs. */
  long scratchBytes(int inputs);

  /**
   * Multiplies.
   *
   * @param scratch address of this thread's scratch, on a line
   */
  void multiply(Tile tile, long scratch);
}
