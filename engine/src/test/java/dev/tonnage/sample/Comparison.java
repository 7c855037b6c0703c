package dev.tonnage.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tonnage.sample.Textbook.Token;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** What a stage leaves against what the textbook leaves. */
final class Comparison {

  private Comparison() {}

  static Candidates candidates(float... logits) {
    var candidates = new Candidates(logits.length, LogitBias.NONE);
    candidates.reset(logits);
    return candidates;
  }

  /** The same tokens, by ascending ids, and logits that differ by rounding alone. */
  static void assertSame(String description, Candidates found, List<Token> expected) {
    List<Token> sorted = expected.stream().sorted(Comparator.comparingInt(Token::id)).toList();
    assertThat(ids(found)).as(description).isEqualTo(sorted.stream().map(Token::id).toList());
    for (int i = 0; i < found.size(); i++) {
      double logit = sorted.get(i).logit();
      assertThat(found.logit(i))
          .as(description)
          .isCloseTo(logit, within(1e-12 * Math.max(1, Math.abs(logit))));
    }
  }

  static List<Integer> ids(Candidates candidates) {
    return IntStream.range(0, candidates.size()).mapToObj(candidates::id).toList();
  }
}
