package dev.tonnage.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreTokenizerTest {

  private static List<String> words(String name, String text) {
    PreTokenizer preTokenizer = PreTokenizer.of(TinyVocabulary.byteLevel(name).metadata());
    List<String> words = new ArrayList<>();
    preTokenizer.cut(text, (from, to) -> words.add(text.substring(from, to)));
    return words;
  }

  @ParameterizedTest
  @CsvSource({
    "gpt-2, 12345",
    "llama-bpe, 123 45",
    "qwen2, 1 2 3 4 5",
    "deepseek-v3, 123 45",
    "deepseek-llm, 1 2 3 4 5",
    "deepseek-coder, 1 2 3 4 5",
    "gpt-4o, 123 45",
    "llama4, 123 45",
    "glm4, 123 45",
    "kimi-k2, 123 45",
    "minimax-m2, 123 45",
    "tekken, 1 2 3 4 5",
    "command-r, 1 2 3 4 5",
    "starcoder, 1 2 3 4 5",
  })
  void digitsAreCutAsTheModelCutsThem(String name, String words) {
    assertThat(words(name, "12345")).containsExactly(words.split(" ", -1));
  }

  @Test
  void contractionsAreCutOffInEitherCaseByLlama3AndInLowerCaseByGpt2() {
    assertThat(words("llama-bpe", "we'll WE'LL")).containsExactly("we", "'ll", " WE", "'LL");
    assertThat(words("qwen2", "we'll WE'LL")).containsExactly("we", "'ll", " WE", "'LL");
    assertThat(words("gpt-2", "we'll WE'LL")).containsExactly("we", "'ll", " WE", "'", "LL");
    assertThat(words("deepseek-v3", "we'll WE'LL")).containsExactly("we", "'ll", " WE", "'LL");
  }

  @Test
  void aContractionStaysWithItsWordInGpt4oAndIsNoneInTekken() {
    assertThat(words("gpt-4o", "we'll WE'LL")).containsExactly("we'll", " WE'LL");
    assertThat(words("tekken", "we'll WE'LL")).containsExactly("we", "'ll", " WE", "'LL");
    assertThat(words("tekken", "x'sy")).containsExactly("x", "'sy");
    assertThat(words("gpt-4o", "x'sy")).containsExactly("x's", "y");
  }

  @Test
  void wordsAreCutWhereCaseRisesInGpt4oAndTekken() {
    for (String name : List.of("gpt-4o", "tekken")) {
      assertThat(words(name, "camelCase HTTPServer aBC"))
          .containsExactly("camel", "Case", " HTTPServer", " a", "BC");
      assertThat(words(name, "e\u0301E\u0301")).containsExactly("e\u0301", "E\u0301");
      assertThat(words(name, "水A水a")).containsExactly("水A水a");
    }
    assertThat(words("llama-bpe", "camelCase")).containsExactly("camelCase");
  }

  @Test
  void slashesStayWithSymbolsBeforeThemInGpt4oAndTekken() {
    for (String name : List.of("gpt-4o", "tekken")) {
      assertThat(words(name, "!\n//x")).containsExactly("!\n//", "x");
    }
    assertThat(words("llama-bpe", "!\n//x")).containsExactly("!\n", "//", "x");
  }

  @Test
  void hanIsCutFromOtherLettersByKimi() {
    assertThat(words("kimi-k2", "水A々〇水は磨坊ab")).containsExactly("水", "A", "々〇水", "は", "磨坊", "ab");
    assertThat(words("kimi-k2", " 水's HTTPServer!\n/"))
        .containsExactly(" ", "水", "'s", " HTTPServer", "!\n", "/");
    assertThat(words("minimax-m2", "水A々")).containsExactly("水A々");
  }

  @Test
  void deepSeekLlmTakesSpacesAtTheEndAndOneBeforeALetterOrSymbol() {
    assertThat(words("deepseek-llm", "a  b \n !  "))
        .containsExactly("a", " ", " b", " ", "\n", " !", "  ");
    assertThat(words("deepseek-llm", "a  1")).containsExactly("a", "  ", "1");
    assertThat(words("deepseek-llm", "éa水車はb")).containsExactly("é", "a", "水車は", "b");
    assertThat(words("deepseek-coder", "éa水車はb")).containsExactly("éa", "水車は", "b");
    assertThat(words("deepseek-coder", "a \n $b")).containsExactly("a", " ", "\n", " $", "b");
  }

  @Test
  void aLongSIsAnSInAContraction() {
    // Hugging Face's library folds case as Unicode does; llama.cpp does not
    assertThat(words("llama-bpe", "x'ſy")).containsExactly("x", "'ſ", "y");
  }

  @Test
  void deepSeekLooksAheadNoFurtherThanAnEarlierCut() {
    assertThat(words("deepseek-v3", "a  1")).containsExactly("a", "  ", "1");
    assertThat(words("llama-bpe", "a  1")).containsExactly("a", " ", " ", "1");
    assertThat(words("deepseek-v3", "a  水車b")).containsExactly("a", "  ", "水車", "b");
  }

  @Test
  void whatNoExpressionMatchesIsAWordOfItsOwn() {
    assertThat(words("deepseek-v3", "a\u0001\u0002 b")).containsExactly("a", "\u0001\u0002", " b");
  }

  @Test
  void wordsAreTheWholeText() {
    String text = "The 水車's\r\n\r\n  12,345 \u0001é👍🏽 ١٢٣\u3000\u00a0 x";
    for (String name : LibraryIds.NAMES) {
      assertThat(String.join("", words(name, text))).as(name).isEqualTo(text);
      assertThat(words(name, "")).isEmpty();
    }
  }

  @Test
  void someFamiliesComposeCharactersAndTheOthersDoNot() {
    for (String name : LibraryIds.NAMES) {
      Tokenizer tokenizer = TinyVocabulary.byteLevel(name).tokenizer();
      int[] composed = tokenizer.encode("caf\u00e9", SpecialTokens.AS_TEXT);
      int[] decomposed = tokenizer.encode("cafe\u0301", SpecialTokens.AS_TEXT);
      if (List.of("qwen2", "command-r", "minimax-m2").contains(name)) {
        assertThat(decomposed).isEqualTo(composed);
      } else {
        assertThat(decomposed).as(name).isNotEqualTo(composed);
      }
    }
  }

  @Test
  void someFamiliesTakeAWordThatIsATokenWholeAndTheOthersMerge() {
    for (String name : LibraryIds.NAMES) {
      Tokenizer tokenizer = TinyVocabulary.byteLevel(name).tokenizer();
      int whole = tokenizer.vocabulary().id("Ġwhole").orElseThrow();
      int[] ids = tokenizer.encode(" whole", SpecialTokens.AS_TEXT);
      if (List.of("glm4", "gpt-4o", "kimi-k2", "llama-bpe", "tekken").contains(name)) {
        assertThat(ids).containsExactly(whole);
      } else {
        assertThat(ids).as(name).doesNotContain(whole);
      }
    }
  }
}
