package dev.tonnage.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tonnage.error.BadRequest;
import dev.tonnage.error.StorageFailure;
import dev.tonnage.file.GgufCheckpoint;
import dev.tonnage.file.GgufValue;
import dev.tonnage.kernel.Level;
import dev.tonnage.model.TinyLlama;
import dev.tonnage.plan.Capacity;
import dev.tonnage.plan.LoadSettings;
import dev.tonnage.sample.SamplerSettings;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ends, pieces, and what happens beside a generation. */
class GeneratorTest {

  private static final TinyLlama MODEL = TinyLlama.named("generated");

  /** Followed by more than sixty tokens, the likeliest each, that do not end the text. */
  private static final int[] PROMPT = {1, 260, 30, 281, 100};

  /** Draws everything, bytes of half characters and control tokens included. */
  private static final SamplerSettings WILD =
      SamplerSettings.greedy().withTemperature(3).withSeed(99);

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 7})
  void asManyTokensAreSampledAsWereAskedFor(int tokens) {
    try (LoadedModel model = open(256)) {
      var heard = new HeardPieces();
      Completion completion = generate(model, PROMPT, tokens, heard);
      assertThat(completion.ids()).hasSize(tokens);
      assertThat(completion.end()).isEqualTo(Completion.End.LENGTH);
      assertThat(completion.promptTokens()).isEqualTo(5);
      assertThat(heard.progress()).containsExactly(5);
      assertThat(Double.isNaN(completion.generationRate())).isEqualTo(tokens < 2);
    }
  }

  /** The context holds every token but the last sampled, which nothing follows. */
  @ParameterizedTest
  @ValueSource(ints = {5, 6, 31, 32, 33, 40})
  void aFullContextEndsAGenerationWhenItIsFull(int context) {
    try (LoadedModel model = open(context)) {
      List<Integer> free;
      try (LoadedModel larger = open(256)) {
        free = generate(larger, PROMPT, context, new HeardPieces()).ids();
      }
      Completion completion = generate(model, PROMPT, 1000, new HeardPieces());
      assertThat(completion.end()).isEqualTo(Completion.End.CONTEXT);
      assertThat(completion.ids()).hasSize(context - PROMPT.length + 1);
      assertThat(completion.ids()).isEqualTo(free.subList(0, completion.ids().size()));
    }
  }

  @Test
  void aPromptLongerThanTheContextIsRefusedWithTheNumbers() {
    int[] prompt = new int[300];
    try (LoadedModel model = open(4)) {
      assertThatThrownBy(() -> generate(model, PROMPT, 1, new HeardPieces()))
          .isInstanceOf(BadRequest.class)
          .hasMessageContaining("5 tokens, but the context of 4 has room for 4")
          .hasMessageContaining("up to 256");
    }
    try (LoadedModel model = open(256);
        Session session = model.session()) {
      session.read(PROMPT, (_, _) -> {});
      assertThatThrownBy(() -> session.read(prompt, (_, _) -> {}))
          .isInstanceOf(BadRequest.class)
          .hasMessageContaining("300 tokens, but the context of 256 has room for 251")
          .hasMessageContaining("all the model was trained for");
      assertThat(session.tokens()).isEqualTo(5);
    }
  }

  @Test
  void promptsOfNothingOrOfForeignIdsAreRefused() {
    try (LoadedModel model = open(256)) {
      for (int[] prompt : new int[][] {{}, {1, 288}, {-1}, {Integer.MAX_VALUE}}) {
        assertThatThrownBy(() -> generate(model, prompt, 1, new HeardPieces()))
            .isInstanceOf(BadRequest.class);
      }
    }
  }

  @Test
  void aTokenThatEndsTheTextEndsItAndIsNotPartOfIt() {
    int third;
    List<Integer> ids;
    try (LoadedModel model = open(256)) {
      ids = generate(model, PROMPT, 3, new HeardPieces()).ids();
      third = ids.get(2);
      assertThat(ids.subList(0, 2)).doesNotContain(third);
    }
    GgufCheckpoint ending =
        new EditedModel(MODEL, folder)
            .put("tokenizer.ggml.eos_token_id", GgufValue.uint32(third))
            .open();
    try (LoadedModel model = OpenModels.open(ending, OpenModels.settings(), Level.SCALAR)) {
      Completion completion = generate(model, PROMPT, 50, new HeardPieces());
      assertThat(completion.end()).isEqualTo(Completion.End.MODEL);
      assertThat(completion.ids()).isEqualTo(ids.subList(0, 2));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4})
  void whoNoLongerWantsItIsAskedBeforeEachStep(int steps) {
    try (LoadedModel model = open(256)) {
      var heard =
          new HeardPieces() {
            private int asked;

            @Override
            public boolean cancelled() {
              return asked++ == steps + 1; // the first time is before the prompt
            }
          };
      Completion completion = generate(model, PROMPT, 50, heard);
      assertThat(completion.end()).isEqualTo(Completion.End.CANCELLED);
      assertThat(completion.ids()).hasSize(steps);
      assertThat(heard.text()).isEqualTo(completion.text());
    }
  }

  @Test
  void aLongPromptIsLeftBetweenItsStepsWhenNobodyWantsItAnyMore() {
    int context = 3 * Capacity.CHUNK_TOKENS;
    GgufCheckpoint longer =
        new EditedModel(MODEL, folder)
            .put("llama.context_length", GgufValue.uint32(context))
            .open();
    var settings = OpenModels.settings().withContext(context);
    try (LoadedModel model = OpenModels.open(longer, settings, Level.SCALAR)) {
      int[] prompt = new int[2 * Capacity.CHUNK_TOKENS + 1];
      Arrays.fill(prompt, 5);
      var heard =
          new HeardPieces() {
            private int asked;

            @Override
            public boolean cancelled() {
              return asked++ == 2; // before the third and last step of the prompt
            }
          };
      Completion completion = generate(model, prompt, 50, heard);
      assertThat(completion.end()).isEqualTo(Completion.End.CANCELLED);
      assertThat(completion.ids()).isEmpty();
    }
  }

  /** A vocabulary of bytes, drawn at random: most pieces are parts of characters. */
  @Test
  void piecesAreWholeCharactersAndTogetherTheText() {
    try (LoadedModel model = open(256)) {
      for (long seed = 0; seed < 20; seed++) {
        var settings = SamplerSettings.greedy().withTemperature(5).withSeed(seed);
        var heard = new HeardPieces();
        Completion completion = new Generator(model).generate(PROMPT, settings, 60, heard);
        assertThat(heard.text()).as("seed %d", seed).isEqualTo(completion.text());
        for (String piece : heard.pieces()) {
          assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(piece))
              .as("seed %d: '%s'", seed, piece)
              .isTrue();
          assertThat(piece).isNotEmpty();
        }
      }
    }
  }

  @Test
  @Timeout(60)
  void generationsOfSeveralThreadsAreWhatEachIsAlone() throws Exception {
    int[] other = {1, 33, 34, 35, 36, 37, 38};
    try (LoadedModel model = open(256);
        var threads = Executors.newFixedThreadPool(3)) {
      List<Integer> alone = wild(model, PROMPT);
      List<Integer> otherAlone = wild(model, other);
      List<Future<List<Integer>>> together = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        int[] prompt = i % 2 == 0 ? PROMPT : other;
        together.add(threads.submit(() -> wild(model, prompt)));
      }
      for (int i = 0; i < 6; i++) {
        assertThat(together.get(i).get()).isEqualTo(i % 2 == 0 ? alone : otherAlone);
      }
    }
  }

  private static List<Integer> wild(LoadedModel model, int[] prompt) {
    return new Generator(model).generate(prompt, WILD, 40, new HeardPieces()).ids();
  }

  @Test
  @Timeout(60)
  void closingWhileAnotherThreadGeneratesEndsThatWithAnException() throws Exception {
    for (int round = 0; round < 10; round++) {
      LoadedModel model = open(256);
      var started = new CountDownLatch(1 + round);
      try (var thread = Executors.newSingleThreadExecutor()) {
        Future<?> generating =
            thread.submit(() -> {
              var heard =
                  new HeardPieces() {
                    @Override
                    public boolean cancelled() {
                      started.countDown();
                      return false;
                    }
                  };
              while (true) {
                generate(model, PROMPT, 100, heard);
              }
            });
        assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
        model.close();
        Throwable thrown = catchThrowable(generating::get);
        assertThat(thrown).isInstanceOf(ExecutionException.class);
        assertThat(thrown.getCause())
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("generated.gguf is closed");
      }
      model.close(); // once more: nothing happens
      assertThatThrownBy(() -> generate(model, PROMPT, 1, new HeardPieces()))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aFileThatShrinksWhileItIsInUseFailsTheNextStep() throws IOException {
    try (LoadedModel model = open(256)) {
      Path path = folder.resolve("generated.gguf");
      var shrinking =
          new HeardPieces() {
            private int asked;

            @Override
            public boolean cancelled() {
              if (asked++ == 3) {
                try (var file = new RandomAccessFile(path.toFile(), "rw")) {
                  file.setLength(file.length() / 2);
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              }
              return false;
            }
          };
      assertThatThrownBy(() -> generate(model, PROMPT, 50, shrinking))
          .isInstanceOf(StorageFailure.class)
          .hasMessageContaining("generated.gguf");
      assertThat(shrinking.asked).isEqualTo(4);
    }
  }

  private static Completion generate(
      LoadedModel model, int[] prompt, int tokens, Generator.Listener listener) {
    return new Generator(model).generate(prompt, SamplerSettings.greedy(), tokens, listener);
  }

  private LoadedModel open(int context) {
    LoadSettings settings = OpenModels.settings().withContext(context);
    return OpenModels.open(MODEL, folder, settings, Level.SCALAR);
  }
}
