package dev.tonnage.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tonnage.file.Checkpoint;
import dev.tonnage.kernel.KernelChoice;
import dev.tonnage.kernel.Level;
import dev.tonnage.model.LogitsAgreement;
import dev.tonnage.model.RecordedLogits;
import dev.tonnage.model.RecordedLogits.Cache;
import dev.tonnage.model.TinyFolder;
import dev.tonnage.model.TinyLlamas;
import dev.tonnage.model.TinyStorage;
import dev.tonnage.tensor.DType;
import dev.tonnage.text.SpecialTokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Models in folders of safetensors, against what another engine computes on the same weights in a
 * GGUF file.
 */
class FolderGoldenTest {

  private static final double EXACT = 1e-4;

  private static final double FACTOR = 1.1;

  @TempDir private static Path root;

  static Stream<Arguments> computed() {
    return Stream.of(
            TinyLlamas.GROUPED,
            TinyLlamas.WIDE_HEADS,
            TinyLlamas.ODD_SIZES_F16,
            TinyLlamas.TIED,
            TinyLlamas.LINEAR_SCALING,
            TinyLlamas.YARN_ATTENTION_FACTOR,
            TinyLlamas.ATTENTION_BIASES,
            TinyLlamas.BF16,
            TinyLlamas.QWEN2,
            TinyLlamas.QWEN3_NARROW_YARN,
            TinyLlamas.QWEN3_MOE,
            TinyLlamas.MIXTRAL,
            TinyLlamas.MIXTRAL_ALL_USED,
            TinyLlamas.DEEPSEEK_V3_JOINED,
            TinyLlamas.GLM4_MOE,
            TinyLlamas.GLM4_MOE_AIR,
            TinyLlamas.COMMAND_R,
            TinyLlamas.COMMAND_R_PLUS)
        .flatMap(tiny -> KernelChoice.levels().stream().map(level -> Arguments.of(tiny, level)));
  }

  @ParameterizedTest
  @MethodSource("computed")
  void aPromptsLogitsAreTheRecordedOnes(TinyLlamas tiny, Level level) {
    var recorded = RecordedLogits.of(tiny);
    var agreement = new LogitsAgreement(recorded);
    LoadSettings settings = OpenModels.settings().withCache(DType.F32, DType.F32);
    try (LoadedModel model = OpenModels.open(Checkpoint.open(folder(tiny)), settings, level);
        Session session = model.session()) {
      session.readEach(
          OpenModels.ints(recorded.prompt()),
          (position, logits) -> {
            if (agreement.positions().contains(position)) {
              agreement.add(position, logits);
            }
          });
      if (tiny.model().storage() == TinyStorage.F32) {
        agreement.assertWithin(EXACT);
      } else {
        agreement.assertErrorAtMost(FACTOR, Cache.F32);
      }
    }
  }

  /** In three files, and in one for a model that is there twice. */
  private static Path folder(TinyLlamas tiny) {
    Path folder = root.resolve(tiny.model().name());
    return Files.exists(folder) ? folder : new TinyFolder(tiny.model()).write(folder, 3);
  }

  @Test
  void aFileOfTheFolderNamesItToo() {
    Path folder = new TinyFolder(TinyLlamas.GROUPED.model()).write(root.resolve("one-file"));
    try (Checkpoint checkpoint = Checkpoint.open(folder.resolve("model.safetensors"))) {
      assertThat(checkpoint.name()).isEqualTo("one-file");
      assertThat(checkpoint.tensor("blk.1.ffn_down.weight")).isPresent();
      assertThat(checkpoint.metadata().text("general.architecture")).isEqualTo("llama");
    }
  }

  @Test
  void theVocabularyIsTheFoldersFilledUpToTheEmbedding() {
    Path folder = new TinyFolder(TinyLlamas.GROUPED.model()).write(root.resolve("vocabulary"));
    try (LoadedModel model =
        OpenModels.open(Checkpoint.open(folder), OpenModels.settings(), Level.SCALAR)) {
      var tokenizer = model.tokenizer();
      assertThat(tokenizer.encode("cab<s>", SpecialTokens.PARSED)).containsExactly('c', 256, 257);
      assertThat(tokenizer.vocabulary().size()).isEqualTo(288);
      assertThat(tokenizer.specialIds().eos()).hasValue(258);
      assertThat(List.of(257, 258)).allMatch(tokenizer.specialIds()::endsGeneration);
    }
  }
}
