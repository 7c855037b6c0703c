package dev.tonnage.session;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tonnage.error.TonnageException;
import dev.tonnage.kernel.KernelChoice;
import dev.tonnage.kernel.Level;
import dev.tonnage.model.LogitsAgreement;
import dev.tonnage.model.LongTinyLlama;
import dev.tonnage.model.RecordedLogits;
import dev.tonnage.model.RecordedLogits.Cache;
import dev.tonnage.model.TinyLlama;
import dev.tonnage.model.TinyLlama.Heads;
import dev.tonnage.model.TinyLlama.Rope;
import dev.tonnage.model.TinyLlama.Scaling;
import dev.tonnage.model.TinyLlamas;
import dev.tonnage.model.TinyStorage;
import dev.tonnage.plan.LoadSettings;
import dev.tonnage.tensor.DType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** From a file to logits, against what another engine computes on the same file. */
class LlamaGoldenTest {

  /** For numbers that are nowhere rounded but to single precision. */
  private static final double EXACT = 1e-4;

  /** How much larger than the other engine's an error may be. */
  private static final double FACTOR = 1.1;

  @TempDir private static Path folder;

  /** Every recorded variant, level and cache, but those that are refused. */
  static Stream<Arguments> computed() {
    return Arrays.stream(TinyLlamas.values())
        .filter(tiny -> tiny != TinyLlamas.FUSED_QUERY_KEY_VALUE)
        .flatMap(tiny ->
            KernelChoice.levels().stream()
                .flatMap(level ->
                    Arrays.stream(Cache.values()).map(cache -> Arguments.of(tiny, level, cache))));
  }

  @ParameterizedTest
  @MethodSource("computed")
  void aPromptsLogitsAreTheRecordedOnes(TinyLlamas tiny, Level level, Cache cache) {
    var recorded = RecordedLogits.of(tiny);
    var agreement = new LogitsAgreement(recorded);
    try (LoadedModel model = open(tiny.model(), level, cache);
        Session session = model.session()) {
      session.readEach(
          OpenModels.ints(recorded.prompt()),
          (position, logits) -> {
            if (agreement.positions().contains(position)) {
              agreement.add(position, logits);
            }
          });
      assertAgrees(agreement, tiny, cache);
      agreement.assertGreedy(OpenModels.greedy(session, 16), clear(agreement, recorded, cache));
    }
  }

  @ParameterizedTest
  @MethodSource("computed")
  void aGenerationsLogitsAreTheRecordedOnes(TinyLlamas tiny, Level level, Cache cache) {
    var recorded = RecordedLogits.of(tiny);
    var agreement = new LogitsAgreement(recorded);
    try (LoadedModel model = open(tiny.model(), level, cache);
        Session session = model.session()) {
      for (int at = 0; at < recorded.prompt().size(); at++) {
        session.append(recorded.prompt().get(at));
        if (agreement.positions().contains(at)) {
          agreement.add(at, session.logits());
        }
      }
      assertAgrees(agreement, tiny, cache);
    }
  }

  /** Where a chunk of Llama 4 ends, and its queries are sharpened. */
  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.KernelChoice#levels")
  void logitsBeyondAChunkAreTheRecordedOnes(Level level) {
    assumeTrue(level != Level.SCALAR, "the scalar kernels take a minute, for the same rule");
    TinyLlama chunks = LongTinyLlama.model();
    var recorded = RecordedLogits.of(chunks);
    var agreement = new LogitsAgreement(recorded);
    LoadSettings settings =
        OpenModels.settings().withCache(DType.F32, DType.F32).withContext(recorded.prompt().size());
    try (LoadedModel model = OpenModels.open(chunks, folder, settings, level);
        Session session = model.session()) {
      int[] prompt = OpenModels.ints(recorded.prompt());
      session.readEach(
          prompt,
          (position, logits) -> {
            if (agreement.positions().contains(position)) {
              agreement.add(position, logits);
            }
          });
      agreement.assertWithin(EXACT);
    }
  }

  private static void assertAgrees(LogitsAgreement agreement, TinyLlamas tiny, Cache cache) {
    if (tiny.model().storage() == TinyStorage.F32 && cache == Cache.F32) {
      agreement.assertWithin(EXACT);
    } else {
      agreement.assertErrorAtMost(FACTOR, cache);
    }
  }

  /** The larger of both engines' errors: choices closer than that are anyone's. */
  private static double clear(LogitsAgreement agreement, RecordedLogits recorded, Cache cache) {
    double reference =
        recorded.errors().stream()
            .filter(error -> error.cache() == cache)
            .mapToDouble(error -> error.recordedIds().relativeRms())
            .max()
            .orElse(0);
    return Math.max(reference, agreement.distance().relativeRms());
  }

  /** Refused and not computed: the three matrices are looked for by their names. */
  @Test
  void queriesKeysAndValuesInOneMatrixAreRefusedByName() {
    TinyLlama fused = TinyLlamas.FUSED_QUERY_KEY_VALUE.model();
    assertThatThrownBy(() -> open(fused, Level.SCALAR, Cache.F16).close())
        .isInstanceOf(TonnageException.class)
        .hasMessageContaining("fused-query-key-value.gguf")
        .hasMessageContaining("blk.0.attn_q.weight");
  }

  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.KernelChoice#levels")
  void valuesWiderThanKeysAreComputedAsWrittenDown(Level level) {
    TextbookAgreement.assertTextbook(
        TinyLlama.named("wide-values").withHeads(new Heads(4, 2, 16, 24)), level, folder);
  }

  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.KernelChoice#levels")
  void valuesNarrowerThanKeysAreComputedAsWrittenDown(Level level) {
    var heads = new Heads(4, 2, 24, 10);
    TextbookAgreement.assertTextbook(
        TinyLlama.named("narrow-values").withHeads(heads), level, folder);
  }

  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.KernelChoice#levels")
  void aRotaryEmbeddingOfAPartOfTheHeadIsComputedAsWrittenDown(Level level) {
    for (int width : new int[] {2, 6, 14}) {
      Rope rope = new Rope(10000, width, new Scaling.None(), List.of());
      TextbookAgreement.assertTextbook(
          TinyLlama.named("rotary-" + width).withRope(rope), level, folder);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.KernelChoice#levels")
  void aDivisorForEachPairOfAPartialRotaryEmbeddingIsComputedAsWrittenDown(Level level) {
    Rope rope = new Rope(500000, 8, new Scaling.Linear(2), List.of(1f, 1.5f, 4f, 8f));
    TextbookAgreement.assertTextbook(
        TinyLlama.named("partial-factors").withRope(rope), level, folder);
  }

  private LoadedModel open(TinyLlama tiny, Level level, Cache cache) {
    DType type =
        switch (cache) {
          case F16 -> DType.F16;
          case F32 -> DType.F32;
        };
    return OpenModels.open(tiny, folder, OpenModels.settings().withCache(type, type), level);
  }
}
