package dev.tonnage.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tonnage.model.RecordedLogits.Cache;
import dev.tonnage.model.RecordedLogits.Position;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogitsAgreementTest {

  private final RecordedLogits recorded = RecordedLogits.of(TinyLlamas.Q8_0);
  private final LogitsAgreement agreement = new LogitsAgreement(recorded);

  @Test
  void theRecordedLogitsAgreeWithThemselves() {
    recorded.positions().forEach(position -> agreement.add(position.at(), logits(position)));
    agreement.assertWithin(0);
    agreement.assertErrorAtMost(0, Cache.F16);
    assertThat(agreement.distance().relativeRms()).isZero();
  }

  @Test
  void oneWrongLogitIsNamed() {
    for (Position position : recorded.positions()) {
      double[] logits = logits(position);
      if (position.at() == 7) {
        logits[recorded.probes().get(3)] += 0.01;
      }
      agreement.add(position.at(), logits);
    }
    assertThatThrownBy(() -> agreement.assertWithin(1e-4))
        .hasMessageContaining("q8-0")
        .hasMessageContaining("position 7, id " + recorded.probes().get(3));
  }

  @Test
  void anErrorThatIsLargerThanTheReferencesIsRefused() {
    double error = recorded.error(Cache.F32).recordedIds().relativeRms();
    for (Position position : recorded.positions()) {
      double[] logits = logits(position);
      for (int id = 0; id < logits.length; id++) {
        logits[id] += (id % 2 == 0 ? 1.2 : -1.2) * error * recorded.logitDeviation();
      }
      agreement.add(position.at(), logits);
    }
    agreement.assertErrorAtMost(1.25, Cache.F32);
    assertThatThrownBy(() -> agreement.assertErrorAtMost(1.1, Cache.F32))
        .hasMessageContaining("relative RMS error");
  }

  @Test
  void aShiftOfAllLogitsIsAnErrorAlthoughItChangesNoProbability() {
    for (Position position : recorded.positions()) {
      double[] logits = logits(position);
      Arrays.setAll(logits, id -> logits[id] + 0.5);
      agreement.add(position.at(), logits);
    }
    assertThatThrownBy(() -> agreement.assertWithin(1e-4)).isInstanceOf(AssertionError.class);
  }

  @Test
  void whatIsNoNumberOrMissingIsRefused() {
    Position first = recorded.positions().getFirst();
    double[] logits = logits(first);
    logits[first.bestIds().get(2)] = Double.NaN;
    assertThatThrownBy(() -> agreement.add(first.at(), logits))
        .hasMessageContaining("position 0, id " + first.bestIds().get(2));
    assertThatThrownBy(() -> agreement.assertWithin(1)).hasMessageContaining("not added");
  }

  @Test
  void greedyIdsCountUpToTheFirstChoiceThatIsNotClear() {
    List<Integer> ids = new ArrayList<>(recorded.greedy().ids());
    agreement.assertGreedy(ids, 0);
    int closest = 0;
    for (int i = 1; i < ids.size(); i++) {
      if (recorded.greedy().margins().get(i) < recorded.greedy().margins().get(closest)) {
        closest = i;
      }
    }
    ids.set(closest, ids.get(closest) + 1);
    double margin = recorded.greedy().margins().get(closest) / recorded.logitDeviation();
    agreement.assertGreedy(ids, margin);
    assertThatThrownBy(() -> agreement.assertGreedy(ids, margin / 100))
        .hasMessageContaining("greedy");
  }

  /** Logits that are the recorded ones where there are any. */
  private double[] logits(Position position) {
    double[] logits = new double[recorded.vocabulary()];
    Arrays.fill(logits, -100);
    for (int i = 0; i < position.bestIds().size(); i++) {
      logits[position.bestIds().get(i)] = position.bestLogits().get(i);
    }
    for (int i = 0; i < recorded.probes().size(); i++) {
      logits[recorded.probes().get(i)] = position.probeLogits().get(i);
    }
    return logits;
  }
}
