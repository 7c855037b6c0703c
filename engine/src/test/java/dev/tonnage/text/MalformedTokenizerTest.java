package dev.tonnage.text;

import static dev.tonnage.text.TinyVocabulary.MERGES;
import static dev.tonnage.text.TinyVocabulary.MODEL;
import static dev.tonnage.text.TinyVocabulary.PRE;
import static dev.tonnage.text.TinyVocabulary.SCORES;
import static dev.tonnage.text.TinyVocabulary.TOKENS;
import static dev.tonnage.text.TinyVocabulary.TYPES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.TonnageException;
import dev.tonnage.error.UnsupportedModel;
import dev.tonnage.file.GgufType;
import dev.tonnage.file.GgufValue;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MalformedTokenizerTest {

  private static TinyVocabulary byteLevel() {
    return TinyVocabulary.byteLevel(List.of("a", "b", "ab"), List.of(1, 1, 1), List.of("a b"));
  }

  private static TinyVocabulary sentencePiece() {
    return TinyVocabulary.sentencePiece(List.of("<unk>", "a", "b"), List.of(2, 1, 1));
  }

  private static void assertRefused(TinyVocabulary vocabulary, String... parts) {
    assertThatThrownBy(vocabulary::tokenizer)
        .isInstanceOf(BadFile.class)
        .hasMessageStartingWith("tiny.gguf: ")
        .hasMessageContainingAll(parts);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert", "t5", "rwkv", "plamo2", "none", "no_vocab", "gemma4", "GPT2", ""})
  void anotherTokenizerModelIsRefusedByItsName(String model) {
    assertThatThrownBy(byteLevel().with(MODEL, GgufValue.text(model))::tokenizer)
        .isInstanceOf(UnsupportedModel.class)
        .hasMessageContainingAll("tiny.gguf", "'" + model + "'", "gpt2", "llama");
  }

  @Test
  void aMissingModelIsRefused() {
    assertRefused(byteLevel().without(MODEL), MODEL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "gpt-5", "LLAMA3", "kimi-k3"})
  void anUnknownPreTokenizerIsRefusedByItsNameAndTheSupportedOnesAreListed(String name) {
    assertThatThrownBy(byteLevel().with(PRE, GgufValue.text(name))::tokenizer)
        .isInstanceOf(UnsupportedModel.class)
        .hasMessageContainingAll(
            "tiny.gguf", "'" + name + "'", "llama-bpe", "qwen2", "deepseek-v3", "gpt-2")
        .hasMessageNotContaining("the name is known");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bailingmoe2", "qwen35", "olmo"})
  void aPreTokenizerThatCouldNotBeCheckedIsRefusedForThatReason(String name) {
    assertThatThrownBy(byteLevel().with(PRE, GgufValue.text(name))::tokenizer)
        .isInstanceOf(UnsupportedModel.class)
        .hasMessageContainingAll(
            "tiny.gguf", "'" + name + "'", "the name is known", "check", "llama-bpe", "tekken");
  }

  @Test
  void aNameIsOfOneFamilyOrUnchecked() {
    assertThat(
            Stream.concat(
                PreTokenizerFamily.ALL.stream().flatMap(family -> family.names().stream()),
                PreTokenizerFamily.UNCHECKED.stream()))
        .doesNotHaveDuplicates();
  }

  @Test
  void aByteLevelVocabularyWithoutAPreTokenizerIsRefused() {
    assertThatThrownBy(byteLevel().without(PRE)::tokenizer)
        .isInstanceOf(UnsupportedModel.class)
        .hasMessageContainingAll(PRE, "llama-bpe");
  }

  @Test
  void missingArraysAreRefused() {
    for (String key : List.of(TOKENS, TYPES, MERGES)) {
      assertRefused(byteLevel().without(key), key);
    }
    for (String key : List.of(TOKENS, TYPES, SCORES)) {
      assertRefused(sentencePiece().without(key), key);
    }
  }

  @Test
  void arraysOfAnotherTypeAreRefused() {
    GgufValue integers = GgufValue.int32s(1, 2, 3);
    GgufValue texts = GgufValue.texts(List.of("a", "b", "c"));
    assertRefused(byteLevel().with(TOKENS, integers), TOKENS);
    assertRefused(byteLevel().with(TYPES, texts), TYPES);
    assertRefused(byteLevel().with(TYPES, GgufValue.text("a")), TYPES);
    assertRefused(byteLevel().with(MERGES, integers), MERGES);
    assertRefused(sentencePiece().with(SCORES, texts), SCORES);
    assertRefused(
        byteLevel().with("tokenizer.ggml.eos_token_id", GgufValue.text("2")), "eos_token");
    assertRefused(byteLevel().with("tokenizer.ggml.add_bos_token", GgufValue.uint8(1)), "add_bos");
  }

  @Test
  void arraysOfDifferentLengthsAreRefused() {
    assertRefused(byteLevel().with(TYPES, GgufValue.int32s(1, 1)), TYPES, "3", "2");
    assertRefused(byteLevel().with(TYPES, GgufValue.int32s(1, 1, 1, 1)), TYPES, "3", "4");
    assertRefused(sentencePiece().with(SCORES, GgufValue.float32s(0)), SCORES, "3", "1");
  }

  @Test
  void aVocabularyWithoutTokensIsRefused() {
    assertRefused(
        byteLevel()
            .with(TOKENS, GgufValue.texts(List.of()))
            .with(TYPES, GgufValue.int32s())
            .with(MERGES, GgufValue.texts(List.of())),
        TOKENS);
  }

  @Test
  void typesThatAreNotDefinedAreRefused() {
    assertRefused(byteLevel().with(TYPES, GgufValue.int32s(1, 1, 7)), TYPES + "[2]", "7");
    assertRefused(byteLevel().with(TYPES, GgufValue.int32s(1, -1, 1)), TYPES + "[1]", "-1");
  }

  @Test
  void scoresThatAreNoNumbersAreRefused() {
    assertRefused(
        sentencePiece().with(SCORES, GgufValue.float32s(0, Float.NaN, 0)), SCORES + "[1]", "NaN");
    assertThatCode(
            sentencePiece()
                    .with(SCORES, GgufValue.float32s(0, Float.NEGATIVE_INFINITY, Float.MAX_VALUE))
                ::tokenizer)
        .doesNotThrowAnyException();
  }

  @Test
  void aTokenThatStandsThereTwiceIsRefused() {
    assertRefused(
        byteLevel().with(List.of("a", "b", "ab", "b"), List.of(1, 1, 1, 3)),
        TOKENS + "[3]",
        "of 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a", "ab", "a ", " b"})
  void aMergeThatIsNoPairIsRefused(String merge) {
    assertRefused(
        byteLevel().with(MERGES, GgufValue.texts(List.of("a b", merge))), MERGES + "[1]", "pair");
  }

  @ParameterizedTest
  @ValueSource(strings = {"c b", "a c", "b a", "a b b", "ab ab"})
  void aMergeOfTokensThatTheVocabularyHasNotIsRefused(String merge) {
    assertRefused(byteLevel().with(MERGES, GgufValue.texts(List.of(merge))), MERGES + "[0]");
  }

  @Test
  void ofTwoEqualMergesTheFirstCounts() {
    Tokenizer tokenizer =
        TinyVocabulary.byteLevel(
                List.of("a", "b", "ab", "bb"), List.of(1, 1, 1, 1), List.of("a b", "b b", "a b"))
            .tokenizer();
    assertThat(tokenizer.encode("abb", SpecialTokens.AS_TEXT)).containsExactly(2, 1);
  }

  @Test
  void aByteTokenWithoutAByteIsRefusedWhenItIsDecoded() {
    Tokenizer tokenizer =
        TinyVocabulary.sentencePiece(
                List.of("<unk>", "<s>", "</s>", "<0xGG>", "<0x41>"), List.of(2, 3, 3, 6, 6))
            .tokenizer();
    assertThat(tokenizer.decode(new int[] {4}, ControlTokens.HIDDEN)).isEqualTo("A");
    assertThatThrownBy(() -> tokenizer.decode(new int[] {3}, ControlTokens.HIDDEN))
        .isInstanceOf(BadFile.class)
        .hasMessageContaining(TOKENS + "[3]");
  }

  @Test
  void emptyTokensAndTokensThatAreNotUtf8AreKept() {
    for (TinyVocabulary vocabulary : List.of(byteLevel(), sentencePiece())) {
      Tokenizer tokenizer =
          vocabulary
              .with(
                  TOKENS,
                  GgufValue.array(
                      GgufType.STRING,
                      List.of(
                          GgufValue.text("a"),
                          GgufValue.text("b"),
                          GgufValue.text("ab"),
                          GgufValue.text(""),
                          GgufValue.text(""),
                          GgufValue.text(new byte[] {(byte) 0xff, 'x'}))))
              .with(TYPES, GgufValue.int32s(1, 1, 1, 1, 3, 1))
              .with(SCORES, GgufValue.float32s(0, 0, 0, 0, 0, 0))
              .with("tokenizer.ggml.unknown_token_id", GgufValue.uint32(0))
              .tokenizer();
      assertThat(tokenizer.encode("ab", SpecialTokens.PARSED)).containsExactly(2);
      assertThat(tokenizer.decode(new int[] {3, 4, 5}, ControlTokens.SHOWN)).isEqualTo("\ufffdx");
    }
  }

  @Test
  void textWithoutATokenIsUnknownInASentencePieceVocabularyAndDroppedInAByteLevelOne() {
    assertThat(sentencePiece().tokenizer().encode("aéßb", SpecialTokens.AS_TEXT))
        .containsExactly(1, 0, 2);
    // and what stood around it meets, as in Hugging Face's library
    assertThat(byteLevel().tokenizer().encode("aéb", SpecialTokens.AS_TEXT)).containsExactly(2);
  }

  @Test
  void damagedVocabulariesAreRefusedOrWorkButDoNotFailOtherwise() {
    for (long seed = 0; seed < 3000; seed++) {
      Random random = new Random(seed);
      TinyVocabulary vocabulary = random.nextBoolean() ? byteLevel() : sentencePiece();
      String[] texts = {
        "", "a", "b", "ab", "a b", "</s>", "<0x41>", "<0x4", "▁", "é", "<unk>", " "
      };
      for (int i = 0; i < 3; i++) {
        int size = random.nextInt(4) == 0 ? random.nextInt(5) : 3;
        GgufValue value =
            switch (random.nextInt(4)) {
              case 0 -> GgufValue.int32s(random.ints(size, -1, 8).toArray());
              case 1 ->
                  GgufValue.float32s(random.nextFloat(), Float.intBitsToFloat(random.nextInt()), 0);
              case 2 -> GgufValue.uint32(random.nextInt(6));
              default ->
                  GgufValue.texts(
                      random.ints(size, 0, texts.length).mapToObj(k -> texts[k]).toList());
            };
        List<String> keys =
            List.of(
                TOKENS,
                TYPES,
                SCORES,
                MERGES,
                MODEL,
                PRE,
                "tokenizer.ggml.eos_token_id",
                "tokenizer.ggml.unknown_token_id",
                "tokenizer.ggml.bos_token_id");
        vocabulary.with(keys.get(random.nextInt(keys.size())), value);
      }
      try {
        Tokenizer tokenizer = vocabulary.tokenizer();
        for (String text : texts) {
          for (SpecialTokens specialTokens : SpecialTokens.values()) {
            tokenizer.decode(tokenizer.encodePrompt(text, specialTokens), ControlTokens.SHOWN);
          }
        }
      } catch (TonnageException refused) {
        assertThat(refused).hasMessageContaining("tiny.gguf");
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }
}
