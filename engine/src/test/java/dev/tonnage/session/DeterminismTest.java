package dev.tonnage.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tonnage.cache.KvCache;
import dev.tonnage.cache.KvPool;
import dev.tonnage.file.GgufCheckpoint;
import dev.tonnage.kernel.Cpu;
import dev.tonnage.kernel.KernelChoice;
import dev.tonnage.kernel.Level;
import dev.tonnage.kernel.Phase;
import dev.tonnage.model.Architectures;
import dev.tonnage.model.Dimensions;
import dev.tonnage.model.Model;
import dev.tonnage.model.TinyLlama;
import dev.tonnage.model.TinyLlamas;
import dev.tonnage.model.TinyStorage;
import dev.tonnage.nn.Passage;
import dev.tonnage.nn.Step;
import dev.tonnage.nn.Weights;
import dev.tonnage.plan.Capacity;
import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Workspace;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The same tokens give the same bits, however they are cut and whoever computes. */
class DeterminismTest {

  /** More than two blocks of the cache. */
  private static final int PROMPT_TOKENS = 75;

  private static final int GENERATED_TOKENS = 6;

  /** Beyond a task's rows: what threads share is cut into several tasks. */
  private static final TinyLlama WIDE =
      TinyLlama.named("wide")
          .withSizes(new TinyLlama.Sizes(2, 96, 400, 300, 256))
          .withHeads(new TinyLlama.Heads(6, 2, 16))
          .withPromptTokens(PROMPT_TOKENS);

  @TempDir private static Path folder;

  static Stream<Arguments> models() {
    List<TinyLlama> models =
        List.of(
            WIDE,
            WIDE.withName("wide-f16").withStorage(TinyStorage.F16),
            TinyLlamas.ODD_SIZES.model().withPromptTokens(PROMPT_TOKENS),
            TinyLlamas.Q8_0.model().withPromptTokens(PROMPT_TOKENS),
            TinyLlamas.QWEN3_MOE.model().withPromptTokens(PROMPT_TOKENS),
            TinyLlamas.MIXTRAL_Q8_0.model().withPromptTokens(PROMPT_TOKENS),
            TinyLlamas.GPT_OSS.model().withPromptTokens(PROMPT_TOKENS),
            TinyLlamas.GPT_OSS_MXFP4.model().withPromptTokens(PROMPT_TOKENS),
            TinyLlamas.DEEPSEEK_V3.model().withPromptTokens(PROMPT_TOKENS),
            TinyLlamas.DEEPSEEK_V3_Q8_0.model().withPromptTokens(PROMPT_TOKENS),
            TinyLlamas.Q4_K_M
                .model()
                .withSizes(new TinyLlama.Sizes(1, 256, 256, 288, 256))
                .withPromptTokens(PROMPT_TOKENS));
    return models.stream()
        .flatMap(model -> KernelChoice.levels().stream().map(level -> Arguments.of(model, level)));
  }

