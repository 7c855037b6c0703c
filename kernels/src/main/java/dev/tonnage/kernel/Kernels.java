package dev.tonnage.kernel;

import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Tensor;
import java.util.Optional;

/**
 * The leaf code of one level: single-threaded, over addresses that the gate has checked. Each
 * operation sums in one fixed order that depends on widths alone.
 *
 * <p>Widths called {@code padded} are whole lines of {@link dev.tonnage.tensor.Rows#LINE} floats
 * whose padding is zero and stays zero.
 */
public interface Kernels {

  /** Gives back what this level holds; it may not be used afterwards. */
  default void release() {}

  /** Which level this is. */
  Level level();

  /** This level in a few words, with what it depends on ("vectors of 512 bits"). */
  String description();

  /** The code for a type of weights; empty for one without kernels, or that needs scales. */
  Optional<BlockFormat> format(DType type);

  /** The code for a tensor whose numbers have their scales beside them. */
  BlockFormat scaledFormat(Tensor tensor);

  /** Whether tensors of a type can be decoded and multiplied. */
  default boolean supports(DType type) {
    return type.needsScales() || format(type).isPresent();
  }

  /** The code for a tensor's rows; empty for a type without kernels. */
  default Optional<BlockFormat> format(Tensor tensor) {
    return tensor.scales().isPresent() ? Optional.of(scaledFormat(tensor)) : format(tensor.type());
  }

  /** What multiplies with a tensor; empty for a type without kernels. */
  default Optional<MatrixKernel> matrix(Tensor tensor, Phase phase) {
    return tensor.scales().isPresent()
        ? Optional.of(floats(scaledFormat(tensor), phase))
        : matrix(tensor.type(), phase);
  }

  private MatrixKernel floats(BlockFormat format, Phase phase) {
    return switch (phase) {
      case PROMPT -> new FloatPrompts(format, this);
      case GENERATION -> new FloatGeneration(format);
    };
  }

  /** What multiplies with weights of a type that needs no scales; empty for one without kernels. */
  default Optional<MatrixKernel> matrix(DType type, Phase phase) {
    return format(type).map(format -> floats(format, phase));
  }

  /** Scratch that a thread needs at most to multiply, in bytes, for rows of this length. */
  default long mostMatrixScratchBytes(int inputs) {
    return FloatPrompts.mostScratchBytes(inputs);
  }

  /** Bytes that a token's prepared activations take at most. */
  default long mostActivationBytes(int inputs) {
    return 0;
  }

  /** What measures the arithmetic units; empty where a level has nothing for it. */
  default Optional<PeakLoop> peak() {
    return Optional.empty();
  }

  /** The code for a type that a key/value cache may have; empty for others. */
  Optional<CacheFormat> cacheFormat(DType type);

  /**
   * How this level computes an attention.
   *
   * @param threads how many there are to share it; results do not depend on it
   */
  default AttentionWork attention(AttentionCall call, int threads) {
    return new TwoSweepAttention(this, call);
  }

  /** Scratch that a thread needs at most for attention, in bytes. */
  default long mostAttentionScratchBytes(Demand demand) {
    return TwoSweepAttention.mostScratchBytes(demand);
  }

  /** What threads share at most for attention, in bytes. */
  default long mostAttentionSharedBytes(Demand demand, int threads) {
    return 0;
  }

  /**
   * Decoded weights times prompt tokens: {@code y[t][r] = Σ_k w[r][k] · x[t][k]}.
   *
   * @param w [rows, padded] floats
   * @param rows weight rows in the tile
   * @param padded columns
   * @param x [tokens, padded] floats
   * @param tokens prompt tokens
   * @param y first result; token t's results begin at {@code y + t * yStrideBytes}
   * @param yStrideBytes bytes between tokens in the result
   */
  void multiplyTile(long w, int rows, int padded, long x, int tokens, long y, long yStrideBytes);

  /** {@code x += y}. */
  void add(long x, long y, int padded);

  /** {@code x += factor · y}, rounded once. */
  void addScaled(long x, long y, float factor, int padded);

  /**
   * Root-mean-square norm (Zhang & Sennrich 2019): {@code y = x / sqrt(mean(x²) + ε) · weight}.
   *
   * @param width numbers that the mean is over
   */
  void rmsNorm(long x, long weight, float epsilon, int width, int padded, long y);

  /** SwiGLU (Shazeer 2020): {@code gate = gate / (1 + exp(-gate)) · up}. */
  void swiGlu(long gate, long up, int padded);

  /** The gate of gpt-oss, see {@link Compute#clampedSwiGlu}. */
  void clampedSwiGlu(long gate, long up, int padded);

  /**
   * Turns pairs of one head by angles (Su et al. 2021).
   *
   * @param head address of the head's numbers
   * @param turns cosine and sine of each pair, alternating
   * @param pairs how many pairs are turned; numbers beyond them stay
   */
  void rotate(long head, long turns, int pairs, Pairing pairing);

  /**
   * The queries of a group against a block of keys: {@code scores[h][t] = q[h] · k[t]}.
   *
   * @param q [heads, padded] queries, already scaled
   * @param heads query heads that share this key/value head
   * @param keys [tokens, padded]
   * @param scores first score; head h's begin at {@code scores + h * strideBytes}
   */
  void scores(long q, int heads, long keys, int padded, int tokens, long scores, long strideBytes);

  /**
   * Softmax in place.
   *
   * @param scores [tokens] in whole lines; what stands behind the last token is overwritten
   */
  void softmax(long scores, int tokens);

  /**
   * A block of values joins the mix: {@code mixed[h] += Σ_t weights[h][t] · v[t]}.
   *
   * @param weights first weight; head h's begin at {@code weights + h * strideBytes}
   * @param values [tokens, padded]
   * @param mixed [heads, padded]
   */
  void mix(
      long weights, long strideBytes, int heads, long values, int padded, int tokens, long mixed);
}
