package dev.tonnage.eval;

import dev.tonnage.session.LoadedModel;
import dev.tonnage.session.Session;
import java.util.Arrays;

/**
 * One session for texts that begin alike: keys and values of what a text shares with the one before
 * are kept, and only the rest is read. The logits are the same bits as without.
 */
final class SharedPrefix implements AutoCloseable {

  private final Session session;
  private int[] read = {};

  SharedPrefix(LoadedModel model) {
    this.session = model.session();
  }

  /**
   * Reads a text; afterwards {@link #logits()} are those after its last token.
   *
   * @return whether all of it was read, and it was not cancelled
   * @throws dev.tonnage.error.BadRequest if it does not fit
   */
  boolean read(int[] ids, Session.Progress progress) {
    int shared = session.truncate(shared(ids));
    boolean whole = session.read(Arrays.copyOfRange(ids, shared, ids.length), progress);
    read = Arrays.copyOf(ids, session.tokens());
    return whole;
  }

  /** All but the last token at most: its logits are wanted. */
  private int shared(int[] ids) {
    int most = Math.min(session.tokens(), ids.length - 1);
    int mismatch = Arrays.mismatch(read, 0, most, ids, 0, most); // of what was kept
    return mismatch < 0 ? most : mismatch;
  }

  /** The logits after the last token. */
  float[] logits() {
    return session.logits();
  }

  /**
   * Reads on, gives the logits of each token, and forgets it again. There are no {@link #logits()}
   * until the next text is read.
   */
  void lookAhead(int[] ids, Session.EachPosition each) {
    if (session.tokens() < read.length) { // could not be kept the last time
      boolean _ = session.read(read, (_, _) -> {});
    }
    session.readEach(ids, each);
    int _ = session.truncate(read.length);
  }

  @Override
  public void close() {
    session.close();
  }
}
