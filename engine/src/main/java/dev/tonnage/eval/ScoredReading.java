package dev.tonnage.eval;

import dev.tonnage.error.BadFile;
import dev.tonnage.session.LoadedModel;
import dev.tonnage.session.Session;
import java.util.List;

/**
 * Lets a model read a text's chunks, each by itself, and scores the tokens of their second halves.
 */
public final class ScoredReading {

  /** Hears how far the reading is. */
  public interface Progress {

    /**
     * A chunk was read to its end.
     *
     * @param done chunks read so far
     */
    void endChunk(int done);

    /** Asked before each step; what is no longer wanted is left where it is. */
    boolean cancelled();
  }

  private ScoredReading() {}

  /**
   * Reads the first chunks.
   *
   * @param chunks how many
   * @param scorers each gets every scored token, in the order of the text
   * @return whether all were read, and it was not cancelled
   * @throws dev.tonnage.error.BadRequest if a chunk is longer than the model's context
   * @throws BadFile if the model computes something that is no number
   */
  public static boolean read(
      LoadedModel model,
      TextChunks text,
      int chunks,
      List<TokenScorer> scorers,
      Progress progress) {
    try (Session session = model.session()) {
      for (int chunk = 0; chunk < chunks; chunk++) {
        int _ = session.truncate(0);
        if (!read(model, session, text, chunk, scorers, progress)) {
          return false;
        }
        progress.endChunk(chunk + 1);
      }
      return true;
    }
  }

  private static boolean read(
      LoadedModel model,
      Session session,
      TextChunks text,
      int chunk,
      List<TokenScorer> scorers,
      Progress progress) {
    return session.readFrom(
        text.prompt(chunk),
        text.firstScored(),
        (position, logits) -> {
          LogSoftmax chances = chances(model, logits);
          int token = text.next(chunk, position);
          scorers.forEach(scorer -> scorer.add(chances, token));
        },
        new Session.Progress() {
          @Override
          public void read(int done, int total) {}

          @Override
          public boolean cancelled() {
            return progress.cancelled();
          }
        });
  }

  /**
   * What a model's logits say.
   *
   * @throws BadFile if they are no numbers
   */
  static LogSoftmax chances(LoadedModel model, float[] logits) {
    var chances = new LogSoftmax(logits);
    if (!chances.finite()) {
      throw new BadFile(
          model.name(),
          "weights that lead to finite logits",
          "infinity or no number in them",
          "use another copy of the model");
    }
    return chances;
  }
}
