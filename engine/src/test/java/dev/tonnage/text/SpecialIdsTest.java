package dev.tonnage.text;

import static dev.tonnage.text.TinyVocabulary.CONTROL;
import static dev.tonnage.text.TinyVocabulary.NORMAL;
import static dev.tonnage.text.TinyVocabulary.USER_DEFINED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tonnage.error.BadFile;
import dev.tonnage.file.GgufValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpecialIdsTest {

  private static final String BOS = "tokenizer.ggml.bos_token_id";
  private static final String EOS = "tokenizer.ggml.eos_token_id";
  private static final String ADD_BOS = "tokenizer.ggml.add_bos_token";
  private static final String ADD_EOS = "tokenizer.ggml.add_eos_token";

  private static TinyVocabulary byteLevel(int type, String... tokens) {
    List<String> all = new ArrayList<>(List.of("a", "b", "ab"));
    List<Integer> types = new ArrayList<>(List.of(NORMAL, NORMAL, NORMAL));
    all.addAll(List.of(tokens));
    types.addAll(Collections.nCopies(tokens.length, type));
    return TinyVocabulary.byteLevel(all, types, List.of("a b"));
  }

  @Test
  void aSentencePieceVocabularyThatDoesNotSayHasTheUsualIds() {
    SpecialIds ids =
        TinyVocabulary.sentencePiece()
            .without(BOS)
            .without(EOS)
            .without("tokenizer.ggml.unknown_token_id")
            .tokenizer()
            .specialIds();
    assertThat(ids.bos()).hasValue(1);
    assertThat(ids.eos()).hasValue(2);
    assertThat(ids.unknown()).hasValue(0);
    assertThat(ids.eot()).isEmpty();
    assertThat(ids.endOfGeneration()).containsExactly(2);
  }

  @Test
  void aByteLevelVocabularyThatDoesNotSayHasNone() {
    SpecialIds ids = byteLevel(CONTROL, "<x>").tokenizer().specialIds();
    assertThat(ids.bos()).isEmpty();
    assertThat(ids.eos()).isEmpty();
    assertThat(ids.unknown()).isEmpty();
    assertThat(ids.endOfGeneration()).isEmpty();
    assertThat(ids.endsGeneration(0)).isFalse();
  }

  @Test
  void tokensOfCertainNamesEndAGeneration() {
    SpecialIds ids =
        byteLevel(
                CONTROL, "<|begin_of_text|>", "<|end_of_text|>", "<|eom_id|>", "<|eot_id|>", "<x>")
            .with(EOS, GgufValue.uint32(4))
            .tokenizer()
            .specialIds();
    assertThat(ids.endOfGeneration()).containsExactly(4, 5, 6);
    assertThat(ids.endsGeneration(6)).isTrue();
    assertThat(ids.endsGeneration(7)).isFalse();
    assertThat(ids.eot()).hasValue(6);
    assertThat(ids.eom()).hasValue(5);
  }

  @Test
  void whatTheFileSaysGoesBeforeANamesPromise() {
    SpecialIds ids =
        byteLevel(CONTROL, "<|im_end|>", "<stop>")
            .with("tokenizer.ggml.eot_token_id", GgufValue.uint32(4))
            .tokenizer()
            .specialIds();
    assertThat(ids.eot()).hasValue(4);
    assertThat(ids.endOfGeneration()).containsExactly(3, 4);
  }

  @Test
  void aTokenThatEndsAGenerationIsAControlTokenWhateverTheFileSays() {
    for (int type : List.of(NORMAL, USER_DEFINED)) {
      Tokenizer tokenizer = byteLevel(type, "<|im_end|>").tokenizer();
      assertThat(tokenizer.specialIds().endOfGeneration()).containsExactly(3);
      assertThat(tokenizer.vocabulary().type(3)).isEqualTo(TokenType.CONTROL);
      assertThat(tokenizer.encode("<|im_end|>", SpecialTokens.AS_TEXT)).doesNotContain(3);
      assertThat(tokenizer.encode("<|im_end|>", SpecialTokens.PARSED)).containsExactly(3);
    }
  }

  @Test
  void anOrdinaryPieceOfSuchANameStaysText() {
    for (int type : List.of(NORMAL, USER_DEFINED)) {
      Tokenizer byteLevel =
          TinyVocabulary.byteLevel(
                  List.of("<", "/", "s", ">", "</", "s>", "</s>"),
                  List.of(NORMAL, NORMAL, NORMAL, NORMAL, NORMAL, NORMAL, type),
                  List.of("< /", "s >", "</ s>"))
              .tokenizer();
      assertThat(byteLevel.specialIds().endOfGeneration()).isEmpty();
      assertThat(byteLevel.vocabulary().type(6)).isNotEqualTo(TokenType.CONTROL);
    }
    Tokenizer sentencePiece =
        TinyVocabulary.sentencePiece(
                List.of("<unk>", "<s>", "<end>", "[", "EOS]", "[EOS]"),
                List.of(2, CONTROL, CONTROL, NORMAL, NORMAL, NORMAL))
            .tokenizer();
    assertThat(sentencePiece.specialIds().endOfGeneration()).containsExactly(2);
  }

  @Test
  void fillInTheMiddlePaddingAndSeparatorsEndAGeneration() {
    SpecialIds ids =
        byteLevel(CONTROL, "<|fim_prefix|>", "<|fim_pad|>", "<|repo_name|>", "<|file_sep|>", "<x>")
            .with("tokenizer.ggml.fim_sep_token_id", GgufValue.uint32(7))
            .tokenizer()
            .specialIds();
    assertThat(ids.endOfGeneration()).containsExactly(4, 5, 7);
  }

  @Test
  void endDoesNotEndWhereReturnAndCallDo() {
    assertThat(byteLevel(CONTROL, "<|end|>").tokenizer().specialIds().endOfGeneration())
        .containsExactly(3);
    assertThat(
            byteLevel(CONTROL, "<|end|>", "<|return|>", "<|call|>")
                .tokenizer()
                .specialIds()
                .endOfGeneration())
        .containsExactly(4, 5);
  }

  @Test
  void llama4EndsWithItsOwnNames() {
    SpecialIds ids = byteLevel(CONTROL, "<|eom|>", "<|eot|>", "<|step|>").tokenizer().specialIds();
    assertThat(ids.eom()).hasValue(3);
    assertThat(ids.eot()).hasValue(4);
    assertThat(ids.endOfGeneration()).containsExactly(3, 4);
  }

  @Test
  void anIdThatTheVocabularyHasNotCountsAsNotSaid() {
    SpecialIds sentencePiece =
        TinyVocabulary.sentencePiece()
            .with(EOS, GgufValue.uint32(32_000))
            .with(BOS, GgufValue.int32(-1))
            .tokenizer()
            .specialIds();
    assertThat(sentencePiece.eos()).hasValue(2);
    assertThat(sentencePiece.bos()).hasValue(1);
    SpecialIds byteLevel =
        byteLevel(CONTROL, "<x>")
            .with(EOS, GgufValue.uint32(4_294_967_295L))
            .tokenizer()
            .specialIds();
    assertThat(byteLevel.eos()).isEmpty();
  }

  @Test
  void aPromptBeginsWithTheBeginTokenInASentencePieceVocabulary() {
    Tokenizer tokenizer = TinyVocabulary.sentencePiece().tokenizer();
    assertThat(tokenizer.encodePrompt("", SpecialTokens.AS_TEXT)).containsExactly(1);
    assertThat(tokenizer.encode("", SpecialTokens.AS_TEXT)).isEmpty();
    assertThat(
            TinyVocabulary.sentencePiece()
                .with(ADD_BOS, GgufValue.flag(false))
                .with(ADD_EOS, GgufValue.flag(true))
                .tokenizer()
                .encodePrompt("", SpecialTokens.AS_TEXT))
        .containsExactly(2);
  }

  @Test
  void aPromptBeginsWithTheBeginTokenInAByteLevelVocabularyWhereTheFileOrTheFamilySaysSo() {
    TinyVocabulary vocabulary = byteLevel(CONTROL, "<x>").with(BOS, GgufValue.uint32(3));
    assertThat(vocabulary.tokenizer().encodePrompt("ab", SpecialTokens.AS_TEXT)).containsExactly(2);
    assertThat(
            vocabulary
                .with(ADD_BOS, GgufValue.flag(true))
                .tokenizer()
                .encodePrompt("ab", SpecialTokens.AS_TEXT))
        .containsExactly(3, 2);
    vocabulary.without(ADD_BOS);
    for (String name : List.of("llama-bpe", "tekken")) {
      vocabulary.with(TinyVocabulary.PRE, GgufValue.text(name));
      assertThat(vocabulary.tokenizer().encodePrompt("ab", SpecialTokens.AS_TEXT))
          .containsExactly(3, 2);
    }
    assertThat(vocabulary.without(BOS).tokenizer().encodePrompt("ab", SpecialTokens.AS_TEXT))
        .containsExactly(2);
  }

  @Test
  void aFileThatAsksForABeginTokenAndNamesNoneIsRefused() {
    TinyVocabulary vocabulary = byteLevel(CONTROL, "<x>").with(ADD_BOS, GgufValue.flag(true));
    assertThatThrownBy(vocabulary::tokenizer)
        .isInstanceOf(BadFile.class)
        .hasMessageContaining("tiny.gguf: " + ADD_BOS)
        .hasMessageContaining("bos_token_id");
  }
}
