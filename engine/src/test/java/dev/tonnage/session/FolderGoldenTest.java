package dev.tonnage.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tonnage.file.Checkpoint;
import dev.tonnage.kernel.KernelChoice;
import dev.tonnage.kernel.Level;
import dev.tonnage.model.FolderStorage;
import dev.tonnage.model.LogitsAgreement;
import dev.tonnage.model.RecordedLogits;
import dev.tonnage.model.RecordedLogits.Cache;
import dev.tonnage.model.TinyFolder;
import dev.tonnage.model.TinyLlama;
import dev.tonnage.model.TinyLlamas;
import dev.tonnage.model.TinyStorage;
import dev.tonnage.plan.LoadSettings;
import dev.tonnage.tensor.DType;
import dev.tonnage.text.SpecialTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
            TinyLlamas.DEEPSEEK_V2_LITE,
            TinyLlamas.DEEPSEEK_V3_JOINED,
            TinyLlamas.GLM4_MOE,
            TinyLlamas.GLM4_MOE_AIR,
            TinyLlamas.COMMAND_R,
            TinyLlamas.COMMAND_R_PLUS,
            TinyLlamas.GPT_OSS,
            TinyLlamas.MINIMAX_M2,
            TinyLlamas.GPT_OSS_PERIOD,
            TinyLlamas.GPT_OSS_YARN,
            TinyLlamas.GPT_OSS_MXFP4)
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
      if (List.of(TinyStorage.F32, TinyStorage.MXFP4).contains(tiny.model().storage())) {
        agreement.assertWithin(EXACT);
      } else {
        agreement.assertErrorAtMost(FACTOR, Cache.F32);
      }
    }
  }

  /** In three files, and in one for a model that is there twice. */
  private static Path folder(TinyLlamas tiny) {
    Path folder = root.resolve(tiny.model().name());
    FolderStorage storage =
        tiny.model().storage() == TinyStorage.MXFP4
            ? FolderStorage.MXFP4_EXPERTS
            : FolderStorage.PLAIN;
    return Files.exists(folder)
        ? folder
        : new TinyFolder(tiny.model(), storage, false).write(folder, 3);
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

  static Stream<Arguments> stored() {
    TinyLlama dense =
        TinyLlama.named("stored")
            .withSizes(new TinyLlama.Sizes(2, 128, 192, 288, 256))
            .withHeads(new TinyLlama.Heads(4, 2, 32))
            .withRope(new TinyLlama.Rope(10000, 32, new TinyLlama.Scaling.None(), List.of()));
    return Stream.of(
            Arguments.of(dense, FolderStorage.MLX_MIXED),
            Arguments.of(dense.withOutput(TinyLlama.Output.TIED), FolderStorage.MLX_MIXED),
            Arguments.of(dense, FolderStorage.MLX_MXFP4),
            Arguments.of(dense, FolderStorage.FLOAT8),
            Arguments.of(TinyLlamas.QWEN3_MOE.model(), FolderStorage.FLOAT8),
            Arguments.of(TinyLlamas.DEEPSEEK_V3_JOINED.model(), FolderStorage.FLOAT8))
        .flatMap(each ->
            KernelChoice.levels().stream()
                .map(level -> Arguments.of(each.get()[0], each.get()[1], level)));
  }

  /** Exact at levels that multiply floats, and about as near as activations of bytes let it be. */
  @ParameterizedTest
  @MethodSource("stored")
  void logitsAreThoseOfTheNumbersThatTheFilesMean(
      TinyLlama tiny, FolderStorage storage, Level level) throws IOException {
    List<float[]> expected = logits(new TinyFolder(tiny, storage, true), Level.SCALAR);
    List<float[]> found = logits(new TinyFolder(tiny, storage, false), level);
    double squares = 0;
    double errors = 0;
    for (int at = 0; at < expected.size(); at++) {
      for (int id = 0; id < expected.get(at).length; id++) {
        squares += expected.get(at)[id] * expected.get(at)[id];
        errors += Math.pow(found.get(at)[id] - expected.get(at)[id], 2);
      }
    }
    boolean isExact = level == Level.SCALAR || level == Level.VECTOR;
    double exact = tiny.latent().isPresent() ? 1e-3 : 1e-5; // keys' matrices are turned in halves
    assertThat(Math.sqrt(errors / squares)).isLessThan(isExact ? exact : 0.03);
  }

  private static List<float[]> logits(TinyFolder files, Level level) throws IOException {
    Path folder = files.write(Files.createTempDirectory(root, "stored"));
    List<float[]> logits = new ArrayList<>();
    LoadSettings settings = OpenModels.settings().withCache(DType.F32, DType.F32);
    try (LoadedModel model = OpenModels.open(Checkpoint.open(folder), settings, level);
        Session session = model.session()) {
      session.readEach(
          OpenModels.ints(files.model().prompt()), (_, each) -> logits.add(each.clone()));
      session.append(7);
      logits.add(session.logits().clone());
    }
    return logits;
  }
}
