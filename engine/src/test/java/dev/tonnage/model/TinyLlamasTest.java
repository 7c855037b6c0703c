package dev.tonnage.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tonnage.model.RecordedLogits.Cache;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TinyLlamasTest {

  @ParameterizedTest
  @EnumSource
  void everyModelIsTheOneThatWasRecorded(TinyLlamas tiny) throws IOException {
    RecordedLogits recorded = RecordedLogits.of(tiny);
    assertThat(TinyLlamaFolder.sha256(tiny.model()))
        .as("%s has changed: record again, bench/peers/README.md says how", tiny)
        .isEqualTo(recorded.sha256());
    assertThat(tiny.model().prompt()).isEqualTo(recorded.prompt());
    assertThat(tiny.model().sizes().vocabulary()).isEqualTo(recorded.vocabulary());
  }

  @ParameterizedTest
  @EnumSource
  void theReferenceComputesWhatTheTextbookSays(TinyLlamas tiny) {
    var agreement = new LogitsAgreement(RecordedLogits.of(tiny));
    double[][] logits = new TextbookLlama(tiny.model()).logits(tiny.model().prompt());
    agreement.positions().forEach(at -> agreement.add(at, logits[at]));
    agreement.assertWithin(2e-5);
  }

  @ParameterizedTest
  @EnumSource(names = {"GROUPED", "TIED", "ODD_SIZES", "Q8_0"})
  void theGreedyIdsAreTheTextbooks(TinyLlamas tiny) {
    RecordedLogits recorded = RecordedLogits.of(tiny);
    var ids = new ArrayList<>(tiny.model().prompt());
    ids.addAll(recorded.greedy().ids());
    double[][] logits = new TextbookLlama(tiny.model()).logits(ids);
    var found = new ArrayList<Integer>();
    for (int at = recorded.prompt().size() - 1; at < ids.size() - 1; at++) {
      found.add(LogitsAgreement.best(logits[at]));
    }
    new LogitsAgreement(recorded).assertGreedy(found, 0);
  }

  @ParameterizedTest
  @EnumSource
  void theOrderOfEarlierTokensMatters(TinyLlamas tiny) {
    var model = new TextbookLlama(tiny.model());
    List<Integer> prompt = tiny.model().prompt().subList(0, 12);
    List<Integer> turned = new ArrayList<>(prompt);
    Collections.reverse(turned.subList(1, 11));
    double[] logits = model.logits(prompt)[11];
    double[] others = model.logits(turned)[11];
    double squares = 0;
    for (int id = 0; id < logits.length; id++) {
      squares += (logits[id] - others[id]) * (logits[id] - others[id]);
    }
    // some three in a hundred of the logits' spread, hundreds of times what a right engine errs
    assertThat(Math.sqrt(squares / logits.length)).as("%s", tiny).isGreaterThan(0.1);
  }

  @Test
  void theReferencesErrorIsKnownForEveryCacheThatIsNotExact() {
    for (TinyLlamas tiny : TinyLlamas.values()) {
      RecordedLogits recorded = RecordedLogits.of(tiny);
      assertThat(recorded.error(Cache.F16).recordedIds().relativeRms()).isPositive();
      if (tiny.model().storage() != TinyStorage.F32) {
        assertThat(recorded.error(Cache.F32).recordedIds().relativeRms()).isPositive();
      }
    }
  }
}
