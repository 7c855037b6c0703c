package dev.tonnage.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against the models' own library, on vocabularies that are generated. */
class LibraryIdsTest {

  static Collection<String> names() {
    return LibraryIds.NAMES;
  }

  @Test
  void everyFamilyIsRecorded() {
    for (PreTokenizerFamily family : PreTokenizerFamily.ALL) {
      assertThat(family.names()).containsAnyElementsOf(LibraryIds.NAMES);
    }
    assertThat(LibraryIds.NAMES).hasSameSizeAs(PreTokenizerFamily.ALL);
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyStringHasTheIdsThatTheModelsOwnLibraryGives(String name) throws IOException {
    Tokenizer tokenizer = TinyVocabulary.byteLevel(name).tokenizer();
    String[] strings = LibraryIds.strings();
    RecordedIds.Ids recorded = LibraryIds.of(name);
    assertThat(recorded.asText()).hasSameSizeAs(strings);
    for (int i = 0; i < strings.length; i++) {
      for (SpecialTokens specialTokens : SpecialTokens.values()) {
        assertThat(Arrays.stream(tokenizer.encode(strings[i], specialTokens)).boxed().toList())
            .as("%s, '%s', %s", name, strings[i], specialTokens)
            .isEqualTo(recorded.of(i, specialTokens));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void decodingGivesTheTextBack(String name) throws IOException {
    Tokenizer tokenizer = TinyVocabulary.byteLevel(name).tokenizer();
    boolean normalizes = List.of("qwen2", "command-r", "minimax-m2").contains(name);
    for (String string : LibraryIds.strings()) {
      int[] ids = tokenizer.encode(string, SpecialTokens.AS_TEXT);
      String text = tokenizer.decode(ids, ControlTokens.HIDDEN);
      if (normalizes) {
        // what stands around a token of the file's own is normalised apart from it
        text = Normalizer.normalize(text, Normalizer.Form.NFC);
        string = Normalizer.normalize(string, Normalizer.Form.NFC);
      }
      assertThat(text).as("%s from %s", name, Arrays.toString(ids)).isEqualTo(string);
    }
  }

  /** In the program they stand in groups, which is quicker. */
  @Test
  void theLettersOfDeepSeekAreThePublishedOnes() throws IOException {
    var published = RecordedIds.read("library/pre-tokenizers.json", Map.class);
    var family = (Map<?, ?>) published.get("deepseek-llm");
    var stages = (List<?>) ((Map<?, ?>) family.get("pre_tokenizer")).get("pretokenizers");
    var letters = (Map<?, ?>) ((Map<?, ?>) stages.get(1)).get("pattern");
    Pattern expected = compile((String) letters.get("Regex"));
    Pattern found =
        PreTokenizerFamily.ALL.stream()
            .filter(each -> each.names().contains("deepseek-llm"))
            .map(each -> compile(each.expressions().get(1)))
            .findFirst()
            .orElseThrow();
    int count = 0;
    for (int character = 0; character <= Character.MAX_CODE_POINT; character++) {
      String text = Character.toString(character);
      boolean isLetter = expected.matcher(text).matches();
      assertThat(found.matcher(text).matches()).as("U+%04X", character).isEqualTo(isLetter);
      count += isLetter ? 1 : 0;
    }
    assertThat(count).isGreaterThan(2000);
  }

  private static Pattern compile(String expression) {
    return Pattern.compile(expression, Pattern.UNICODE_CHARACTER_CLASS);
  }
}
