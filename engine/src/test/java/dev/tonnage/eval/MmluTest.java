package dev.tonnage.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tonnage.error.BadRequest;
import dev.tonnage.file.GgufCheckpoint;
import dev.tonnage.kernel.Level;
import dev.tonnage.model.TinyLlama;
import dev.tonnage.model.TinyLlamas;
import dev.tonnage.plan.LoadSettings;
import dev.tonnage.session.DefaultModel;
import dev.tonnage.session.LoadedModel;
import dev.tonnage.session.OpenModels;
import dev.tonnage.session.Session;
import dev.tonnage.text.SpecialTokens;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MmluTest {

  private static final List<String> LETTERS = List.of(" A", " B", " C", " D");

  private static final Question BIRD =
      new Question("Which one flies?", List.of("stone", "bird", "river", "tree"), 1);

  private static final Question COLD =
      new Question("What is cold?", List.of("fire", "sun", "tea", "ice"), 3);

  private static final Question ROUND =
      new Question("Look:\nwhat is round?", List.of("ball", "box", "roof", "door"), 0);

  private static final MmluSubject SUBJECT =
      new MmluSubject("every_day_things", List.of(BIRD, COLD), List.of(ROUND, COLD, BIRD));

  @TempDir private static Path folder;

  private static LoadedModel stories(LoadSettings settings) {
    return OpenModels.open(DefaultModel.open(), settings, Level.SCALAR);
  }

  /** The benchmark's evaluate.py joins the subject's words with a space before each. */
  @Test
  void aPromptIsTheBenchmarksOwn() {
    assertThat(SUBJECT.prompt(2, 0))
        .isEqualTo(
            """
            The following are multiple choice questions (with answers) about  every day things.

            Which one flies?
            A. stone
            B. bird
            C. river
            D. tree
            Answer: B

            What is cold?
            A. fire
            B. sun
            C. tea
            D. ice
            Answer: D

            Look:
            what is round?
            A. ball
            B. box
            C. roof
            D. door
            Answer:\
            """);
    assertThat(SUBJECT.prompt(0, 2))
        .isEqualTo(
            """
            The following are multiple choice questions (with answers) about  every day things.

            Which one flies?
            A. stone
            B. bird
            C. river
            D. tree
            Answer:\
            """);
  }

  /** Each continuation in a session of its own, from the begin token on. */
  private static List<Double> textbook(LoadedModel model, String prompt, List<String> ends) {
    int[] alone = model.tokenizer().encodePrompt(prompt, SpecialTokens.AS_TEXT);
    List<Double> sums = new ArrayList<>();
    for (String end : ends) {
      int[] ids = model.tokenizer().encodePrompt(prompt + end, SpecialTokens.AS_TEXT);
      assertThat(ids).startsWith(alone);
      double[] sum = {0};
      try (Session session = model.session()) {
        session.readEach(
            ids,
            (position, logits) -> {
              if (position + 1 >= alone.length && position + 1 < ids.length) {
                sum[0] += new LogSoftmax(logits).logProbability(ids[position + 1]);
              }
            });
      }
      sums.add(sum[0]);
    }
    return sums;
  }

  @Test
  void sharingWhatQuestionsBeginWithChangesNoBit() {
    try (LoadedModel model = stories(OpenModels.settings());
        var mmlu = new Mmlu(model, 1)) {
      for (int round = 0; round < 2; round++) {
        for (int index = 0; index < 3; index++) {
          MmluAnswer answer = mmlu.answer(SUBJECT, index, (_, _) -> {}).orElseThrow();
          List<Double> expected = textbook(model, SUBJECT.prompt(1, index), LETTERS);
          assertThat(answer.shots()).isEqualTo(1);
          assertDifferencesAreThose(answer.logProbabilities(), expected);
        }
      }
    }
  }

  /**
   * In stories260K a letter is the space and then the letter: the space is common to all, and its
   * log-probability left out of all.
   */
  private static void assertDifferencesAreThose(List<Double> found, List<Double> expected) {
    assertThat(found).hasSize(4);
    double common = expected.getFirst() - found.getFirst();
    for (int i = 0; i < 4; i++) {
      assertThat(expected.get(i) - found.get(i)).isCloseTo(common, within(1e-12));
    }
  }

  @Test
  void continuationsOfDifferentLengthsHaveTheSumsOfTheirTokens() {
    List<String> ends = List.of(" there was a dog", " a", " Zebra", " there is");
    try (LoadedModel model = stories(OpenModels.settings());
        var continuations = new Continuations(model)) {
      for (String prompt : List.of("Once upon a time", "Once upon a day,", "Once upon a time")) {
        assertThat(continuations.score(prompt, ends, (_, _) -> {}))
            .contains(textbook(model, prompt, ends));
      }
    }
  }

  @Test
  void aSubjectsExamplesAreReadOnce() {
    List<Integer> read = new ArrayList<>();
    try (LoadedModel model = stories(OpenModels.settings());
        var mmlu = new Mmlu(model, 1)) {
      for (int index = 0; index < 3; index++) {
        int before = read.size();
        assertThat(mmlu.answer(SUBJECT, index, (done, total) -> read.add(total))).isPresent();
        assertThat(read).hasSizeGreaterThan(before);
      }
      int whole =
          model.tokenizer().encodePrompt(SUBJECT.prompt(1, 0), SpecialTokens.AS_TEXT).length;
      assertThat(read.getFirst()).isGreaterThanOrEqualTo(whole);
      assertThat(read.getLast()).isLessThan(whole / 2);
    }
  }

  @Test
  void examplesThatDoNotFitAreLeftOut() {
    try (LoadedModel roomy = stories(OpenModels.settings())) {
      int one = roomy.tokenizer().encodePrompt(SUBJECT.prompt(1, 0), SpecialTokens.AS_TEXT).length;
      try (LoadedModel model = stories(OpenModels.settings().withContext(one + 2));
          var mmlu = new Mmlu(model, 2)) {
        assertThat(mmlu.answer(SUBJECT, 0, (_, _) -> {}).orElseThrow().shots()).isEqualTo(1);
      }
    }
    try (LoadedModel model = stories(OpenModels.settings().withContext(20));
        var mmlu = new Mmlu(model, 2)) {
      assertThatThrownBy(() -> mmlu.answer(SUBJECT, 1, (_, _) -> {}))
          .isInstanceOf(BadRequest.class)
          .hasMessageContaining("every_day_things: question 2")
          .hasMessageContaining("context of 20 tokens")
          .hasMessageContaining("-c");
    }
  }

  @Test
  void anAnswerIsTheLikeliestLetter() {
    assertThat(new MmluAnswer(List.of(-3.0, -1.0, -2.0, -1.0), 5).choice()).isEqualTo(1);
  }

  @Test
  void whatIsCancelledHasNoAnswerAndTheNextIsRight() {
    var never =
        new Session.Progress() {
          @Override
          public void read(int done, int total) {}

          @Override
          public boolean cancelled() {
            return true;
          }
        };
    try (LoadedModel model = stories(OpenModels.settings());
        var mmlu = new Mmlu(model, 1);
        var untouched = new Mmlu(model, 1)) {
      Optional<MmluAnswer> expected = untouched.answer(SUBJECT, 0, (_, _) -> {});
      assertThat(mmlu.answer(SUBJECT, 1, never)).isEmpty();
      assertThat(mmlu.answer(SUBJECT, 0, (_, _) -> {})).isEqualTo(expected);
    }
  }

  @Test
  void aFingerprintTellsWeightsApartAndNotNames() {
    var tiny = TinyLlamas.GROUPED.model();
    String first = fingerprint(tiny.withName("first"));
    assertThat(fingerprint(tiny.withName("second"))).isEqualTo(first).hasSize(64);
    assertThat(fingerprint(tiny.withName("third").withSeed(3))).isNotEqualTo(first);
    assertThat(fingerprint(TinyLlamas.F16.model())).isNotEqualTo(first);
  }

  private static String fingerprint(TinyLlama tiny) {
    Path file = folder.resolve(tiny.name() + ".gguf");
    tiny.write(file);
    try (var checkpoint = GgufCheckpoint.open(file)) {
      return ModelFingerprint.of(checkpoint);
    }
  }
}
