package dev.tonnage.text;

import static dev.tonnage.text.TinyVocabulary.BYTE;
import static dev.tonnage.text.TinyVocabulary.CONTROL;
import static dev.tonnage.text.TinyVocabulary.NORMAL;
import static dev.tonnage.text.TinyVocabulary.UNKNOWN;
import static dev.tonnage.text.TinyVocabulary.USER_DEFINED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tonnage.file.GgufType;
import dev.tonnage.file.GgufValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SpecialTokensTest {

  static Collection<String> vocabularies() {
    return RecordedIds.TINY.keySet();
  }

  @ParameterizedTest
  @MethodSource("vocabularies")
  void noTextBecomesAControlTokenUnlessTheCallerSaysSo(String name) {
    Tokenizer tokenizer = RecordedIds.TINY.get(name).get().tokenizer();
    Vocabulary vocabulary = tokenizer.vocabulary();
    List<String> pieces =
        new ArrayList<>(List.of("<", ">", "|", "s", "/", " ", "▁", "turn", "0x0A"));
    for (int id = 0; id < vocabulary.size(); id++) {
      switch (vocabulary.type(id)) {
        case CONTROL, UNKNOWN -> pieces.addAll(Collections.nCopies(4, vocabulary.text(id)));
        case UNDEFINED, NORMAL, USER_DEFINED, UNUSED, BYTE -> {}
      }
    }
    boolean parsedOnce = false;
    for (long seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 6; i++) {
        text.append(pieces.get(random.nextInt(pieces.size())));
      }
      for (int id : tokenizer.encode(text.toString(), SpecialTokens.AS_TEXT)) {
        assertThat(vocabulary.type(id))
            .as("seed %d, '%s'", seed, text)
            .isNotIn(TokenType.CONTROL, TokenType.UNKNOWN);
      }
      for (int id : tokenizer.encode(text.toString(), SpecialTokens.PARSED)) {
        parsedOnce |= vocabulary.type(id) == TokenType.CONTROL;
      }
    }
    assertThat(parsedOnce).isTrue();
  }

  @Test
  void piecesDoNotJoinToAControlTokenInASentencePieceVocabulary() {
    Tokenizer tokenizer =
        TinyVocabulary.sentencePiece(
                List.of("<unk>", "<x>", "<x", "x>", "<", "x", ">", "<0x41>", "<0", "x41>"),
                List.of(
                    UNKNOWN, CONTROL, NORMAL, NORMAL, NORMAL, NORMAL, NORMAL, BYTE, NORMAL, NORMAL))
            .tokenizer();
    assertThat(tokenizer.encode("<x>", SpecialTokens.AS_TEXT)).containsExactly(2, 6);
    assertThat(tokenizer.encode("<x>", SpecialTokens.PARSED)).containsExactly(1);
    assertThat(tokenizer.encode("A", SpecialTokens.AS_TEXT)).containsExactly(7);
    assertThat(tokenizer.encode("<0x41>", SpecialTokens.AS_TEXT)).doesNotContain(7);
  }

  @Test
  void mergesDoNotLeadToAControlTokenInAByteLevelVocabulary() {
    Tokenizer tokenizer =
        TinyVocabulary.byteLevel(
                List.of("x", "y", "z", "yz", "xyz"),
                List.of(NORMAL, NORMAL, NORMAL, NORMAL, CONTROL),
                List.of("y z", "x yz"))
            .with(TinyVocabulary.PRE, GgufValue.text("llama-bpe"))
            .tokenizer();
    assertThat(tokenizer.encode("xyz", SpecialTokens.AS_TEXT)).containsExactly(0, 3);
    assertThat(tokenizer.encode("xyz", SpecialTokens.PARSED)).containsExactly(4);
  }

  @Test
  void ofOverlappingTokensTheLongestWinsInASentencePieceVocabulary() {
    Tokenizer tokenizer =
        TinyVocabulary.sentencePiece(
                List.of("<unk>", "<s>", "</s>", "ab", "bcd", "a", "d"),
                List.of(UNKNOWN, CONTROL, CONTROL, USER_DEFINED, USER_DEFINED, NORMAL, NORMAL))
            .tokenizer();
    assertThat(tokenizer.encode("abd", SpecialTokens.AS_TEXT)).containsExactly(3, 6);
    assertThat(tokenizer.encode("abcd", SpecialTokens.AS_TEXT)).containsExactly(5, 4);
    assertThat(tokenizer.encode("ababcdab", SpecialTokens.AS_TEXT)).containsExactly(3, 5, 4, 3);
  }

  @Test
  void ofOverlappingTokensTheFirstWinsInAByteLevelVocabulary() {
    Tokenizer tokenizer =
        TinyVocabulary.byteLevel(
                List.of("ab", "bcd", "a", "b", "c", "d", "abc"),
                List.of(USER_DEFINED, USER_DEFINED, NORMAL, NORMAL, NORMAL, NORMAL, USER_DEFINED),
                List.of())
            .tokenizer();
    assertThat(tokenizer.encode("abd", SpecialTokens.AS_TEXT)).containsExactly(0, 5);
    assertThat(tokenizer.encode("abcd", SpecialTokens.AS_TEXT)).containsExactly(6, 5);
    assertThat(tokenizer.encode("xbcd", SpecialTokens.AS_TEXT)).containsExactly(1);
  }

  @Test
  void aTokenThatIsHalfACharacterIsFoundInNoText() {
    Tokenizer tokenizer =
        TinyVocabulary.byteLevel(List.of("Ã", "©"), List.of(NORMAL, NORMAL), List.of())
            .with(
                TinyVocabulary.TOKENS,
                GgufValue.array(
                    GgufType.STRING,
                    List.of(
                        GgufValue.text("Ã"),
                        GgufValue.text("©"),
                        GgufValue.text(new byte[] {(byte) 0xc3}),
                        GgufValue.text(new byte[] {(byte) 0xa9}))))
            .with(TinyVocabulary.TYPES, GgufValue.int32s(1, 1, 4, 4))
            .tokenizer();
    assertThat(tokenizer.encode("é", SpecialTokens.PARSED)).containsExactly(0, 1);
  }

  @Test
  void halfASurrogatePairIsAReplacementCharacter() {
    Tokenizer tokenizer = TinyVocabulary.byteLevel("gpt-2").tokenizer();
    assertThat(tokenizer.encode("a\ud83db", SpecialTokens.AS_TEXT))
        .isEqualTo(tokenizer.encode("a\ufffdb", SpecialTokens.AS_TEXT));
    assertThat(tokenizer.encode("\ude00", SpecialTokens.AS_TEXT))
        .isEqualTo(tokenizer.encode("\ufffd", SpecialTokens.AS_TEXT));
  }
}
