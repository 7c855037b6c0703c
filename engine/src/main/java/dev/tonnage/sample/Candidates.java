package dev.tonnage.sample;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.BadRequest;
import dev.tonnage.error.TonnageException;
import java.util.function.IntPredicate;

/**
 * The tokens that may still be drawn, at least one, by ascending ids. No stage changes their order,
 * so what a draw makes of a random number does not depend on how a stage does its work.
 *
 * <p>Logits are double: what is divided, multiplied and subtracted cannot overflow.
 */
final class Candidates {

  private final int[] ids;
  private final double[] logits;
  private final Softmax softmax = new Softmax();

  /** Ids that have a bias, in ascending order. */
  private final int[] biased;

  private final double[] biases;
  private int size;

  Candidates(int vocabulary, LogitBias bias) {
    bias.requireWithin(vocabulary);
    ids = new int[vocabulary];
    logits = new double[vocabulary];
    biased = bias.byToken().keySet().stream().mapToInt(Integer::intValue).toArray();
    biases = bias.byToken().values().stream().mapToDouble(Double::doubleValue).toArray();
  }

  /**
   * Starts over with every token whose logit, with its bias, is a number; minus infinity is none.
   *
   * @param all one for each token of the vocabulary
   * @throws BadFile if no logit is a number, or one is infinite
   * @throws BadRequest if all that are numbers are banned
   */
  void reset(float[] all) {
    size = 0;
    int next = 0;
    for (int id = 0; id < all.length; id++) {
      double logit = all[id];
      if (logit == Double.POSITIVE_INFINITY) {
        throw noNumbers("an infinite one");
      }
      if (next < biased.length && biased[next] == id) {
        logit += biases[next++];
      }
      if (logit > Double.NEGATIVE_INFINITY) {
        ids[size] = id;
        logits[size++] = logit;
      }
    }
    if (size == 0) {
      throw nothingLeft(all);
    }
  }

  private static TonnageException nothingLeft(float[] all) {
    for (float logit : all) {
      if (Float.isFinite(logit)) {
        return new BadRequest(
            "logit-bias", "a token that may be drawn", "that all are banned", "ban fewer");
      }
    }
    return noNumbers("none");
  }

  private static BadFile noNumbers(String found) {
    return new BadFile(
        "logits",
        "finite numbers",
        found,
        "the model's weights are damaged, or overflow: download it again");
  }

  int size() {
    return size;
  }

  int id(int index) {
    return ids[index];
  }

  double logit(int index) {
    return logits[index];
  }

  void setLogit(int index, double logit) {
    logits[index] = logit;
  }

  /** The greatest logit. */
  double greatest() {
    double greatest = logits[0];
    for (int i = 1; i < size; i++) {
      greatest = Math.max(greatest, logits[i]);
    }
    return greatest;
  }

  /** Their probabilities; valid until it is called again. */
  Softmax softmax() {
    softmax.compute(this);
    return softmax;
  }

  /** Keeps the most probable alone. */
  void keepGreatest() {
    double greatest = greatest();
    int first = 0;
    while (logits[first] < greatest) {
      first++;
    }
    ids[0] = ids[first];
    logits[0] = greatest;
    size = 1;
  }

  /** Keeps those whose logit is at least this. */
  void keepAtLeast(double least) {
    keepDownTo(least, Integer.MAX_VALUE);
  }

  /** Keeps, of all in the order of their probability, equal ones by their ids, those up to this. */
  void keepDownTo(double logit, int id) {
    keepIf(i -> logits[i] > logit || (logits[i] == logit && ids[i] <= id));
  }

  /** Keeps those of which this is true, by their places before. */
  void keepIf(IntPredicate stays) {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (stays.test(i)) {
        ids[kept] = ids[i];
        logits[kept++] = logits[i];
      }
    }
    size = kept;
  }
}
