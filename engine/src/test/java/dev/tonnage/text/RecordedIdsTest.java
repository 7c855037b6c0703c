package dev.tonnage.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tonnage.file.GgufCheckpoint;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against llama.cpp, on vocabularies that are generated and on the model that is shipped. */
class RecordedIdsTest {

  static Collection<String> vocabularies() {
    return RecordedIds.TINY.keySet();
  }

  @ParameterizedTest
  @MethodSource("vocabularies")
  void everyStringHasTheIdsThatLlamaCppGives(String vocabulary) throws IOException {
    compare(vocabulary, RecordedIds.TINY.get(vocabulary).get().tokenizer());
  }

  @Test
  void everyStringHasTheIdsThatLlamaCppGivesWithTheShippedModel() throws IOException {
    byte[] model = shippedModel();
    assumeTrue(model.length > 0, "stories260K is neither shipped nor beside the repository");
    MemorySegment file =
        Arena.ofAuto().allocate(model.length, 64).copyFrom(MemorySegment.ofArray(model));
    try (GgufCheckpoint checkpoint = GgufCheckpoint.of("stories260K.gguf", file)) {
      compare("stories260K", Tokenizer.of(checkpoint.metadata()));
    }
  }

  private static byte[] shippedModel() throws IOException {
    Path beside = SharedFiles.models().resolve("stories260K.gguf");
    try (InputStream shipped =
        RecordedIdsTest.class.getResourceAsStream("/dev/tonnage/model/stories260K.gguf")) {
      return shipped != null
          ? shipped.readAllBytes()
          : Files.isRegularFile(beside) ? Files.readAllBytes(beside) : new byte[0];
    }
  }

  @ParameterizedTest
  @MethodSource("vocabularies")
  void decodingGivesTheTextBack(String vocabulary) throws IOException {
    Tokenizer tokenizer = RecordedIds.TINY.get(vocabulary).get().tokenizer();
    for (String string : RecordedIds.strings()) {
      int[] ids = tokenizer.encode(string, SpecialTokens.AS_TEXT);
      String text = tokenizer.decode(ids, ControlTokens.HIDDEN);
      if (vocabulary.equals("sentencepiece")) {
        // a space is added after each user-defined token too, and U+2581 is a space ever after
        text = text.replace(" ", "");
        string = string.replace(" ", "").replace("▁", "");
      } else if (vocabulary.equals("sentencepiece-without-prefix")) {
        string = string.replace('▁', ' ');
      }
      assertThat(text).as("%s from %s", string, Arrays.toString(ids)).isEqualTo(string);
    }
  }

  private static void compare(String vocabulary, Tokenizer tokenizer) throws IOException {
    String[] strings = RecordedIds.strings();
    RecordedIds.Ids recorded = RecordedIds.of(vocabulary);
    assertThat(recorded.asText()).hasSameSizeAs(strings);
    for (int i = 0; i < strings.length; i++) {
      for (SpecialTokens specialTokens : SpecialTokens.values()) {
        assertThat(Arrays.stream(tokenizer.encode(strings[i], specialTokens)).boxed().toList())
            .as("%s, '%s', %s", vocabulary, strings[i], specialTokens)
            .isEqualTo(recorded.of(i, specialTokens));
      }
    }
  }
}
