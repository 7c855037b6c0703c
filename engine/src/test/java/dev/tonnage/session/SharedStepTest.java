package dev.tonnage.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tonnage.cache.KvCache;
import dev.tonnage.cache.KvLayout;
import dev.tonnage.cache.KvPool;
import dev.tonnage.error.BadRequest;
import dev.tonnage.error.DoesNotFit;
import dev.tonnage.kernel.KernelChoice;
import dev.tonnage.kernel.Level;
import dev.tonnage.kernel.Phase;
import dev.tonnage.model.TinyLlama;
import dev.tonnage.model.TinyLlama.Rope;
import dev.tonnage.model.TinyLlama.Scaling;
import dev.tonnage.model.TinyLlamas;
import dev.tonnage.model.TinyStorage;
import dev.tonnage.nn.Passage;
import dev.tonnage.nn.Step;
import dev.tonnage.plan.LoadSettings;
import dev.tonnage.tensor.DType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several sequences in a step: each computes what it would compute alone, to the bit. */
class SharedStepTest {

  /** Prompts of the sequences: within a block of the cache, at its end, beyond it. */
  private static final int[] PROMPT_TOKENS = {1, 32, 33, 75, 5};

  private static final TinyLlama WIDE =
      TinyLlama.named("several")
          .withSizes(new TinyLlama.Sizes(2, 96, 400, 300, 256))
          .withHeads(new TinyLlama.Heads(6, 2, 32));

  @TempDir private static Path folder;

  static Stream<Arguments> settings() {
    List<TinyLlama> models =
        List.of(
            WIDE.withName("several-f16").withStorage(TinyStorage.F16),
            TinyLlamas.Q4_K.model(),
            TinyLlamas.QWEN3_MOE_Q4_K_M.model(),
            TinyLlamas.GPT_OSS_MXFP4.model(),
            TinyLlamas.DEEPSEEK_V3_Q8_0
                .model()
                .withName("several-latent")
                .withHeads(new TinyLlama.Heads(4, 1, 64, 32))
                .withRope(new Rope(10000, 32, new Scaling.None(), List.of())));
    return models.stream()
        .flatMap(model ->
            Stream.of(DType.F16, DType.Q8_0)
                .flatMap(cache ->
                    KernelChoice.levels().stream()
                        .map(level -> Arguments.of(model, cache, level))));
  }

  private static LoadSettings settings(DType cache, int threads) {
    return OpenModels.settings().withCache(cache, cache).withThreads(threads).withStreams(5);
  }

  /** Token i of a sequence: of its prompt, and then as if sampled. */
  private static int token(int sequence, int i) {
    return 3 + (41 * sequence + 17 * i) % 250;
  }

  private static int[] tokens(int sequence, int from, int to) {
    int[] tokens = new int[to - from];
    Arrays.setAll(tokens, i -> token(sequence, from + i));
    return tokens;
  }

  @ParameterizedTest
  @MethodSource("settings")
  void sessionsThatGoOnTogetherHaveTheLogitsTheyHaveAlone(
      TinyLlama tiny, DType cache, Level level) {
    int steps = 5;
    List<List<float[]>> alone = new ArrayList<>();
    try (LoadedModel model = OpenModels.open(tiny, folder, settings(cache, 1), level)) {
      for (int sequence = 0; sequence < PROMPT_TOKENS.length; sequence++) {
        try (Session session = started(model, sequence)) {
          List<float[]> logits = new ArrayList<>();
          for (int i = 0; i < steps; i++) {
            session.append(token(sequence, session.tokens()));
            logits.add(session.logits().clone());
          }
          alone.add(logits);
        }
      }
    }
    for (int threads : new int[] {1, 3}) {
      try (LoadedModel model = OpenModels.open(tiny, folder, settings(cache, threads), level)) {
        List<Session> sessions = new ArrayList<>();
        for (int sequence = 0; sequence < PROMPT_TOKENS.length; sequence++) {
          sessions.add(started(model, sequence));
        }
        int[] done = new int[PROMPT_TOKENS.length];
        for (int round = 0; Arrays.stream(done).anyMatch(count -> count < steps); round++) {
          List<Integer> going = company(round, done, steps);
          model.append(
              going.stream()
                  .map(s -> new Continuation(sessions.get(s), token(s, sessions.get(s).tokens())))
                  .toList());
          for (int sequence : going) {
            assertThat(sessions.get(sequence).logits())
                .as("%s, %d threads, sequence %d with %s", tiny, threads, sequence, going)
                .isEqualTo(alone.get(sequence).get(done[sequence]++));
          }
        }
        sessions.forEach(Session::close);
      }
    }
  }

