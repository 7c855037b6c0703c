package dev.tonnage.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tonnage.kernel.KernelChoice;
import dev.tonnage.kernel.Level;
import dev.tonnage.model.TinyLlama;
import dev.tonnage.model.TinyLlamas;
import dev.tonnage.plan.LoadSettings;
import dev.tonnage.tensor.DType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sequences so long that blocks which windows have left are given back. */
class LongWindowTest {

  private static final int TOKENS = 1400;

  private static final TinyLlama LONG = lengthened(TinyLlamas.GPT_OSS.model());

  @TempDir private static Path folder;

  private static TinyLlama lengthened(TinyLlama tiny) {
    var sizes = tiny.sizes();
    return tiny.withName("gpt-oss-long")
        .withSizes(
            new TinyLlama.Sizes(
                sizes.layers(), sizes.hidden(), sizes.feedForward(), sizes.vocabulary(), 2048))
        .withPromptTokens(TOKENS);
  }

  /** What has no integers in between, so that the textbook's numbers can be asked for. */
  static Stream<Level> levels() {
    return List.copyOf(KernelChoice.levels()).stream();
  }

  @ParameterizedTest
  @MethodSource("levels")
  void logitsAreTheTextbooks(Level level) {
    TextbookAgreement.assertTextbook(LONG, level, folder);
  }

  @ParameterizedTest
  @MethodSource("levels")
  void howeverMuchIsForgottenAndReadAgainTheBitsAreTheSame(Level level) {
    int[] prompt = OpenModels.ints(LONG.prompt());
    LoadSettings settings =
        OpenModels.settings().withCache(DType.F16, DType.F16).withContext(2048).withStreams(2);
    try (LoadedModel model = OpenModels.open(LONG, folder, settings, level);
        Session session = model.session()) {
      assertThat(session.read(prompt, (_, _) -> {})).isTrue();
      float[] expected = session.logits().clone();
      for (int keep : new int[] {TOKENS - 1, TOKENS - 1000, 10, 0}) {
        int kept = session.truncate(keep);
        assertThat(kept).isEqualTo(TOKENS - keep <= 1024 ? keep : 0);
        assertThat(session.read(Arrays.copyOfRange(prompt, kept, TOKENS), (_, _) -> {})).isTrue();
        assertThat(session.logits()).isEqualTo(expected);
      }
      try (Session fork = session.fork()) {
        fork.append(7);
        session.append(7);
        assertThat(fork.logits()).isEqualTo(session.logits());
      }
    }
  }
}