  @ParameterizedTest
  @MethodSource("models")
  void promptsCutIntoStepsOfAnySizeGiveTheSameBits(TinyLlama tiny, Level level) {
    int[] prompt = OpenModels.ints(tiny.prompt());
    try (var run = new Run(tiny, level, 2, DType.F16)) {
      List<float[]> whole = run.read(prompt, prompt.length);
      List<float[]> after = run.generate();
      for (int size : new int[] {1, 2, 3, 7, 31, 32, 33}) {
        run.forget(0);
        assertSameBits(run.read(prompt, size), whole, tiny + " in steps of " + size);
        assertSameBits(run.generate(), after, tiny + " generating after steps of " + size);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void anyNumberOfThreadsGivesTheSameBits(TinyLlama tiny, Level level) {
    int[] prompt = OpenModels.ints(tiny.prompt());
    List<float[]> read;
    List<float[]> generated;
    try (var run = new Run(tiny, level, 1, DType.F32)) {
      read = run.read(prompt, prompt.length);
      generated = run.generate();
    }
    for (int threads : new int[] {2, 3, 5}) {
      try (var run = new Run(tiny, level, threads, DType.F32)) {
        assertSameBits(run.read(prompt, prompt.length), read, threads + " threads read");
        assertSameBits(run.generate(), generated, threads + " threads generate");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void whatIsReadAfterForgettingIsAsIfReadAfresh(TinyLlama tiny, Level level) {
    int[] prompt = OpenModels.ints(tiny.prompt());
    int[] other = prompt.clone();
    Arrays.setAll(other, i -> prompt[prompt.length - 1 - i]);
    try (var run = new Run(tiny, level, 2, DType.F16)) {
      List<float[]> fresh = run.read(prompt, prompt.length);
      for (int keep : new int[] {0, 1, 32, 33, prompt.length - 1}) {
        run.forget(0);
        run.read(Arrays.copyOf(prompt, keep), Math.max(1, keep));
        run.read(Arrays.copyOf(other, prompt.length - keep), 64);
        run.generate();
        run.forget(keep);
        assertSameBits(
            run.read(Arrays.copyOfRange(prompt, keep, prompt.length), 50),
            fresh.subList(keep, prompt.length),
            tiny + " after forgetting all but " + keep);
      }
    }
  }

  /** A session reads in steps of its own choice, and gives all logits or the last ones. */
  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.KernelChoice#levels")
  void aSessionThatReadsInSeveralTurnsGivesTheSameBits(Level level) {
    int tokens = Capacity.CHUNK_TOKENS + 44;
    TinyLlama tiny = TinyLlamas.LONG_PROMPT.model().withPromptTokens(tokens);
    int[] prompt = OpenModels.ints(tiny.prompt());
    try (LoadedModel model = OpenModels.open(tiny, folder, OpenModels.settings(), level)) {
      List<float[]> each = new ArrayList<>();
      try (Session session = model.session()) {
        session.readEach(prompt, (_, logits) -> each.add(logits.clone()));
      }
      for (int first : new int[] {1, 32, Capacity.CHUNK_TOKENS + 1, tokens - 1}) {
        try (Session session = model.session()) {
          session.read(Arrays.copyOf(prompt, first), (_, _) -> {});
          assertSameBits(List.of(session.logits()), List.of(each.get(first - 1)), "the first");
          session.read(Arrays.copyOfRange(prompt, first, tokens), (_, _) -> {});
          assertSameBits(List.of(session.logits()), List.of(each.getLast()), "after " + first);
        }
      }
    }
  }

  private static void assertSameBits(List<float[]> found, List<float[]> expected, String what) {
    assertThat(found).as(what).hasSameSizeAs(expected);
    for (int position = 0; position < expected.size(); position++) {
      int at = Arrays.mismatch(found.get(position), expected.get(position));
      assertThat(at).as("%s: position %d, the id that differs", what, position).isEqualTo(-1);
    }
  }

  /** A model, what computes with it, and one sequence. */
  private static final class Run implements AutoCloseable {

    private final Arena arena = Arena.ofShared();
    private final Workspace workspace = new Workspace();
    private final GgufCheckpoint checkpoint;
    private final Cpu cpu;
    private final Model model;
    private final KvPool pool;
    private final KvCache cache;

    Run(TinyLlama tiny, Level level, int threads, DType cacheType) {
      checkpoint = OpenModels.file(tiny, folder);
      cpu = new Cpu(OpenModels.kernels(level).kernels(), threads);
      model = Architectures.load(checkpoint, new Weights(checkpoint, cpu, arena));
      Dimensions dimensions = Architectures.dimensions(checkpoint);
      pool =
          new KvPool(dimensions.cacheLayers(cacheType, cacheType), 1, dimensions.contextTokens());
      cache = new KvCache(pool);
    }

    /** The logits of every token. */
    List<float[]> read(int[] tokens, int stepTokens) {
      List<float[]> logits = new ArrayList<>();
      for (int at = 0; at < tokens.length; at += stepTokens) {
        int end = Math.min(tokens.length, at + stepTokens);
        logits.addAll(step(Arrays.copyOfRange(tokens, at, end), Phase.PROMPT));
      }
      return logits;
    }

    /** The logits of some tokens as if they had been sampled. */
    List<float[]> generate() {
      List<float[]> logits = new ArrayList<>();
      for (int i = 0; i < GENERATED_TOKENS; i++) {
        logits.addAll(step(new int[] {3 + 17 * i}, Phase.GENERATION));
      }
      return logits;
    }

    void forget(int keep) {
      assertThat(cache.truncate(keep)).isEqualTo(keep);
    }

    private List<float[]> step(int[] tokens, Phase phase) {
      cache.reserve(tokens.length);
      List<float[]> logits = new ArrayList<>();
      try (var _ = workspace.frame()) {
        var step = new Step(phase, List.of(new Passage(tokens, cache, 0)));
        Rows rows = model.forward(step, workspace);
        for (int i = 0; i < tokens.length; i++) {
          logits.add(rows.toArray(i));
        }
      }
      cache.advance(tokens.length);
      return logits;
    }

    @Override
    public void close() {
      cpu.close();
      pool.close();
      workspace.close();
      arena.close();
      checkpoint.close();
    }
  }
}
