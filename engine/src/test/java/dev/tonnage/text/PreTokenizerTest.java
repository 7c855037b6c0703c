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
    for (String name : List.of("gpt-2", "llama-bpe", "qwen2", "deepseek-v3")) {
      assertThat(String.join("", words(name, text))).as(name).isEqualTo(text);
      assertThat(words(name, "")).isEmpty();
    }
  }

  @Test
  void qwenComposesCharactersAndTheOthersDoNot() {
    for (String name : List.of("gpt-2", "llama-bpe", "qwen2", "deepseek-v3")) {
      Tokenizer tokenizer = TinyVocabulary.byteLevel(name).tokenizer();
      int[] composed = tokenizer.encode("caf\u00e9", SpecialTokens.AS_TEXT);
      int[] decomposed = tokenizer.encode("cafe\u0301", SpecialTokens.AS_TEXT);
      if (name.equals("qwen2")) {
        assertThat(decomposed).isEqualTo(composed);
      } else {
        assertThat(decomposed).as(name).isNotEqualTo(composed);
      }
    }
  }

  @Test
  void llama3TakesAWordThatIsATokenWholeAndTheOthersMerge() {
    for (String name : List.of("gpt-2", "llama-bpe", "qwen2", "deepseek-v3")) {
      Tokenizer tokenizer = TinyVocabulary.byteLevel(name).tokenizer();
      int whole = tokenizer.vocabulary().id("Ġwhole").orElseThrow();
      int[] ids = tokenizer.encode(" whole", SpecialTokens.AS_TEXT);
      if (name.equals("llama-bpe")) {
        assertThat(ids).containsExactly(whole);
      } else {
        assertThat(ids).as(name).doesNotContain(whole);
      }
    }
  }
}
