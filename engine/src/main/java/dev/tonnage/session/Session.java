package dev.tonnage.session;

import dev.tonnage.cache.KvCache;
import dev.tonnage.error.BadRequest;
import dev.tonnage.kernel.Phase;
import dev.tonnage.nn.Passage;
import dev.tonnage.nn.Step;
import dev.tonnage.plan.Capacity;
import dev.tonnage.tensor.Rows;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** One sequence: tokens go in, logits come out, keys and values stay. For one thread at a time. */
public final class Session implements AutoCloseable {

  /** Is told how far a prompt has been read. */
  @FunctionalInterface
  public interface Progress {
    /**
     * @param done tokens read
     * @param total tokens of the prompt
     */
    void read(int done, int total);

    /** Asked before each step; a prompt that is no longer wanted is left where it is. */
    default boolean cancelled() {
      return false;
    }
  }

  /** Gets the logits of each position of a prompt. */
  @FunctionalInterface
  public interface EachPosition {
    /**
     * @param position in the sequence
     * @param logits one for each token of the vocabulary; the next call may reuse the array
     */
    void accept(int position, float[] logits);
  }

  private final LoadedModel model;
  private final KvCache cache;
  private final float[] logits;

  Session(LoadedModel model, KvCache cache) {
    this.model = model;
    this.cache = cache;
    this.logits = new float[model.dimensions().vocabulary()];
  }

  /**
   * Another session that goes on from here: keys and values are copied, which takes no computing.
   *
   * @throws dev.tonnage.error.DoesNotFit if more sessions were opened than planned for, and nothing
   *     is left
   */
  public Session fork() {
    var fork = new Session(model, cache.copy());
    System.arraycopy(logits, 0, fork.logits, 0, logits.length);
    return fork;
  }

  /** Tokens read so far. */
  public int tokens() {
    return cache.tokens();
  }

  /** Tokens that still fit. */
  public int room() {
    return model.contextTokens() - tokens();
  }

  /** The logits after the last token; the next call to read or append overwrites them. */
  public float[] logits() {
    return logits;
  }

  /**
   * Reads a prompt; afterwards {@link #logits()} are those of its last token.
   *
   * @return whether all of it was read, and it was not cancelled
   * @throws BadRequest if it is empty, does not fit, or has an id beyond the vocabulary
   */
  public boolean read(int[] prompt, Progress progress) {
    check(prompt);
    for (int at = 0; at < prompt.length; at += Capacity.CHUNK_TOKENS) {
      if (progress.cancelled()) {
        return false;
      }
      int[] chunk =
          Arrays.copyOfRange(prompt, at, Math.min(prompt.length, at + Capacity.CHUNK_TOKENS));
      model.forward(prompt(chunk, chunk.length - 1), out -> take(out, 0));
      progress.read(at + chunk.length, prompt.length);
    }
    return true;
  }

  /**
   * Reads a prompt and gives the logits of each of its positions.
   *
   * @throws BadRequest likewise
   */
  public void readEach(int[] prompt, EachPosition each) {
    boolean _ = readFrom(prompt, 0, each, (_, _) -> {});
  }

  /**
   * Reads a prompt and gives the logits of its later positions, in steps as large as the planned
   * memory allows.
   *
   * @param firstWanted index in the prompt of the first token whose logits are wanted
   * @return whether all of it was read, and it was not cancelled
   * @throws BadRequest likewise
   */
  public boolean readFrom(int[] prompt, int firstWanted, EachPosition each, Progress progress) {
    check(prompt);
    Objects.checkIndex(firstWanted, prompt.length);
    int at = 0;
    while (at < prompt.length) {
      if (progress.cancelled()) {
        return false;
      }
      int wanted = Math.max(at, firstWanted);
      int end = Math.min(prompt.length, at + Capacity.CHUNK_TOKENS);
      end = Math.min(end, wanted + model.mostWanted());
      int[] chunk = Arrays.copyOfRange(prompt, at, end);
      int first = tokens();
      // a step gives the logits of one token at least, also where nobody asks
      int firstInStep = Math.min(wanted - at, chunk.length - 1);
      int asked = end - wanted;
      model.forward(
          prompt(chunk, firstInStep),
          out -> {
            for (int i = 0; i < asked; i++) {
              take(out, i);
              each.accept(first + firstInStep + i, logits);
            }
          });
      at = end;
      progress.read(at, prompt.length);
    }
    return true;
  }

  /**
   * Forgets all but the first tokens, so that another continuation of them can be read. There are
   * no {@link #logits()} before the next token. Where layers see a window or a chunk alone, tokens
   * before it may be gone, and all have to be read again; never where some 1,000 are forgotten.
   *
   * @return how many tokens were kept: as many as wanted, or none
   */
  public int truncate(int keep) {
    return cache.truncate(keep);
  }

  /**
   * Goes on with a token that was sampled; afterwards {@link #logits()} are those after it.
   *
   * @throws BadRequest if the context is full
   */
  public void append(int token) {
    model.append(List.of(new Continuation(this, token)));
  }

  private Step prompt(int[] chunk, int firstWanted) {
    return new Step(Phase.PROMPT, List.of(new Passage(chunk, cache, firstWanted)));
  }

  /**
   * A sampled token as this sequence's part in a step of a model.
   *
   * @throws BadRequest if the context is full, or there is no such token
   */
  Passage passage(int token, LoadedModel of) {
    if (of != model) {
      throw new IllegalArgumentException("a session of " + model.name() + " in a step of another");
    }
    int[] one = {token};
    check(one);
    return new Passage(one, cache, 0);
  }

  /** Remembers a row of a step's logits as this sequence's. */
  void take(Rows out, int row) {
    MemorySegment.copy(
        out.data(), ValueLayout.JAVA_FLOAT, 4L * row * out.stride(), logits, 0, logits.length);
  }

  private void check(int[] tokens) {
    if (tokens.length == 0) {
      throw new BadRequest("prompt", "at least one token", "none", "say something");
    }
    if (tokens.length > room()) {
      throw new BadRequest(
          "the prompt does not fit: "
              + tokens.length
              + " tokens, but the context of "
              + model.contextTokens()
              + " has room for "
              + room()
              + (model.contextTokens() < model.dimensions().contextTokens()
                  ? "; use a longer context (-c, up to "
                      + model.dimensions().contextTokens()
                      + " for this model) or a shorter prompt"
                  : "; this is all the model was trained for: use a shorter prompt"));
    }
    for (int token : tokens) {
      if (token < 0 || token >= logits.length) {
        throw new BadRequest(
            "token", "an id from 0 to " + (logits.length - 1), token + "", "correct it");
      }
    }
  }

  @Override
  public void close() {
    cache.close();
  }
}