  /** Others in each step, in another order; whoever is left goes on alone in the end. */
  private static List<Integer> company(int round, int[] done, int steps) {
    List<Integer> left = new ArrayList<>();
    for (int i = 0; i < done.length; i++) {
      int sequence = (i + round) % done.length;
      if (done[sequence] < steps) {
        left.add(sequence);
      }
    }
    return left.subList(0, Math.max(1, left.size() - round % 3));
  }

  private static Session started(LoadedModel model, int sequence) {
    Session session = model.session();
    assertThat(session.read(tokens(sequence, 0, PROMPT_TOKENS[sequence]), (_, _) -> {})).isTrue();
    return session;
  }

  /** As a server will read prompts, and check drafts: ragged, with logits of some tokens. */
  @ParameterizedTest
  @MethodSource("settings")
  void passagesOfAnyLengthsInAStepHaveTheBitsTheyHaveAlone(
      TinyLlama tiny, DType cache, Level level) {
    int[][] lengths = {{3, 1, 40, 7, 1}, {1, 1, 1, 1, 1}, {2, 33, 1, 1, 9}};
    for (Phase phase : Phase.values()) {
      try (LoadedModel model = OpenModels.open(tiny, folder, settings(cache, 2), level);
          var pool = new KvPool(model.cacheLayers(), 100, KvLayout.BLOCK_TOKENS)) {
        List<KvCache> together = new ArrayList<>();
        List<KvCache> apart = new ArrayList<>();
        for (int sequence = 0; sequence < lengths[0].length; sequence++) {
          together.add(new KvCache(pool));
          apart.add(new KvCache(pool));
        }
        for (int[] step : lengths) {
          List<float[]> expected = new ArrayList<>();
          List<Passage> passages = new ArrayList<>();
          for (int sequence = 0; sequence < step.length; sequence++) {
            expected.addAll(
                logits(model, phase, List.of(passage(sequence, apart.get(sequence), step))));
            passages.add(passage(sequence, together.get(sequence), step));
          }
          assertThat(logits(model, phase, passages))
              .as("%s, %s", tiny, phase)
              .usingElementComparator(Arrays::compare)
              .isEqualTo(expected);
        }
      }
    }
  }

  /** The last one's logits, of some sequences also those before it. */
  private static Passage passage(int sequence, KvCache cache, int[] lengths) {
    int length = lengths[sequence];
    int[] ids = tokens(sequence, cache.tokens(), cache.tokens() + length);
    return new Passage(ids, cache, Math.max(0, length - 1 - sequence));
  }

  private static List<float[]> logits(LoadedModel model, Phase phase, List<Passage> passages) {
    List<float[]> logits = new ArrayList<>();
    model.forward(
        new Step(phase, passages),
        rows -> {
          for (int row = 0; row < rows.count(); row++) {
            logits.add(rows.toArray(row));
          }
        });
    return logits;
  }

  @Test
  void asManyContextsAsStreamsWerePlannedForCanBeFilled() {
    LoadSettings settings = OpenModels.settings().withContext(70).withStreams(3);
    try (LoadedModel model = OpenModels.open(WIDE, folder, settings, Level.SCALAR)) {
      List<Session> sessions = new ArrayList<>();
      for (int sequence = 0; sequence < 3; sequence++) {
        sessions.add(model.session());
        sessions.getLast().read(tokens(sequence, 0, 70), (_, _) -> {});
      }
      Session one = model.session();
      assertThatThrownBy(() -> one.read(tokens(3, 0, 1), (_, _) -> {}))
          .isInstanceOf(DoesNotFit.class);
      sessions.getFirst().close();
      assertThat(one.read(tokens(3, 0, 70), (_, _) -> {})).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 40, 300})
  void theMemoryOfTheLargestSharedStepIsPlanned(int streams) {
    for (Level level : KernelChoice.levels()) {
      theMemoryOfTheLargestSharedStepIsPlanned(WIDE, streams, level);
      theMemoryOfTheLargestSharedStepIsPlanned(TinyLlamas.MIXTRAL_Q8_0.model(), streams, level);
      theMemoryOfTheLargestSharedStepIsPlanned(TinyLlamas.DEEPSEEK_V2.model(), streams, level);
      theMemoryOfTheLargestSharedStepIsPlanned(TinyLlamas.GPT_OSS_MXFP4.model(), streams, level);
    }
  }

