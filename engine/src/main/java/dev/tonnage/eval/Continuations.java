package dev.tonnage.eval;

import dev.tonnage.session.LoadedModel;
import dev.tonnage.session.Session;
import dev.tonnage.text.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The log-probabilities of a text's possible continuations. A continuation of several tokens has
 * the sum of theirs. Prompts that begin alike are cheap one after the other.
 *
 * <p>Each prompt is encoded together with each of its continuations, for a tokenizer may join the
 * two; what all of them have in front in common is the prompt that is read.
 */
public final class Continuations implements AutoCloseable {

  private final LoadedModel model;
  private final Tokenizer tokenizer;
  private final SharedPrefix prefix;

  /** Of a model's. */
  public Continuations(LoadedModel model) {
    this.model = model;
    this.tokenizer = model.tokenizer();
    this.prefix = new SharedPrefix(model);
  }

  /** Whether the model's context has room for a prompt with any of its continuations. */
  boolean fit(String prompt, List<String> continuations) {
    for (String continuation : continuations) {
      if (needed(Beginning.ids(tokenizer, prompt + continuation)) > model.contextTokens()) {
        return false;
      }
    }
    return true;
  }

  /** After the last token nothing is asked. */
  private static int needed(int[] ids) {
    return ids.length - 1;
  }

  /**
   * Scores.
   *
   * @param prompt a text that is not empty
   * @param continuations at least two, all different
   * @param progress hears of the prompt's tokens, and is asked before each step
   * @return a natural logarithm for each continuation; nothing where it was cancelled
   * @throws dev.tonnage.error.BadRequest if the prompt does not fit
   */
  public Optional<List<Double>> score(
      String prompt, List<String> continuations, Session.Progress progress) {
    List<int[]> texts =
        continuations.stream().map(one -> Beginning.ids(tokenizer, prompt + one)).toList();
    int common = common(texts);
    if (!prefix.read(Arrays.copyOf(texts.getFirst(), common), progress)) {
      return Optional.empty();
    }
    var chances = ScoredReading.chances(model, prefix.logits());
    double[] sums =
        texts.stream().mapToDouble(ids -> chances.logProbability(ids[common])).toArray();
    for (int i = 0; i < sums.length; i++) {
      sums[i] += rest(texts.get(i), common);
    }
    return Optional.of(Arrays.stream(sums).boxed().toList());
  }

  /** Tokens that all texts have in front in common; each of them has one more at least. */
  private static int common(List<int[]> texts) {
    int[] first = texts.getFirst();
    int common = first.length - 1;
    for (int[] ids : texts) {
      int most = Math.min(common, ids.length - 1);
      int mismatch = Arrays.mismatch(first, 0, most, ids, 0, most);
      common = mismatch < 0 ? most : mismatch;
    }
    return common;
  }

  /** Of the tokens behind the first of a continuation. */
  private double rest(int[] ids, int common) {
    if (ids.length == common + 1) {
      return 0;
    }
    double[] sum = {0};
    prefix.lookAhead(
        Arrays.copyOfRange(ids, common, ids.length - 1),
        (position, logits) ->
            sum[0] += ScoredReading.chances(model, logits).logProbability(ids[position + 1]));
    return sum[0];
  }

  @Override
  public void close() {
    prefix.close();
  }
}
