package dev.tonnage.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.BadRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplerTest {

  private static final int[] NO_HISTORY = {};

  @Test
  void greedyTakesTheLowestIdAmongEquals() {
    assertThat(greedy(1, 3, 3, 2)).isEqualTo(1);
    assertThat(greedy(-5, -5, -5)).isZero();
    assertThat(greedy(-0f, 0f)).isZero();
    assertThat(greedy(0f, -0f)).isZero();
    assertThat(greedy(Float.NaN, Float.NEGATIVE_INFINITY, -3e38f, Float.NaN)).isEqualTo(2);
  }

  private static int greedy(float... logits) {
    return new Sampler(SamplerSettings.greedy(), logits.length).next(logits, NO_HISTORY, 0);
  }

  @Test
  void everyStageKeepsWhatItsDefinitionKeeps() {
    long seed = 41;
    var random = new SplittableRandom(seed);
    for (int round = 0; round < 4000; round++) {
      float[] logits = randomLogits(random);
      SamplerSettings settings = randomSettings(random);
      int[] history = random.ints(random.nextInt(9), 0, logits.length).toArray();
      int length = random.nextInt(history.length + 1);
      double[] expected = probabilities(settings, logits, history, length);
      var sampler = new Sampler(settings, logits.length);
      Set<Integer> drawn = new HashSet<>();
      for (int draw = 0; draw < 20; draw++) {
        drawn.add(sampler.next(logits, history, length));
      }
      for (int id : drawn) {
        assertThat(expected[id])
            .as(
                "seed %d, round %d: id %d of %s with %s after %s",
                seed, round, id, Arrays.toString(logits), settings, Arrays.toString(history))
            .isPositive();
      }
      for (int id = 0; id < logits.length; id++) {
        if (expected[id] > 0.9) { // not drawn in 20 draws: one in 10^20
          assertThat(drawn).as("seed %d, round %d", seed, round).contains(id);
        }
      }
    }
  }

  /** Each stage alone, and all together, against exact probabilities. */
  @Test
  void drawsAreAsFrequentAsTheyAreProbable() {
    float[] logits = {1, 2.5f, -1, 2.5f, 0, 3, Float.NEGATIVE_INFINITY, Float.NaN, 1.5f, 2, -4, 2};
    int[] history = {5, 3, 10, 5, 5};
    SamplerSettings[] all = {
      new SamplerSettings(1, 0, 1, 0, 1, 0, 7),
      new SamplerSettings(0.6, 0, 1, 0, 1, 0, 7),
      new SamplerSettings(2.5, 0, 1, 0, 1, 0, 7),
      new SamplerSettings(1, 5, 1, 0, 1, 0, 7),
      new SamplerSettings(1, 0, 0.8, 0, 1, 0, 7),
      new SamplerSettings(1, 0, 1, 0.2, 1, 0, 7),
      new SamplerSettings(1, 0, 1, 0, 1.7, -1, 7),
      new SamplerSettings(1, 0, 1, 0, 1.7, 2, 7),
      new SamplerSettings(0.8, 8, 0.95, 0.05, 1.1, 3, 7)
    };
    for (SamplerSettings settings : all) {
      int draws = 100_000;
      double[] expected = probabilities(settings, logits, history, history.length);
      int[] counts = new int[logits.length];
      var sampler = new Sampler(settings, logits.length);
      for (int i = 0; i < draws; i++) {
        counts[sampler.next(logits, history, history.length)]++;
      }
      double square = 0;
      for (int id = 0; id < counts.length; id++) {
        if (expected[id] == 0) {
          assertThat(counts[id]).as("%s: id %d", settings, id).isZero();
        } else {
          double mean = draws * expected[id];
          square += (counts[id] - mean) * (counts[id] - mean) / mean;
        }
      }
      // 31.3 is exceeded once in a thousand with ten degrees of freedom, less often with fewer
      assertThat(square)
          .as("%s: chi-square of %s", settings, Arrays.toString(counts))
          .isLessThan(31.3);
    }
  }

  @Test
  void theSameSeedDrawsTheSameTokens() {
    float[] logits = new float[50];
    var random = new SplittableRandom(3);
    for (int id = 0; id < logits.length; id++) {
      logits[id] = (float) random.nextDouble();
    }
    assertThat(draws(logits, 11)).isEqualTo(draws(logits, 11)).isNotEqualTo(draws(logits, 12));
  }

  private static List<Integer> draws(float[] logits, long seed) {
    var sampler = new Sampler(new SamplerSettings(1, 40, 0.95, 0.05, 1, 0, seed), logits.length);
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      ids.add(sampler.next(logits, NO_HISTORY, 0));
    }
    return ids;
  }

  /** An unchanged array: who looks at the logits afterwards sees the model's. */
  @Test
  void theLogitsStayAsTheyWere() {
    float[] logits = {1, 2, 3, Float.NaN};
    new Sampler(new SamplerSettings(1, 2, 0.9, 0.1, 2, -1, 0), 4)
        .next(logits, new int[] {0, 1, 2}, 3);
    assertThat(logits).containsExactly(1, 2, 3, Float.NaN);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1e-300, 1e-6, 1, 1e5})
  void logitsThatAreNoNumbersAreAnErrorAndNoEndlessSearch(double temperature) {
    float[][] hostile = {
      {Float.NaN, Float.NaN, Float.NaN},
      {Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY},
      {Float.NEGATIVE_INFINITY, Float.NaN},
      {1, Float.POSITIVE_INFINITY, 2},
      {Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY}
    };
    for (float[] logits : hostile) {
      for (SamplerSettings settings :
          new SamplerSettings[] {
            new SamplerSettings(temperature, 0, 1, 0, 1, 0, 0),
            new SamplerSettings(temperature, 2, 0.5, 0.3, 1.2, -1, 0),
            new SamplerSettings(temperature, 0, 1, 1, 1, 0, 0)
          }) {
        assertThatThrownBy(
                () -> new Sampler(settings, logits.length).next(logits, new int[] {1}, 1))
            .as("%s with %s", Arrays.toString(logits), settings)
            .isInstanceOf(BadFile.class)
            .hasMessageContaining("logits");
      }
    }
  }

  @Test
  void extremeTemperaturesDrawTheGreatestOrAnything() {
    float[] logits = {-3e38f, 1, 1.0001f, 3e38f};
    for (double temperature : new double[] {Double.MIN_VALUE, 1e-300, 1e-30}) {
      var sampler = new Sampler(new SamplerSettings(temperature, 0, 1, 0, 1, 0, 5), 4);
      for (int i = 0; i < 50; i++) {
        assertThat(sampler.next(logits, NO_HISTORY, 0)).isEqualTo(3);
      }
    }
  }

  @Test
  void settingsOutOfRangeAreBadRequestsThatNameTheOption() {
    refused("temperature", -0.1, 0, 1, 0, 1, 0);
    refused("temperature", Double.NaN, 0, 1, 0, 1, 0);
    refused("temperature", Double.POSITIVE_INFINITY, 0, 1, 0, 1, 0);
    refused("top-k", 1, -1, 1, 0, 1, 0);
    refused("top-p", 1, 0, 0, 0, 1, 0);
    refused("top-p", 1, 0, 1.01, 0, 1, 0);
    refused("top-p", 1, 0, Double.NaN, 0, 1, 0);
    refused("min-p", 1, 0, 1, -0.1, 1, 0);
    refused("min-p", 1, 0, 1, 1.1, 1, 0);
    refused("repeat-penalty", 1, 0, 1, 0, 0, 0);
    refused("repeat-penalty", 1, 0, 1, 0, Double.NaN, 0);
    refused("repeat-last-n", 1, 0, 1, 0, 1, -2);
  }

  private static void refused(
      String option, double temp, int topK, double topP, double minP, double penalty, int lastN) {
    assertThatThrownBy(() -> new SamplerSettings(temp, topK, topP, minP, penalty, lastN, 0))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith(option + ": expected a number");
  }

  /** The stages by their definitions, one after the other over plain lists. */
  private static double[] probabilities(
      SamplerSettings settings, float[] logits, int[] history, int length) {
    double[] changed = new double[logits.length];
    List<Integer> ids = new ArrayList<>();
    for (int id = 0; id < logits.length; id++) {
      changed[id] = logits[id];
      if (!Float.isNaN(logits[id])) {
        ids.add(id);
      }
    }
    int from = settings.repeatLastN() < 0 ? 0 : Math.max(0, length - settings.repeatLastN());
    Set<Integer> repeated = new HashSet<>();
    for (int i = from; i < length; i++) {
      repeated.add(history[i]);
    }
    for (int id : repeated) {
      double by = settings.repeatPenalty();
      changed[id] = (float) (changed[id] > 0 ? changed[id] / by : changed[id] * by);
    }
    ids.sort((a, b) ->
        changed[a] == changed[b] ? Integer.compare(a, b) : Double.compare(changed[b], changed[a]));
    double greatest = changed[ids.getFirst()];
    if (settings.temperature() == 0) {
      ids = ids.subList(0, 1);
    } else {
      if (settings.topK() > 0) {
        ids = ids.subList(0, Math.min(settings.topK(), ids.size()));
      }
      if (settings.topP() < 1) {
        double total = ids.stream().mapToDouble(id -> Math.exp(changed[id] - greatest)).sum();
        double sum = 0;
        int keep = 0;
        while (keep < ids.size() && sum < settings.topP() * total) {
          sum += Math.exp(changed[ids.get(keep++)] - greatest);
        }
        ids = ids.subList(0, keep);
      }
      if (settings.minP() > 0) {
        float least = (float) (greatest + Math.log(settings.minP()));
        ids = ids.stream().filter(id -> changed[id] >= least).toList();
      }
    }
    double temperature = settings.temperature() == 0 ? 1 : settings.temperature();
    double total =
        ids.stream().mapToDouble(id -> Math.exp((changed[id] - greatest) / temperature)).sum();
    double[] probabilities = new double[logits.length];
    for (int id : ids) {
      probabilities[id] = Math.exp((changed[id] - greatest) / temperature) / total;
    }
    return probabilities;
  }

  /** Few values, so that there are ties; some that are no numbers; at least one that is. */
  private static float[] randomLogits(SplittableRandom random) {
    float[] logits = new float[random.nextInt(1, 40)];
    int kind = random.nextInt(5);
    for (int id = 0; id < logits.length; id++) {
      logits[id] =
          switch (kind) {
            case 0 -> (float) random.nextGaussian(0, 4);
            case 1 -> random.nextInt(-3, 4);
            case 2 -> 2.5f;
            case 3 -> random.nextBoolean() ? -0f : 0f;
            default ->
                switch (random.nextInt(3)) {
                  case 0 -> Float.NaN;
                  case 1 -> Float.NEGATIVE_INFINITY;
                  default -> (float) random.nextGaussian(0, 1e3);
                };
          };
    }
    logits[random.nextInt(logits.length)] = random.nextInt(4);
    return logits;
  }

  private static SamplerSettings randomSettings(SplittableRandom random) {
    return new SamplerSettings(
        random.nextInt(4) == 0 ? 0 : random.nextDouble(0.1, 3),
        random.nextInt(3) == 0 ? random.nextInt(1, 50) : 0,
        random.nextInt(3) == 0 ? random.nextDouble(0.01, 1) : 1,
        random.nextInt(3) == 0 ? random.nextDouble(0, 1) : 0,
        random.nextInt(3) == 0 ? random.nextDouble(0.5, 2) : 1,
        random.nextInt(-1, 6),
        random.nextLong());
  }
}
