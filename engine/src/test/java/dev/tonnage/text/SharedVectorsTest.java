package dev.tonnage.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tonnage.file.GgufCheckpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** Against the models' own library, on their real vocabularies. */
class SharedVectorsTest {

  private record Vectors(List<String> strings, Map<String, List<List<Integer>>> ids) {}

  @ParameterizedTest
  @CsvSource({
    "vocab-llama.gguf, llama3_1",
    "vocab-deepseek.gguf, deepseek_v3",
    "vocab-qwen2.gguf, qwen2_5"
  })
  void everyStringHasTheIdsThatTheModelsOwnLibraryGives(String file, String name) {
    Path path = SharedFiles.models().resolve(file);
    assumeTrue(Files.isRegularFile(path), "no " + path);
    Path recorded = SharedFiles.tokenizerVectors();
    assumeTrue(Files.isRegularFile(recorded), "no " + recorded);
    Vectors vectors = new JsonMapper().readValue(recorded.toFile(), Vectors.class);
    try (GgufCheckpoint checkpoint = GgufCheckpoint.open(path)) {
      Tokenizer tokenizer = Tokenizer.of(checkpoint.metadata());
      for (int i = 0; i < vectors.strings.size(); i++) {
        int[] ids = tokenizer.encode(vectors.strings.get(i), SpecialTokens.PARSED);
        assertThat(IntStream.of(ids).boxed().toList())
            .as("%s, '%s'", name, vectors.strings.get(i))
            .isEqualTo(vectors.ids.get(name).get(i));
      }
    }
  }
}
