package dev.tonnage.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tonnage.model.RecordedLogits.Cache;
import dev.tonnage.model.RecordedLogits.Distance;
import dev.tonnage.model.RecordedLogits.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares the logits that somebody computed with recorded ones. Give it the logits of every
 * recorded position ({@link #add}), then ask:
 *
 * <pre>{@code
 * var agreement = new LogitsAgreement(RecordedLogits.of(TinyLlamas.GROUPED));
 * for (int at : agreement.positions()) {
 *   agreement.add(at, logits[at]);
 * }
 * agreement.assertWithin(1e-4);
 * }</pre>
 */
public final class LogitsAgreement {

  /** A margin of so many RMS errors is clear: some four times what a difference of two errs by. */
  private static final double CLEAR_MARGIN_ERRORS = 6;

  private final RecordedLogits recorded;
  private final Map<Integer, Position> expected = new HashMap<>();
  private final List<Flip> flips = new ArrayList<>();
  private double squares;
  private double divergence;
  private int entries;
  private int positions;
  private Worst worst = new Worst(-1, -1, 0, 0);

  /** A position whose best id is another one than the recorded. */
  private record Flip(int at, int expected, int found, double margin) {}

  private record Worst(int at, int id, double expected, double found) {

    double difference() {
      return Math.abs(found - expected);
    }
  }

  /** Nothing compared yet. */
  public LogitsAgreement(RecordedLogits recorded) {
    this.recorded = recorded;
    for (Position position : recorded.positions()) {
      expected.put(position.at(), position);
    }
  }

  /** The recorded positions, ascending. */
  public List<Integer> positions() {
    return recorded.positions().stream().map(Position::at).toList();
  }

  /**
   * Compares the logits after one token; each position once.
   *
   * @param at the token's index in the prompt, one of {@link #positions}
   * @param logits of all ids
   */
  public void add(int at, float[] logits) {
    double[] exact = new double[logits.length];
    for (int id = 0; id < logits.length; id++) {
      exact[id] = logits[id];
    }
    add(at, exact);
  }

  /** Compares the logits after one token; each position once. */
  public void add(int at, double[] logits) {
    Position position = expected.remove(at);
    assertThat(position).as("%s: position %d, once", recorded.model(), at).isNotNull();
    assertThat(logits).as("%s: ids", recorded.model()).hasSize(recorded.vocabulary());
    Map<Integer, Double> distinct = new HashMap<>();
    for (int i = 0; i < position.bestIds().size(); i++) {
      compare(at, position.bestIds().get(i), position.bestLogits().get(i), logits);
      distinct.put(position.bestIds().get(i), position.bestLogits().get(i));
    }
    for (int i = 0; i < recorded.probes().size(); i++) {
      compare(at, recorded.probes().get(i), position.probeLogits().get(i), logits);
      distinct.put(recorded.probes().get(i), position.probeLogits().get(i));
    }
    int best = best(logits);
    if (best != position.bestIds().getFirst()) {
      double margin = position.bestLogits().get(0) - position.bestLogits().get(1);
      flips.add(new Flip(at, position.bestIds().getFirst(), best, margin));
    }
    divergence += divergence(distinct, position.logSumExp(), logits);
    positions++;
  }

  private void compare(int at, int id, double logit, double[] logits) {
    double difference = logits[id] - logit;
    assertThat(difference)
        .as("%s: position %d, id %d: found %s", recorded.model(), at, id, logits[id])
        .isFinite();
    squares += difference * difference;
    entries++;
    if (Math.abs(difference) > worst.difference()) {
      worst = new Worst(at, id, logit, logits[id]);
    }
  }

  /** The id of the largest logit. */
  static int best(double[] logits) {
    int best = 0;
    for (int id = 1; id < logits.length; id++) {
      if (logits[id] > logits[best]) {
        best = id;
      }
    }
    return best;
  }

  private static double divergence(
      Map<Integer, Double> expected, double expectedLogSumExp, double[] found) {
    double foundLogSumExp = logSumExp(found);
    double sum = 0;
    double rest = 1;
    double foundRest = 1;
    for (var entry : expected.entrySet()) {
      double log = entry.getValue() - expectedLogSumExp;
      double foundLog = found[entry.getKey()] - foundLogSumExp;
      sum += Math.exp(log) * (log - foundLog);
      rest -= Math.exp(log);
      foundRest -= Math.exp(foundLog);
    }
    if (rest > 1e-9 && foundRest > 0) { // else what is left is rounding
      sum += rest * Math.log(rest / foundRest);
    }
    return sum;
  }

  private static double logSumExp(double[] logits) {
    double most = Double.NEGATIVE_INFINITY;
    for (double logit : logits) {
      most = Math.max(most, logit);
    }
    double sum = 0;
    for (double logit : logits) {
      sum += Math.exp(logit - most);
    }
    return most + Math.log(sum);
  }

  /** Over what was added so far, on the recorded ids. */
  public Distance distance() {
    double relativeRms = Math.sqrt(squares / Math.max(1, entries)) / recorded.logitDeviation();
    return new Distance(relativeRms, divergence / Math.max(1, positions));
  }

  /**
   * For F32 weights over a cache of F32: no logit differs by more than a fraction of the logits'
   * spread.
   */
  public void assertWithin(double relativeTolerance) {
    assertComplete();
    assertThat(worst.difference() / recorded.logitDeviation())
        .as("%s; the worst difference over the logits' deviation", describe())
        .isLessThanOrEqualTo(relativeTolerance);
    assertSameBest(relativeTolerance);
  }

  /** The RMS error against the exact logits is at most so many times the other engine's own. */
  public void assertErrorAtMost(double factor, Cache cache) {
    assertComplete();
    Distance reference = recorded.error(cache).recordedIds();
    assertThat(distance().relativeRms() / reference.relativeRms())
        .as("%s; relative RMS error over that of %s, %s", describe(), recorded.engine(), reference)
        .isLessThanOrEqualTo(factor);
    assertSameBest(reference.relativeRms());
  }

  /** Where the recorded margin is clear, the best id is the recorded one. */
  private void assertSameBest(double relativeError) {
    double clear = CLEAR_MARGIN_ERRORS * relativeError * recorded.logitDeviation();
    assertThat(flips)
        .as("%s: best ids that differ although the margin is clear", recorded.model())
        .noneMatch(flip -> flip.margin > clear);
  }

  /**
   * The continuation is the recorded one, up to the first choice that was too close to call.
   *
   * @param relativeError of the logits, root mean square over their deviation; 0 calls every choice
   */
  public void assertGreedy(List<Integer> found, double relativeError) {
    double clear = CLEAR_MARGIN_ERRORS * relativeError * recorded.logitDeviation();
    List<Integer> ids = recorded.greedy().ids();
    int called = 0;
    while (called < ids.size() && recorded.greedy().margins().get(called) > clear) {
      called++;
    }
    assertThat(found.stream().limit(called).toList())
        .as("%s: greedy ids, of which %d of %d are clear", recorded.model(), called, ids.size())
        .isEqualTo(ids.subList(0, called));
  }

  private void assertComplete() {
    assertThat(expected.keySet()).as("%s: positions not added", recorded.model()).isEmpty();
  }

  private String describe() {
    return "%s: %s; worst at position %d, id %d: expected %.6f, found %.6f"
        .formatted(recorded.model(), distance(), worst.at, worst.id, worst.expected, worst.found);
  }
}
