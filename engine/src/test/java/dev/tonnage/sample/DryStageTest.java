package dev.tonnage.sample;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tonnage.sample.Textbook.Token;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** DRY against its definition, which looks for every repetition of every length. */
class DryStageTest {

  private static final Dry PLAIN = Dry.OFF.withMultiplier(1).withBase(2).withBreakers(List.of());

  private static Candidates apply(Dry dry, String[] texts, List<Integer> tokens, float... logits) {
    var history = new History();
    tokens.forEach(history::add);
    Candidates candidates = Comparison.candidates(logits);
    stage(dry, texts, history).apply(candidates);
    return candidates;
  }

  private static DryStage stage(Dry dry, String[] texts, History history) {
    var breakers = new SequenceBreakers(dry.breakers(), id -> texts[id].getBytes(UTF_8));
    return new DryStage(dry, history, breakers, texts.length);
  }

  @Test
  void whatContinuesARepetitionLosesWhatTheDefinitionTakes() {
    long seed = 19;
    var random = new SplittableRandom(seed);
    for (int round = 0; round < 2000; round++) {
      float[] logits = RandomLogits.draw(random);
      String[] texts = texts(random, logits.length);
      var dry =
          new Dry(
              random.nextDouble(0.1, 3),
              random.nextInt(4) == 0 ? 1 : random.nextDouble(1, 3),
              random.nextInt(4),
              random.nextInt(-1, 40),
              random.nextInt(3) == 0 ? List.of() : List.of("b", "ac"));
      List<Integer> tokens = text(random, logits.length);
      String description =
          "seed %d, round %d: %s of %s (%s) after %s"
              .formatted(seed, round, dry, Arrays.toString(logits), Arrays.toString(texts), tokens);
      var history = new History();
      DryStage stage = stage(dry, texts, history);
      for (int length = 0; length <= tokens.size(); length++) { // one stage for all of a sequence
        if (length > 0) {
          history.add(tokens.get(length - 1));
        }
        if (length % 7 == 0 || length == tokens.size()) {
          Candidates candidates = Comparison.candidates(logits);
          stage.apply(candidates);
          List<Token> expected =
              Textbook.dry(
                  Textbook.tokens(logits), dry, tokens.subList(0, length), id -> texts[id]);
          Comparison.assertSame(description, candidates, expected);
        }
      }
    }
  }

  private static String[] texts(SplittableRandom random, int count) {
    String[] all = {"a", "c", "d", "e", "ab", "cb", "", "ca", "f", "g", "acd", "ba"};
    return IntStream.range(0, count)
        .mapToObj(_ -> all[random.nextInt(all.length)])
        .toArray(String[]::new);
  }

  /** Of few different tokens, which mostly repeat what stood a period before. */
  private static List<Integer> text(SplittableRandom random, int vocabulary) {
    int[] tokens = new int[random.nextInt(60)];
    int period = random.nextInt(1, 9);
    int different = Math.min(vocabulary, random.nextInt(1, 6));
    for (int i = 0; i < tokens.length; i++) {
      boolean again = i >= period && random.nextInt(8) > 0;
      tokens[i] = again ? tokens[i - period] : random.nextInt(different);
    }
    return Arrays.stream(tokens).boxed().toList();
  }

  /** The expected probabilities of llama.cpp's own tests of DRY (test-sampling.cpp, 2025-02). */
  @Test
  void publishedExamplesComeOutAsPublished() {
    Dry dry = Dry.OFF.withMultiplier(1).withBase(1.1).withBreakers(List.of());
    List<String> d = List.of("d");
    published(0.25, List.of(0, 1), dry, 0.25, 0.25, 0.25, 0.25);
    published(0.25, List.of(0, 1, 2, 0, 1), dry, 0.296923, 0.296923, 0.109232, 0.296923);
    published(0.2, List.of(0, 1, 3, 4, 0, 1), dry.withBreakers(d), 0.2, 0.2, 0.2, 0.2, 0.2);
    published(
        0.2,
        List.of(0, 1, 2, 0, 1),
        dry.withMultiplier(2),
        0.241818,
        0.241818,
        0.032727,
        0.241818,
        0.241818);
    published(0.2, List.of(0, 1, 2, 3, 4, 0, 1), dry.withAllowedLength(4), 0.2, 0.2, 0.2, 0.2, 0.2);
  }

  private static void published(double p, List<Integer> tokens, Dry dry, double... expected) {
    float[] logits = new float[expected.length];
    Arrays.fill(logits, (float) Math.log(p));
    String[] texts = Arrays.copyOf(new String[] {"a", "b", "c", "d", "e"}, expected.length);
    Candidates candidates = apply(dry, texts, tokens, logits);
    Softmax softmax = candidates.softmax();
    for (int i = 0; i < expected.length; i++) {
      assertThat(softmax.weight(i) / softmax.total()).isCloseTo(expected[i], within(1e-5));
    }
  }

  @Test
  void aTokenThatHoldsABreakerIsNeverPenalised() {
    String[] texts = {"x", "y", ":\n"};
    List<Integer> tokens = List.of(0, 1, 2, 0, 1);
    assertThat(apply(PLAIN, texts, tokens, 0, 0, 0).logit(2)).isEqualTo(-1);
    Dry broken = PLAIN.withBreakers(List.of(":"));
    assertThat(apply(broken, texts, tokens, 0, 0, 0).logit(2)).isZero();
  }

  @Test
  void noRepetitionReachesAcrossABreaker() {
    String[] texts = {"x", "y", "Us", "er", "z"};
    List<Integer> tokens = List.of(0, 1, 2, 3, 0, 1, 4, 0, 1, 2, 3, 0, 1);
    assertThat(apply(PLAIN, texts, tokens, 0, 0, 0, 0, 0).logit(4)).isEqualTo(-16); // 2^(6-2)
    Dry broken = PLAIN.withBreakers(List.of("User"));
    assertThat(apply(broken, texts, tokens, 0, 0, 0, 0, 0).logit(4)).isEqualTo(-1); // 2^(2-2)
  }

  /** 1.75^(9,999 - 2) is no double; a penalty is, and the token keeps a logit. */
  @Test
  void aRepetitionOfAnyLengthLeavesNumbers() {
    String[] texts = {"x", "y"};
    List<Integer> tokens = Collections.nCopies(10_000, 0);
    for (double base : new double[] {1, 1.75, 999_999}) {
      Dry dry = PLAIN.withMultiplier(999_999).withBase(base);
      Candidates candidates = apply(dry, texts, tokens, Float.MAX_VALUE, -Float.MAX_VALUE);
      assertThat(candidates.logit(0)).isFinite().isLessThanOrEqualTo(Float.MAX_VALUE);
      assertThat(candidates.logit(1)).isEqualTo(-Float.MAX_VALUE);
      Candidates alone = apply(dry, new String[] {"x"}, tokens, 1);
      assertThat(alone.size()).isEqualTo(1);
      assertThat(alone.softmax().total()).isEqualTo(1);
    }
  }
}
