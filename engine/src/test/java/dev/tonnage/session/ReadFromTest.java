package dev.tonnage.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tonnage.kernel.Level;
import dev.tonnage.model.TinyLlama;
import dev.tonnage.model.TinyLlama.Sizes;
import dev.tonnage.plan.Capacity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logits of a part of a prompt, and prompts that are left and taken up again. */
class ReadFromTest {

  /** More than a step's tokens, and in one of the models more than a step's logits. */
  private static final int PROMPT_TOKENS = 556;

  private static final TinyLlama NARROW =
      TinyLlama.named("narrow")
          .withSizes(new Sizes(1, 64, 96, 288, 768))
          .withPromptTokens(PROMPT_TOKENS);

  /** So wide inside that memory for the logits of a whole step is there. */
  private static final TinyLlama WIDE =
      TinyLlama.named("wide-inside")
          .withSizes(new Sizes(1, 64, 1024, 288, 768))
          .withPromptTokens(PROMPT_TOKENS);

  @TempDir private static Path folder;

  private static LoadedModel open(TinyLlama tiny) {
    return OpenModels.open(tiny, folder, OpenModels.settings(), Level.SCALAR);
  }

  @Test
  void theModelsDifferInHowManyLogitsAStepMayGive() {
    try (LoadedModel narrow = open(NARROW);
        LoadedModel wide = open(WIDE)) {
      assertThat(narrow.mostWanted())
          .isBetween(Capacity.LOGITS_CHUNK_TOKENS, Capacity.CHUNK_TOKENS - 1);
      assertThat(wide.mostWanted()).isEqualTo(Capacity.CHUNK_TOKENS);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 31, 128, 300, 511, 512, 513, 554, 555})
  void laterPositionsHaveTheSameBitsAsInAReadingTokenByToken(int firstWanted) {
    for (TinyLlama tiny : List.of(NARROW, WIDE)) {
      int[] prompt = OpenModels.ints(tiny.prompt());
      List<float[]> single = new ArrayList<>();
      List<Integer> positions = new ArrayList<>();
      List<float[]> logits = new ArrayList<>();
      try (LoadedModel model = open(tiny)) {
        try (Session session = model.session()) {
          for (int token : prompt) {
            assertThat(session.read(new int[] {token}, (_, _) -> {})).isTrue();
            single.add(session.logits().clone());
          }
        }
        try (Session session = model.session()) {
          boolean whole =
              session.readFrom(
                  prompt,
                  firstWanted,
                  (position, row) -> {
                    positions.add(position);
                    logits.add(row.clone());
                  },
                  (_, _) -> {});
          assertThat(whole).isTrue();
          assertThat(session.tokens()).isEqualTo(PROMPT_TOKENS);
        }
      }
      assertThat(positions).isEqualTo(IntStream.range(firstWanted, PROMPT_TOKENS).boxed().toList());
      for (int position : positions) {
        assertThat(logits.get(position - firstWanted))
            .as("%s at %d", tiny.name(), position)
            .isEqualTo(single.get(position));
      }
    }
  }

  @Test
  void aPromptThatIsLeftIsWhereItsLastStepEnded() {
    int[] prompt = OpenModels.ints(NARROW.prompt());
    try (LoadedModel model = open(NARROW);
        Session session = model.session()) {
      var progress =
          new Session.Progress() {
            private int read;

            @Override
            public void read(int done, int total) {
              read = done;
            }

            @Override
            public boolean cancelled() {
              return read > 0;
            }
          };
      assertThat(session.readFrom(prompt, 536, (_, _) -> {}, progress)).isFalse();
      assertThat(session.tokens()).isEqualTo(progress.read).isEqualTo(Capacity.CHUNK_TOKENS);
    }
  }

  @Test
  void nothingIsWantedOfAPromptFromBeyondItsEnd() {
    try (LoadedModel model = open(NARROW);
        Session session = model.session()) {
      int[] prompt = {1, 5};
      assertThatThrownBy(() -> session.readFrom(prompt, 2, (_, _) -> {}, (_, _) -> {}))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void anotherContinuationOfTheSameBeginningIsAsIfReadAfresh() {
    int[] prompt = OpenModels.ints(NARROW.prompt());
    int[] other = {7, 9, 11};
    try (LoadedModel model = open(NARROW);
        Session again = model.session();
        Session fresh = model.session()) {
      assertThat(again.read(prompt, (_, _) -> {})).isTrue();
      assertThat(again.truncate(2)).isEqualTo(2);
      assertThat(again.tokens()).isEqualTo(2);
      assertThat(again.read(other, (_, _) -> {})).isTrue();
      int[] whole = {prompt[0], prompt[1], 7, 9, 11};
      assertThat(fresh.read(whole, (_, _) -> {})).isTrue();
      assertThat(again.logits()).isEqualTo(fresh.logits());
    }
  }
}
