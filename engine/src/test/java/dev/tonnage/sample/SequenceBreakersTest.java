package dev.tonnage.sample;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A breaker is found in the token that ends it, whatever tokens spell it. */
class SequenceBreakersTest {

  /** The number of each token in whose text, or at whose end, a breaker ends. */
  private static List<Integer> found(List<String> breakers, String... tokens) {
    var sequence = new SequenceBreakers(breakers, id -> tokens[id].getBytes(UTF_8));
    List<Integer> found = new ArrayList<>();
    for (int id = 0; id < tokens.length; id++) {
      if (sequence.endIn(id)) {
        found.add(id);
      }
    }
    return found;
  }

  @Test
  void aBreakerMayBeATokenOrPartOfOneOrSeveral() {
    assertThat(found(List.of("\n"), "a", "\n", "b")).containsExactly(1);
    assertThat(found(List.of(":"), "a", "b:c", ":", "::")).containsExactly(1, 2, 3);
    assertThat(found(List.of("User:"), "Us", "er", ":", "User", ": ", "Use:"))
        .containsExactly(2, 4);
    assertThat(found(List.of("abc"), "xab", "", "cab", "c", "abcabc")).containsExactly(2, 3, 4);
    assertThat(found(List.of("aaa"), "a", "a", "a", "a", "b", "aa")).containsExactly(2, 3);
    assertThat(found(List.of(), "a", "b")).isEmpty();
  }

  /** Tokens of bytes: an em dash that comes as three. */
  @Test
  void aBreakerMayComeInPartsOfACharacter() {
    byte[] dash = "—".getBytes(UTF_8);
    var sequence = new SequenceBreakers(List.of("—"), id -> new byte[] {dash[id]});
    assertThat(sequence.endIn(0)).isFalse();
    assertThat(sequence.endIn(1)).isFalse();
    assertThat(sequence.endIn(2)).isTrue();
    assertThat(sequence.endIn(2)).isFalse();
    assertThat(sequence.areWithin(2)).isFalse();
  }

  @Test
  void withinIsWhatATokenHoldsAlone() {
    String[] tokens = {"ab", "c", "xabcx", "abc", ""};
    var sequence = new SequenceBreakers(List.of("abc", "zz"), id -> tokens[id].getBytes(UTF_8));
    assertThat(sequence.endIn(0)).isFalse();
    assertThat(sequence.areWithin(1)).isFalse();
    assertThat(sequence.areWithin(2)).isTrue();
    assertThat(sequence.areWithin(3)).isTrue();
    assertThat(sequence.areWithin(4)).isFalse();
  }

  @Test
  void endsAreThoseThatTheWholeTextHas() {
    long seed = 8;
    var random = new SplittableRandom(seed);
    for (int round = 0; round < 2000; round++) {
      List<String> breakers =
          random.ints(random.nextInt(4), 1, 5).mapToObj(length -> word(random, length)).toList();
      String[] tokens =
          random.ints(30, 0, 4).mapToObj(length -> word(random, length)).toArray(String[]::new);
      List<Integer> expected = new ArrayList<>();
      var text = new ByteArrayOutputStream();
      for (int id = 0; id < tokens.length; id++) {
        int before = text.size();
        text.writeBytes(tokens[id].getBytes(UTF_8));
        String whole = text.toString(StandardCharsets.UTF_8);
        if (breakers.stream()
            .anyMatch(breaker ->
                whole.indexOf(breaker, Math.max(0, before - breaker.length() + 1)) >= 0)) {
          expected.add(id);
        }
      }
      assertThat(found(breakers, tokens))
          .as("seed %d, round %d: %s in %s", seed, round, breakers, List.of(tokens))
          .isEqualTo(expected);
    }
  }

  private static String word(SplittableRandom random, int length) {
    return random
        .ints(length, 'a', 'c')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
