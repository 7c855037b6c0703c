package dev.tonnage.eval;

import dev.tonnage.error.BadRequest;
import dev.tonnage.text.Tokenizer;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * A text's tokens cut into chunks of equal length, as llama.cpp's perplexity does it: the ids are
 * the begin token, where the model wants one, and the text's; whatever is left behind the last
 * whole chunk is dropped. A model reads each chunk by itself, the first id replaced by the begin
 * token. The second half is scored: what follows position {@code context / 2} to {@code context -
 * 2}, so that the model has always seen something of the text.
 */
public final class TextChunks {

  /** Fewer tokens would leave hardly any to score. */
  public static final int LEAST_CONTEXT = 8;

  private final int[] ids;
  private final OptionalInt begin;
  private final int context;

  /**
   * Cuts a text, in which no control token is recognised.
   *
   * @param context tokens of a chunk
   * @throws BadRequest if a chunk is shorter than {@value #LEAST_CONTEXT} tokens, or the text
   *     shorter than two chunks
   */
  public TextChunks(Tokenizer tokenizer, String text, int context) {
    if (context < LEAST_CONTEXT) {
      throw new BadRequest(
          "context",
          "chunks of at least " + LEAST_CONTEXT + " tokens",
          context + "",
          "use a longer context (-c)");
    }
    this.begin = Beginning.token(tokenizer);
    this.context = context;
    this.ids = Beginning.ids(tokenizer, text);
    if (ids.length < 2L * context) {
      throw new BadRequest(
          "text",
          "at least two chunks of the context, " + 2L * context + " tokens",
          ids.length + "",
          "use a longer text or a shorter context (-c)");
    }
  }

  /** Tokens of a chunk. */
  public int context() {
    return context;
  }

  /** Whole chunks. */
  public int count() {
    return ids.length / context;
  }

  /** The first position of a chunk whose next token is scored. */
  public int firstScored() {
    return context / 2;
  }

  /** Scored tokens of a chunk of a length. */
  static int scored(int context) {
    return context - 1 - context / 2;
  }

  /** A chunk's ids as they are in the text. */
  int[] ids(int chunk) {
    return Arrays.copyOfRange(ids, chunk * context, (chunk + 1) * context);
  }

  /** What the model reads of a chunk: all but the last, after which nothing is scored. */
  int[] prompt(int chunk) {
    int[] prompt = Arrays.copyOf(ids(chunk), context - 1);
    begin.ifPresent(id -> prompt[0] = id);
    return prompt;
  }

  /** The token that follows a position of a chunk. */
  int next(int chunk, int position) {
    return ids[chunk * context + position + 1];
  }
}
