package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.AttentionCall;
import dev.tonnage.kernel.AttentionWork;
import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.CacheFormat;
import dev.tonnage.kernel.Demand;
import dev.tonnage.kernel.Kernels;
import dev.tonnage.kernel.MatrixKernel;
import dev.tonnage.kernel.Pairing;
import dev.tonnage.kernel.Phase;
import dev.tonnage.kernel.scalar.ScalarKernels;
import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Tensor;
import java.util.Optional;

/** A level of machine code on top of another, which computes what has no code. */
interface CodeKernels extends Kernels {

  /** For what is done once. */
  Kernels SCALAR = new ScalarKernels();

  /** What computes everything else. */
  Kernels others();

  /** Matrices that there is code for. */
  Matrices matrices();

  /** Attention that there is code for. */
  Attentions attentions();

  /** What goes over rows of floats. */
  RowOperations rowOperations();

  /** For single rows, as of an embedding: what runs at full speed at once. */
  @Override
  default Optional<BlockFormat> format(DType type) {
    return SCALAR.format(type);
  }

  @Override
  default BlockFormat scaledFormat(Tensor tensor) {
    return others().scaledFormat(tensor);
  }

  @Override
  default Optional<CacheFormat> cacheFormat(DType type) {
    return others().cacheFormat(type);
  }

  @Override
  default Optional<MatrixKernel> matrix(Tensor tensor, Phase phase) {
    return tensor.scales().isPresent()
        ? matrices()
            .scaled(tensor, phase, scaledFormat(tensor))
            .or(() -> others().matrix(tensor, phase))
        : matrix(tensor.type(), phase);
  }

  @Override
  default Optional<MatrixKernel> matrix(DType type, Phase phase) {
    return matrices().matrix(type, phase).or(() -> others().matrix(type, phase));
  }

  @Override
  default long mostMatrixScratchBytes(int inputs) {
    return Math.max(others().mostMatrixScratchBytes(inputs), matrices().mostScratchBytes(inputs));
  }

  @Override
  default long mostActivationBytes(int inputs) {
    return Math.max(others().mostActivationBytes(inputs), matrices().mostActivationBytes(inputs));
  }

  @Override
  default AttentionWork attention(AttentionCall call, int threads) {
    return attentions().work(call, threads).orElseGet(() -> Kernels.super.attention(call, threads));
  }

  @Override
  default long mostAttentionScratchBytes(Demand demand) {
    return Math.max(
        Kernels.super.mostAttentionScratchBytes(demand), OnePassAttention.mostScratchBytes(demand));
  }

  @Override
  default long mostAttentionSharedBytes(Demand demand, int threads) {
    return OnePassAttention.mostSharedBytes(demand, threads);
  }

  @Override
  default void multiplyTile(
      long w, int rows, int padded, long x, int tokens, long y, long yStrideBytes) {
    others().multiplyTile(w, rows, padded, x, tokens, y, yStrideBytes);
  }

  @Override
  default void add(long x, long y, int padded) {
    rowOperations().add(x, y, padded);
  }

  @Override
  default void addScaled(long x, long y, float factor, int padded) {
    rowOperations().addScaled(x, y, factor, padded);
  }

  @Override
  default void rmsNorm(long x, long weight, float epsilon, int width, int padded, long y) {
    rowOperations().rmsNorm(x, weight, epsilon, width, padded, y);
  }

  @Override
  default void swiGlu(long gate, long up, int padded) {
    rowOperations().swiGlu(gate, up, padded);
  }

  @Override
  default void clampedSwiGlu(long gate, long up, int padded) {
    rowOperations().clampedSwiGlu(gate, up, padded);
  }

  @Override
  default void rotate(long head, long turns, int pairs, Pairing pairing) {
    if (rowOperations().rotates(pairs, pairing)) {
      rowOperations().rotate(head, turns, pairs, pairing);
    } else {
      others().rotate(head, turns, pairs, pairing);
    }
  }

  @Override
  default void scores(
      long q, int heads, long keys, int padded, int tokens, long scores, long strideBytes) {
    others().scores(q, heads, keys, padded, tokens, scores, strideBytes);
  }

  @Override
  default void softmax(long scores, int tokens) {
    others().softmax(scores, tokens);
  }

  @Override
  default void mix(
      long weights, long strideBytes, int heads, long values, int padded, int tokens, long mixed) {
    others().mix(weights, strideBytes, heads, values, padded, tokens, mixed);
  }
}
