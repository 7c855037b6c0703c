package dev.tonnage.cli;

import dev.tonnage.eval.Accuracy;
import dev.tonnage.eval.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Counts answers by subject. */
final class MmluScore {

  private final Map<String, Accuracy> subjects = new TreeMap<>();
  private int fewerShots;

  void add(MmluResults.Line line, int shots) {
    subjects.merge(
        line.subject(),
        new Accuracy(line.right() ? 1 : 0, 1),
        (one, other) ->
            new Accuracy(one.right() + other.right(), one.questions() + other.questions()));
    if (line.shots() < shots) {
      fewerShots++;
    }
  }

  int questions() {
    return subjects.values().stream().mapToInt(Accuracy::questions).sum();
  }

  int right() {
    return subjects.values().stream().mapToInt(Accuracy::right).sum();
  }

  /** Questions before which not all examples had room. */
  int fewerShots() {
    return fewerShots;
  }

  /** The form of {@code --json} for one subject, or for all of them; shares of one. */
  record Share(
      String name, Integer right, Integer questions, double accuracy, double low95, double high95) {

    static Share of(String name, Accuracy counted) {
      Interval interval = counted.interval();
      return new Share(
          name,
          counted.right(),
          counted.questions(),
          counted.value(),
          interval.low(),
          interval.high());
    }

    String line() {
      return String.format(
          Locale.ROOT,
          "%-40s %5.1f %%  [%5.1f, %5.1f]%s",
          name,
          100 * accuracy,
          100 * low95,
          100 * high95,
          questions == null ? "" : "  " + right + " of " + questions);
    }
  }

  /** Each subject's, by name. */
  List<Share> bySubject() {
    return subjects.entrySet().stream()
        .map(entry -> Share.of(entry.getKey(), entry.getValue()))
        .toList();
  }

  /** Of all questions together; at least one. */
  Share all() {
    return Share.of("all questions", new Accuracy(right(), questions()));
  }

  /** The mean over subjects; at least one. */
  Share mean() {
    List<Accuracy> shares = new ArrayList<>(subjects.values());
    Interval interval = Accuracy.meanInterval(shares);
    return new Share(
        "mean over subjects", null, null, Accuracy.mean(shares), interval.low(), interval.high());
  }
}
