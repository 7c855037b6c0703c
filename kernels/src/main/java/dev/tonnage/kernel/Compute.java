package dev.tonnage.kernel;

import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The operations a model needs. Letters: n rows of a step, H hidden width, V vocabulary, D head
 * width.
 *
 * <p>Results are bit-identical for any number of threads and for any way to cut a prompt into
 * steps. For one caller at a time.
 */
public interface Compute extends AutoCloseable {

  /** What computes, in a line for people. */
  String description();

  /** Which level of kernels computes. */
  Level level();

  /** Whether weights of this type can be multiplied and gathered. */
  boolean supports(DType type);

  /** Whether a key/value cache may have this type. */
  boolean supportsCache(DType type);

  /**
   * Decodes rows of a table: {@code out[i] = table[ids[i]]}.
   *
   * @param table [V, H]
   * @param out [n, H]
   */
  void gather(Tensor table, int[] ids, Rows out);

  /**
   * {@code y = x · wᵀ}.
   *
   * @param w [outputs, inputs]
   * @param x [n, inputs]
   * @param y [n, outputs]
   */
  default void multiply(Tensor w, Rows x, Rows y, Phase phase) {
    multiply(x, List.of(new Product(w, y)), phase);
  }

  /**
   * Several products of the same rows, {@code y = x · wᵀ} each.
   *
   * @param x [n, inputs]
   */
  default void multiply(Rows x, List<Product> products, Phase phase) {
    multiply(List.of(new RowProducts(x, products)), phase);
  }

  /**
   * Several products of several rows: threads wait for each other once where the matrices are of
   * the same type.
   *
   * @param all of rows of one width
   */
  void multiply(List<RowProducts> all, Phase phase);

  /**
   * Copies rows: {@code out[i] = x[rows[i]]}.
   *
   * @param x [any, H]
   * @param out [n, H]
   */
  void pick(Rows x, int[] rows, Rows out);

  /**
   * Adds rows to others: {@code y[rows[i]] += factors[i] · x[i]}, in their order.
   *
   * @param x [n, H]
   * @param y [any, H]
   */
  void addAt(Rows x, int[] rows, float[] factors, Rows y);

  /**
   * Adds rows of a table: {@code x[i] += table[rows[i]]}.
   *
   * @param x [n, H]
   * @param table [any, H]
   */
  void addFrom(Rows x, Tensor table, int[] rows);

  /**
   * Copies columns, one after the other.
   *
   * @param copies at least one, all in as many rows
   */
  void copy(List<ColumnCopy> copies);

  /**
   * Takes pairs apart: their first numbers to one place and their second to another.
   *
   * @param pairs [n, 2 · F]
   * @param firsts [n, F]
   * @param seconds [n, F]
   */
  void split(Rows pairs, Rows firsts, Rows seconds);

  /** {@code x = factor · x}. */
  void scale(Rows x, float factor);

  /** {@code x += y}; y has as many rows as x, or one for all. */
  void add(Rows x, Rows y);

  /**
   * Root-mean-square norm of each row.
   *
   * @param weight [1, H]
   */
  void rmsNorm(Rows x, Rows weight, float epsilon, Rows y);

  /**
   * Root-mean-square norm of every head of each row, in place.
   *
   * @param x [n, heads · D]
   * @param weight [1, D]
   */
  void rmsNormHeads(Rows x, int heads, Rows weight, float epsilon);

  /**
   * Layer norm (Ba et al. 2016) without a bias, of every head of each row, in place: what is left
   * of the mean, over the standard deviation, times a weight.
   *
   * @param x [n, heads · D]
   * @param weight [1, D], or [heads, D]
   */
  void layerNorm(Rows x, int heads, Rows weight, float epsilon);

  /** SwiGLU: {@code gate = silu(gate) · up}. */
  void swiGlu(Rows gate, Rows up);

  /**
   * The gate of gpt-oss (OpenAI 2025): {@code gate = g / (1 + exp(-SLOPE · g)) · (u + 1)}, where g
   * is gate up to LIMIT and u is up between -LIMIT and LIMIT, see {@link ClampedGate}.
   */
  void clampedSwiGlu(Rows gate, Rows up);

  /**
   * Rotary embedding of every head of every row.
   *
   * @param x [n, heads · D]
   * @param turns [n, 2 · pairs] cosine and sine for each pair, alternating
   */
  void rotate(Rows x, int heads, Rows turns, Pairing pairing);

  /**
   * Appends to the cache: row i becomes position {@code firstPosition + i}.
   *
   * @param keys [n, heads · keyWidth]
   * @param values [n, heads · valueWidth]
   */
  void store(Rows keys, Rows values, CacheSpan span, int firstPosition);

  /**
   * Appends to a cache whose values are the end of keys.
   *
   * @param keys [n, heads · keyWidth]
   */
  void store(Rows keys, CacheSpan span, int firstPosition);

  /**
   * Causal attention: row i, at position {@code firstPosition + i}, sees positions up to its own.
   *
   * @param q [n, queryHeads · keyWidth]
   * @param rule how far back it sees, and how it weighs
   * @param out [n, queryHeads · valueWidth]
   */
  void attend(Rows q, CacheSpan span, int firstPosition, AttentionRule rule, Rows out);

  /**
   * Has the system map all pages of files now, with every thread, that computing would else wait
   * for one by one; what is not in memory yet is read.
   *
   * @param memory pieces of mapped files; others are left alone
   */
  void bringIn(List<MemorySegment> memory);

  /**
   * Reads memory with all threads and makes nothing of it, as fast as it comes: to be timed.
   *
   * @param memory pieces, not on the heap; the threads wait for each other at the end alone
   * @return something of what was read
   */
  long read(List<MemorySegment> memory);

  /**
   * Multiply-adds a second that all threads reach with nothing else to do, measured for some
   * milliseconds; empty where the level has no loop to measure it.
   */
  OptionalDouble peakMultiplyAdds();

  /** Bytes of scratch this compute holds for its threads. */
  long scratchBytes();

  @Override
  void close();
}
