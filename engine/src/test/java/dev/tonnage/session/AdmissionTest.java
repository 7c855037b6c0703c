package dev.tonnage.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tonnage.error.BadRequest;
import dev.tonnage.error.DoesNotFit;
import dev.tonnage.file.Checkpoint;
import dev.tonnage.file.GgufValue;
import dev.tonnage.kernel.Level;
import dev.tonnage.model.TinyLlama;
import dev.tonnage.model.TinyLlama.Heads;
import dev.tonnage.model.TinyLlama.Rope;
import dev.tonnage.model.TinyLlama.Scaling;
import dev.tonnage.model.TinyLlama.Sizes;
import dev.tonnage.model.TinyLlamas;
import dev.tonnage.os.Machine;
import dev.tonnage.plan.Budget;
import dev.tonnage.plan.LoadSettings;
import dev.tonnage.plan.MemoryPlan;
import dev.tonnage.tensor.DType;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused before it is loaded, and that what is admitted stays within its plan. */
class AdmissionTest {

  private static final TinyLlama MODEL = TinyLlama.named("admitted");

  @TempDir private static Path folder;

  @Test
  void aModelLargerThanTheMachineIsRefusedWithTheSum() {
    var checkpoint = new WatchedCheckpoint(OpenModels.file(MODEL, folder));
    long weights = checkpoint.weightBytes();
    assertThatThrownBy(() ->
            LoadedModel.open(
                checkpoint,
                OpenModels.settings(),
                machine(600L << 20),
                OpenModels.kernels(Level.SCALAR)))
        .isInstanceOf(DoesNotFit.class)
        .hasMessageContaining("admitted.gguf does not fit")
        .hasMessageContaining("weights " + MemoryPlan.gib(weights))
        .hasMessageContaining("this machine can give 88.0 MiB")
        .hasMessageContaining("smaller quantisation");
    assertThat(checkpoint.closings()).isEqualTo(1);
  }

  /** The tokenizer is loaded after admission, weights later still: neither is looked at. */
  @Test
  void itIsRefusedBeforeAnythingIsLoaded() {
    Checkpoint checkpoint =
        new EditedModel(MODEL, folder)
            .without("tokenizer.ggml.tokens")
            .withoutTensor("blk.0.attn_q.weight")
            .open();
    assertThatThrownBy(() ->
            LoadedModel.open(
                checkpoint,
                OpenModels.settings(),
                machine(1 << 20),
                OpenModels.kernels(Level.SCALAR)))
        .isInstanceOf(DoesNotFit.class);
  }

  @Test
  void aContextWhoseCacheDoesNotFitIsRefusedWithTheAdviceToShortenIt() {
    TinyLlama long1M =
        TinyLlama.named("long").withSizes(new Sizes(2, 64, 96, 288, 1 << 20)).withPromptTokens(5);
    Machine machine = machine(900L << 20);
    int tokens = 1 << 20;
    assertThatThrownBy(() ->
            LoadedModel.open(
                OpenModels.file(long1M, folder),
                OpenModels.settings().withContext(tokens),
                machine,
                OpenModels.kernels(Level.SCALAR)))
        .isInstanceOf(DoesNotFit.class)
        .hasMessageContaining("keys and values 256.0 MiB") // 2 layers of 2 heads of 2 · 16 halves
        .hasMessageContaining("shorter context");
    try (LoadedModel model =
        LoadedModel.open(
            OpenModels.file(long1M, folder),
            OpenModels.settings().withContext(tokens / 8),
            machine,
            OpenModels.kernels(Level.SCALAR))) {
      assertThat(model.plan().fits()).isTrue();
      assertThat(model.plan().cacheBytes()).isEqualTo(32L << 20);
    }
  }

  @Test
  void theSumIsThatOfItsItems() {
    var plan =
        new MemoryPlan(7L << 30, 3L << 30, 1L << 29, 1L << 28, Budget.of(machine(11L << 30)));
    assertThat(plan.totalBytes()).isEqualTo((10L << 30) + (3L << 28));
    assertThat(plan.budgetBytes()).isEqualTo((11L << 30) - (512L << 20));
    assertThat(plan.fits()).isFalse();
    assertThat(plan.sum())
        .contains(
            "weights 7.00 GiB + keys and values 3.00 GiB + scratch 512.0 MiB + program 256.0 MiB"
                + " = 10.75 GiB, but this machine can give 10.50 GiB");
    assertThat(new MemoryPlan(1, 1, 1, 1, Budget.of(machine(0))).budgetBytes()).isZero();
    long budget = plan.budgetBytes();
    assertThat(new MemoryPlan(budget - 3, 1, 1, 1, Budget.of(machine(11L << 30))).fits()).isTrue();
    assertThat(new MemoryPlan(budget - 2, 1, 1, 1, Budget.of(machine(11L << 30))).fits()).isFalse();
  }

