package dev.tonnage.eval;

/**
 * What a file of a base's log-probabilities holds, and so how long it is. The format is that of
 * llama.cpp's {@code --kl-divergence-base}, little-endian: {@code _logits_}, the three numbers here
 * as 32-bit integers, the ids of all chunks, and for each scored token of each chunk a row: a scale
 * and a least log-probability as 32-bit floats, then 16 bits for each token of the vocabulary, and
 * 16 more where that number is odd. A log-probability is {@code scale * bits + least}.
 *
 * @param context tokens of a chunk
 * @param vocabulary tokens of the vocabulary
 * @param chunks chunks of the text
 */
public record KlBaseHeader(int context, int vocabulary, int chunks) {

  static final String MAGIC = "_logits_";

  /** Magic and the three numbers. */
  static final int BYTES = MAGIC.length() + 3 * Integer.BYTES;

  /** Before a row's 16-bit numbers. */
  static final int ROW_HEAD_BYTES = 2 * Float.BYTES;

  /** Bytes of a row; in memory only once the vocabulary is known to be a model's. */
  long rowBytes() {
    return ROW_HEAD_BYTES + 4 * ((vocabulary + 1L) / 2);
  }

  /** Where the first row is, in a file as long as this says. */
  long firstRow() {
    return BYTES + (long) Integer.BYTES * context * chunks;
  }

  /** Bytes of a chunk, ids and rows. No numbers of 31 bits overflow this. */
  long chunkBytes() {
    return (long) Integer.BYTES * context + TextChunks.scored(context) * rowBytes();
  }

  /** Bytes of the whole file. */
  long fileBytes() {
    return BYTES + Math.multiplyExact(chunks, chunkBytes());
  }
}