  private static void theMemoryOfTheLargestSharedStepIsPlanned(
      TinyLlama tiny, int streams, Level level) {
    int context = 20; // fewer than a prompt's chunk or a step's sequences
    LoadSettings settings = OpenModels.settings().withContext(context).withStreams(streams);
    try (LoadedModel model = OpenModels.open(tiny, folder, settings, level)) {
      long planned = model.plan().cacheBytes() + model.plan().scratchBytes();
      List<Session> sessions = new ArrayList<>();
      for (int sequence = 0; sequence < streams; sequence++) {
        sessions.add(model.session());
        sessions.getLast().read(tokens(sequence, 0, context - 2), (_, _) -> {});
      }
      for (int i = 0; i < 2; i++) {
        model.append(sessions.stream().map(session -> new Continuation(session, 7)).toList());
      }
      assertThat(sessions).allSatisfy(session -> assertThat(session.room()).isZero());
      assertThat(model.takenBytes()).isLessThanOrEqualTo(planned);
      assertThat(planned).isLessThan(3 * model.takenBytes() + (4 << 20));
    }
  }

  @Test
  void whatCannotGoOnTogetherIsRefusedAndNobodyHasGoneOn() {
    LoadSettings settings = OpenModels.settings().withContext(4).withStreams(2);
    try (LoadedModel model = OpenModels.open(WIDE, folder, settings, Level.SCALAR);
        LoadedModel other = OpenModels.open(WIDE, folder, settings, Level.SCALAR);
        Session full = model.session();
        Session free = model.session();
        Session third = model.session();
        Session foreign = other.session()) {
      full.read(new int[] {3, 4, 5, 6}, (_, _) -> {});
      free.read(new int[] {3}, (_, _) -> {});
      var going = new Continuation(free, 5);
      refused(model, List.of(), "sequences in a step: expected from 1 to 2");
      refused(
          model,
          List.of(going, new Continuation(third, 5), new Continuation(full, 5)),
          "sequences in a step: expected from 1 to 2");
      refused(model, List.of(going, new Continuation(full, 5)), "does not fit");
      refused(model, List.of(going, new Continuation(third, 300)), "an id from 0 to 299");
      assertThatThrownBy(() -> model.append(List.of(going, going)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> model.append(List.of(going, new Continuation(foreign, 5))))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(free.tokens()).isEqualTo(1);
    }
  }

  private static void refused(LoadedModel model, List<Continuation> continuations, String why) {
    assertThatThrownBy(() -> model.append(continuations))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 1 << 20})
  void noStreamOrAMillionIsRefused(int streams) {
    assertThatThrownBy(() -> OpenModels.settings().withStreams(streams))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("streams")
        .hasMessageContaining("found " + streams);
  }

  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.KernelChoice#levels")
  void aForkGoesOnAsItsOriginWouldAndLeavesItAlone(Level level) {
    LoadSettings settings = settings(DType.F16, 2);
    try (LoadedModel model = OpenModels.open(WIDE, folder, settings, level);
        Session origin = model.session();
        Session fresh = model.session()) {
      origin.read(tokens(0, 0, 40), (_, _) -> {});
      float[] before = origin.logits().clone();
      try (Session fork = origin.fork()) {
        assertThat(fork.logits()).isEqualTo(before);
        fork.append(9);
        fresh.read(tokens(0, 0, 40), (_, _) -> {});
        fresh.append(9);
        assertThat(fork.tokens()).isEqualTo(41);
        assertThat(fork.logits()).isEqualTo(fresh.logits());
        assertThat(origin.logits()).isEqualTo(before);
        origin.append(8);
        fork.append(7);
        fresh.append(7);
        assertThat(fork.logits()).isEqualTo(fresh.logits());
      }
    }
  }

  /** What one sequence fails to get leaves the others where they were. */
  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.KernelChoice#levels")
  void aStepThatFailsIsAsIfItHadNotBeen(Level level) {
    try (LoadedModel model = OpenModels.open(WIDE, folder, settings(DType.F16, 2), level);
        var pool = new KvPool(model.cacheLayers(), 2, 1)) {
      List<KvCache> caches = List.of(new KvCache(pool), new KvCache(pool), new KvCache(pool));
      List<Passage> passages = new ArrayList<>();
      for (KvCache cache : caches) {
        passages.add(new Passage(new int[] {5}, cache, 0));
      }
      assertThatThrownBy(() -> logits(model, Phase.GENERATION, passages))
          .isInstanceOf(DoesNotFit.class);
      assertThat(caches).allSatisfy(cache -> assertThat(cache.tokens()).isZero());
      List<float[]> two = logits(model, Phase.GENERATION, passages.subList(0, 2));
      assertThat(two.get(0)).isEqualTo(two.get(1));
    }
  }
}