  static Stream<TinyLlama> shapes() {
    return Stream.of(
        MODEL,
        TinyLlamas.DEEPSEEK_V3.model(),
        TinyLlamas.DEEPSEEK_ODD.model(),
        TinyLlama.named("odd-shape")
            .withSizes(new Sizes(2, 100, 172, 301, 512))
            .withHeads(new Heads(5, 1, 20)),
        TinyLlama.named("many-heads")
            .withSizes(new Sizes(3, 128, 96, 900, 700))
            .withHeads(new Heads(16, 16, 8))
            .withRope(new Rope(10000, 8, new Scaling.None(), List.of())),
        TinyLlama.named("wide-values")
            .withSizes(new Sizes(1, 64, 2000, 288, 513))
            .withHeads(new Heads(8, 1, 16, 48)),
        TinyLlamas.Q4_K_M.model().withName("blocks").withSizes(new Sizes(1, 256, 512, 288, 300)));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void whatIsTakenInAFullContextStaysWithinThePlan(TinyLlama tiny) {
    for (DType cache : new DType[] {DType.F16, DType.F32}) {
      int context = (int) tiny.sizes().contextTokens();
      int[] prompt = new int[context - 3];
      for (int i = 0; i < prompt.length; i++) {
        prompt[i] = 3 + i % 200;
      }
      LoadSettings settings = OpenModels.settings().withCache(cache, cache).withContext(context);
      try (LoadedModel model = OpenModels.open(tiny, folder, settings, Level.VECTOR)) {
        long planned = model.plan().cacheBytes() + model.plan().scratchBytes();
        try (Session session = model.session()) {
          session.read(prompt, (_, _) -> {});
          for (int token = 0; token < 3; token++) {
            session.append(token);
          }
          assertThat(session.room()).isZero();
        }
        assertThat(model.takenBytes()).as("%s, taken by read", tiny).isLessThanOrEqualTo(planned);
        try (Session session = model.session()) {
          session.readEach(prompt, (_, _) -> {});
        }
        assertThat(model.takenBytes())
            .as("%s, taken by readEach", tiny)
            .isLessThanOrEqualTo(planned);
        assertThat(model.plan().scratchBytes())
            .as("%s: a plan that is not much above what is taken", tiny)
            .isLessThan(3 * model.takenBytes() + (4 << 20));
      }
    }
  }

  @Test
  void aContextIsWhatWasAskedForWithinWhatTheModelCanAttendTo() {
    assertThat(context(MODEL, OptionalInt.empty())).isEqualTo(256);
    assertThat(context(MODEL, OptionalInt.of(1))).isEqualTo(1);
    assertThat(context(MODEL, OptionalInt.of(256))).isEqualTo(256);
    TinyLlama large = TinyLlamas.LONG_PROMPT.model();
    assertThat(context(large, OptionalInt.empty())).isEqualTo(LoadSettings.DEFAULT_CONTEXT_TOKENS);
    assertThat(context(large, OptionalInt.of(131_072))).isEqualTo(131_072);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 257, Integer.MAX_VALUE})
  void aContextBeyondThatIsRefusedWithTheNumbers(int tokens) {
    assertThatThrownBy(() -> context(MODEL, OptionalInt.of(tokens)))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("from 1 to the 256 tokens that admitted.gguf can attend to")
        .hasMessageContaining("found " + tokens);
  }

  @Test
  void aSlidingWindowIsTheLongestContext() {
    Checkpoint checkpoint =
        new EditedModel(MODEL, folder)
            .put("llama.attention.sliding_window", GgufValue.uint32(100))
            .open();
    try (LoadedModel model = OpenModels.open(checkpoint, OpenModels.settings(), Level.SCALAR)) {
      assertThat(model.contextTokens()).isEqualTo(100);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 1 << 20})
  void aTeamOfNobodyOrOfAMillionIsRefused(int threads) {
    assertThatThrownBy(() -> OpenModels.settings().withThreads(threads))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("threads")
        .hasMessageContaining("found " + threads);
  }

  @ParameterizedTest
  @EnumSource(names = {"Q5_1", "BF16", "Q4_K"})
  void aCacheOfATypeWithoutKernelsIsRefused(DType type) {
    assertThatThrownBy(() -> OpenModels.settings().withCache(type, DType.F16))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining(
            "cache of keys: expected one of [F32, F16, Q8_0, Q4_0], but found " + type);
    assertThatThrownBy(() -> OpenModels.settings().withCache(DType.F32, type))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("cache of values");
  }

  @Test
  void aCacheWhoseBlocksDoNotDivideAHeadIsRefused() {
    TinyLlama tiny = TinyLlamas.GROUPED.model(); // heads of 16
    for (DType type : List.of(DType.Q8_0, DType.Q4_0)) {
      LoadSettings keys = OpenModels.settings().withCache(type, DType.F16);
      assertThatThrownBy(() -> OpenModels.open(tiny, folder, keys, Level.SCALAR))
          .isInstanceOf(BadRequest.class)
          .hasMessageContaining("cache of keys")
          .hasMessageContaining("the 16 numbers of a head of grouped.gguf")
          .hasMessageContaining(type + " with blocks of 32");
      LoadSettings values = OpenModels.settings().withCache(DType.F16, type);
      assertThatThrownBy(() -> OpenModels.open(tiny, folder, values, Level.SCALAR))
          .isInstanceOf(BadRequest.class)
          .hasMessageContaining("cache of values");
    }
  }

  private static int context(TinyLlama tiny, OptionalInt tokens) {
    LoadSettings plain = OpenModels.settings();
    LoadSettings settings = tokens.isPresent() ? plain.withContext(tokens.getAsInt()) : plain;
    try (LoadedModel model = OpenModels.open(tiny, folder, settings, Level.SCALAR)) {
      return model.contextTokens();
    }
  }

  private static Machine machine(long availableBytes) {
    return new Machine("a CPU", "a system", 2, 64L << 30, availableBytes);
  }
}
