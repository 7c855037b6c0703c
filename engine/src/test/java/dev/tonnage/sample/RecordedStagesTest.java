package dev.tonnage.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tonnage.session.DefaultModel;
import dev.tonnage.text.ControlTokens;
import dev.tonnage.text.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Every stage leaves what llama.cpp's leaves: see the README beside the records. */
class RecordedStagesTest {

  /**
   * One call.
   *
   * @param settings of the stage, in the order in which they are read below
   * @param left ids of the candidates left; of DRY, ids that are penalised
   * @param probabilities theirs; of DRY, the penalties
   */
  record Recorded(
      String stage,
      List<Double> settings,
      List<Integer> history,
      List<Float> logits,
      List<Integer> left,
      List<Double> probabilities) {

    double setting(int index) {
      return settings.get(index);
    }

    History tokens() {
      var tokens = new History();
      history.forEach(tokens::add);
      return tokens;
    }

    Candidates candidates() {
      float[] array = new float[logits.size()];
      for (int id = 0; id < array.length; id++) {
        array[id] = logits.get(id);
      }
      return Comparison.candidates(array);
    }
  }

  private static List<Recorded> recorded() throws IOException {
    try (InputStream in = RecordedStagesTest.class.getResourceAsStream("stages.json")) {
      return List.of(new JsonMapper().readValue(in, Recorded[].class));
    }
  }

  @Test
  void stagesLeaveWhatLlamaCppLeaves() throws IOException {
    int compared = 0;
    for (Recorded call : recorded()) {
      if (!call.stage().equals("dry")) {
        Candidates candidates = call.candidates();
        apply(call, candidates);
        assertThat(Comparison.ids(candidates)).as(call + "").isEqualTo(call.left());
        Softmax softmax = candidates.softmax();
        for (int i = 0; i < candidates.size(); i++) {
          // it computes with 24 bits, and logits reach 15: relative 15 · 2^-24 and some
          assertThat(softmax.weight(i) / softmax.total())
              .as(call + "")
              .isCloseTo(call.probabilities().get(i), within(1e-5 * call.probabilities().get(i)));
        }
        compared++;
      }
    }
    assertThat(compared).isEqualTo(90);
  }

  private static void apply(Recorded call, Candidates candidates) {
    double first = call.setting(0);
    var random = new SplittableRandom(1);
    switch (call.stage()) {
      case "top_k" -> new TopK((int) first).apply(candidates);
      case "top_p" -> new TopP(first).apply(candidates);
      case "min_p" -> new MinP(first).apply(candidates);
      case "typ_p" -> new Typical(first).apply(candidates);
      case "temperature" -> new Temperature(first).apply(candidates);
      case "top_n_sigma" -> new TopNSigma(first).apply(candidates);
      case "xtc" -> new XtcStage(new Xtc(1, first), random).apply(candidates);
      case "mirostat" -> {
        Mirostat mirostat = Mirostat.VERSION_2.withTargetSurprise(first);
        new MirostatDraw(mirostat, random).draw(candidates);
      }
      case "penalties" -> {
        var penalties =
            new Penalties(first, call.setting(1), call.setting(2), (int) call.setting(3));
        new PenaltyStage(penalties, call.tokens(), 24).apply(candidates);
      }
      default -> throw new AssertionError(call.stage());
    }
  }

  /** Breakers that are tokens, parts of tokens, or not there at all. */
  @Test
  void dryPenalisesWhatLlamaCppPenalises() throws IOException {
    int penalised = 0;
    try (var model = DefaultModel.open()) {
      Tokenizer tokenizer = Tokenizer.of(model.metadata());
      int vocabulary = tokenizer.vocabulary().size();
      for (Recorded call : recorded()) {
        if (call.stage().equals("dry")) {
          Dry dry =
              new Dry(
                  call.setting(0),
                  call.setting(1),
                  (int) call.setting(2),
                  (int) call.setting(3),
                  Dry.OFF.breakers());
          var breakers =
              new SequenceBreakers(dry.breakers(), id -> tokenizer.bytes(id, ControlTokens.SHOWN));
          Candidates candidates = Comparison.candidates(new float[vocabulary]);
          new DryStage(dry, call.tokens(), breakers, vocabulary).apply(candidates);
          List<Integer> ids =
              IntStream.range(0, vocabulary)
                  .filter(id -> candidates.logit(id) < 0)
                  .boxed()
                  .toList();
          assertThat(ids).as(call + "").isEqualTo(call.left());
          for (int i = 0; i < ids.size(); i++) {
            double expected = call.probabilities().get(i);
            assertThat(-candidates.logit(ids.get(i)))
                .as(call + "")
                .isCloseTo(expected, within(1e-5 * expected));
            penalised++;
          }
        }
      }
    }
    assertThat(penalised).isGreaterThan(39);
  }
}
