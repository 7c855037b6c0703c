package dev.tonnage.nn;

import dev.tonnage.kernel.Phase;
import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Workspace;
import java.util.List;

/**
 * Tokens of one or more sequences that go through the model together, so that weights are read once
 * for all of them. Rows of activations are the passages' tokens, one passage after the other.
 */
public final class Step {

  private final Phase phase;
  private final List<Passage> passages;
  private final int count;
  private final int wanted;

  /**
   * @param phase whether the tokens were given or sampled
   * @param passages one for each sequence, at least one
   */
  public Step(Phase phase, List<Passage> passages) {
    long sequences = passages.stream().map(Passage::cache).distinct().count();
    if (passages.isEmpty() || sequences < passages.size()) {
      throw new IllegalArgumentException(
          passages.size() + " passages of " + sequences + " sequences");
    }
    this.phase = phase;
    this.passages = List.copyOf(passages);
    this.count = passages.stream().mapToInt(Passage::count).sum();
    this.wanted = passages.stream().mapToInt(Passage::wanted).sum();
  }

  /** Whether the tokens were given or sampled. */
  public Phase phase() {
    return phase;
  }

  /** What each sequence has in the step. */
  public List<Passage> passages() {
    return passages;
  }

  /** Number of tokens: rows of activations. */
  public int count() {
    return count;
  }

  /** Tokens whose logits are wanted. */
  public int wanted() {
    return wanted;
  }

  /** The ids of all rows. */
  int[] tokens() {
    int[] tokens = new int[count];
    int row = 0;
    for (Passage passage : passages) {
      System.arraycopy(passage.tokens(), 0, tokens, row, passage.count());
      row += passage.count();
    }
    return tokens;
  }

  /** Each row's position in its sequence. */
  int[] positions() {
    int[] positions = new int[count];
    int row = 0;
    for (Passage passage : passages) {
      for (int i = 0; i < passage.count(); i++) {
        positions[row++] = passage.firstPosition() + i;
      }
    }
    return positions;
  }

  /**
   * The rows whose logits are wanted, in their order.
   *
   * @param x [n, any]
   * @return [wanted, any], in x's own memory where they stand together
   */
  public Rows select(Rows x, Workspace ws) {
    if (passages.size() == 1 || wanted == count) {
      return x.slice(count - wanted, wanted);
    }
    Rows selected = ws.rows(wanted, x.width());
    int row = 0;
    int at = 0;
    for (Passage passage : passages) {
      row += passage.count();
      Rows last = x.slice(row - passage.wanted(), passage.wanted());
      selected.slice(at, passage.wanted()).data().copyFrom(last.data());
      at += passage.wanted();
    }
    return selected;
  }
}
