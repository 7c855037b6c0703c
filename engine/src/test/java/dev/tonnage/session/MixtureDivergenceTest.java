package dev.tonnage.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tonnage.file.GgufCheckpoint;
import dev.tonnage.file.SharedFiles;
import dev.tonnage.kernel.KernelChoice;
import dev.tonnage.kernel.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A trained mixture of experts where rounding now and then makes another expert the better one:
 * over a thousand positions, since in a few one such choice decides.
 */
class MixtureDivergenceTest {

  /**
   * What llama.cpp diverges from exact logits of the same tokens, in nats, mean over the positions;
   * bench/peers/divergence.mjs measures it.
   */
  enum Recorded {
    Q8_0("q8_0", 1.652e-4),
    Q4_K_M("q4_k_m", 3.536e-4),
    Q3_K_M("q3_k_m", 3.298e-4),
    Q2_K("q2_k", 3.720e-4);

    private final String format;
    private final double divergence;

    Recorded(String format, double divergence) {
      this.format = format;
      this.divergence = divergence;
    }
  }

  /** How much larger ours may be. */
  private static final double FACTOR = 1.5;

  private static final Map<Recorded, List<float[]>> EXACT = new EnumMap<>(Recorded.class);

  @AfterAll
  static void forget() {
    EXACT.clear();
  }

  static Stream<Arguments> formats() {
    return Stream.of(Recorded.values())
        .flatMap(recorded ->
            KernelChoice.levels().stream()
                .filter(level -> level != Level.SCALAR) // whose logits count as exact
                .map(level -> Arguments.of(recorded, level)));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void itIsLikeTheReferencesOwn(Recorded recorded, Level level) throws IOException {
    Path file = SharedFiles.models().resolve("mini-deepseek-" + recorded.format + ".gguf");
    Path text = SharedFiles.referenceOutputs().resolve("wikitext2-tokens.json");
    assumeTrue(Files.exists(file) && Files.exists(text), "needs " + file + " and " + text);
    List<int[]> chunks = LogitsOfText.chunks(text);
    List<float[]> exact = EXACT.computeIfAbsent(recorded, _ -> exact(file, chunks));
    var sum = new double[1];
    var position = new int[1];
    try (var model = open(file, level)) {
      LogitsOfText.read(
          model, chunks, logits -> sum[0] += divergence(exact.get(position[0]++), logits));
    }
    assertThat(position[0]).isEqualTo(4096);
    assertThat(sum[0] / position[0] / recorded.divergence)
        .as("%s %s", recorded, level)
        .isLessThan(FACTOR);
  }

  /** At the level of the Vector API: 1e-9 from scalar, and faster. */
  private static List<float[]> exact(Path file, List<int[]> chunks) {
    List<float[]> exact = new ArrayList<>();
    try (var model = open(file, Level.VECTOR)) {
      LogitsOfText.read(model, chunks, logits -> exact.add(logits.clone()));
    }
    return exact;
  }

  private static LoadedModel open(Path file, Level level) {
    return OpenModels.open(GgufCheckpoint.open(file), OpenModels.settings(), level);
  }

  private static double divergence(float[] exact, float[] found) {
    double of = logSumExp(exact);
    double against = logSumExp(found);
    double sum = 0;
    for (int id = 0; id < exact.length; id++) {
      double expected = exact[id] - of;
      sum += Math.exp(expected) * (expected - (found[id] - against));
    }
    return sum;
  }

  private static double logSumExp(float[] logits) {
    double most = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      most = Math.max(most, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - most);
    }
    return most + Math.log(sum);
  }
}
