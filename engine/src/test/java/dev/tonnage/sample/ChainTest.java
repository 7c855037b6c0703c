package dev.tonnage.sample;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tonnage.sample.Textbook.Token;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Stages happen in the order that the settings say, and the others not at all. */
class ChainTest {

  @Test
  void anyStagesInAnyOrderLeaveWhatTheTextbookLeaves() {
    long seed = 43;
    var random = new SplittableRandom(seed);
    for (int round = 0; round < 2000; round++) {
      float[] logits = RandomLogits.draw(random);
      SamplerSettings settings = settings(random, bias(random, logits));
      var sampler = new Sampler(settings, logits.length, id -> Textbook.text(id).getBytes(UTF_8));
      List<Integer> history = new ArrayList<>();
      random.ints(random.nextInt(12), 0, Math.min(3, logits.length)).forEach(history::add);
      history.forEach(sampler::accept);
      for (int step = 0; step < 3; step++) {
        List<Token> left = Textbook.biased(Textbook.tokens(logits), settings.logitBias());
        for (StageName stage : settings.order()) {
          left = Textbook.apply(stage, left, settings, history);
        }
        String description =
            "seed %d, round %d: %s of %s after %s"
                .formatted(seed, round, settings, Arrays.toString(logits), history);
        Comparison.assertSame(description, sampler.narrow(logits), left);
        int drawn = sampler.next(logits);
        assertThat(left).as(description).extracting(Token::id).contains(drawn);
        history.add(drawn);
      }
    }
  }

  /** Up to three biases, but never one that bans the last token that may be drawn. */
  private static LogitBias bias(SplittableRandom random, float... logits) {
    LogitBias bias = LogitBias.NONE;
    for (int i = random.nextInt(4); i > 0; i--) {
      int id = random.nextInt(logits.length);
      double ban = random.nextBoolean() ? Double.NEGATIVE_INFINITY : random.nextDouble(-9, 9);
      LogitBias more = bias.with(id, ban);
      bias = Textbook.biased(Textbook.tokens(logits), more).isEmpty() ? bias : more;
    }
    return bias;
  }

  private static SamplerSettings settings(SplittableRandom random, LogitBias bias) {
    List<StageName> order = new ArrayList<>(StageName.DEFAULT_ORDER);
    if (random.nextBoolean()) {
      Collections.shuffle(order, new Random(random.nextLong()));
      order = order.subList(0, random.nextInt(order.size() + 1));
    }
    return SamplerSettings.defaults()
        .withLogitBias(bias)
        .withTemperature(random.nextInt(6) == 0 ? 0 : random.nextDouble(0.1, 3))
        .withTruncation(
            new Truncation(
                random.nextInt(3) == 0 ? random.nextDouble(0, 4) : 0,
                random.nextInt(3) == 0 ? random.nextInt(1, 50) : 0,
                random.nextInt(3) == 0 ? random.nextDouble(0.01, 1) : 1,
                random.nextBoolean() ? random.nextDouble(0.01, 1) : 1,
                random.nextBoolean() ? random.nextDouble(0, 1) : 0))
        .withPenalties(
            new Penalties(
                random.nextDouble(0.5, 2),
                random.nextInt(2),
                random.nextDouble(0.5),
                random.nextInt(-1, 6)))
        .withDry(
            Dry.OFF
                .withMultiplier(random.nextInt(3))
                .withAllowedLength(random.nextInt(3))
                .withLastN(random.nextInt(-1, 9)))
        .withXtc(new Xtc(random.nextInt(4) == 0 ? 1 : 0, random.nextDouble(0.6)))
        .withOrder(order)
        .withSeed(random.nextLong());
  }

  /**
   * Everything at the ends of its range: a quotient, a product or a sum may overflow, a logit not.
   */
  @Test
  void extremeSettingsLeaveTokensThatMayBeDrawn() {
    long seed = 47;
    var random = new SplittableRandom(seed);
    double[] rates = {1e-6, 0.5, 1, 999_999};
    double[] sums = {-999_999, 0, 999_999};
    for (int round = 0; round < 2000; round++) {
      float[] logits = RandomLogits.draw(random);
      List<StageName> order = new ArrayList<>(StageName.DEFAULT_ORDER);
      Collections.shuffle(order, new Random(random.nextLong()));
      SamplerSettings settings =
          new SamplerSettings(
              LogitBias.NONE.with(0, any(random, sums)),
              any(random, 0, 1e-9, 1, 999_999),
              new Truncation(
                  any(random, 0, 1e-9, 999_999),
                  random.nextInt(2) * Integer.MAX_VALUE,
                  any(random, Double.MIN_VALUE, Math.nextDown(1.0), 1),
                  any(random, Double.MIN_VALUE, Math.nextDown(1.0), 1),
                  any(random, 0, Double.MIN_VALUE, 1)),
              new Penalties(any(random, rates), any(random, sums), any(random, sums), -1),
              new Dry(any(random, 0, 999_999), any(random, 1, 999_999), 0, -1, List.of()),
              new Xtc(any(random, 0, 1), any(random, 0, Double.MIN_VALUE, 1)),
              Mirostat.OFF,
              order,
              0);
      var sampler = new Sampler(settings, logits.length);
      random.ints(200, 0, Math.min(3, logits.length)).forEach(sampler::accept);
      for (int step = 0; step < 5; step++) {
        String description = "seed %d, round %d: %s".formatted(seed, round, settings);
        Candidates left = sampler.narrow(logits);
        assertThat(left.size()).as(description).isPositive();
        for (int i = 0; i < left.size(); i++) {
          assertThat(left.logit(i)).as(description).isFinite();
        }
        assertThat(left.softmax().total()).as(description).isBetween(1.0, 40.0);
        assertThat(logits[sampler.next(logits)]).as(description).isFinite();
      }
    }
  }

  private static double any(SplittableRandom random, double... values) {
    return values[random.nextInt(values.length)];
  }

  @Test
  void theOrderMakesADifference() {
    float[] logits = {3, 2, 1};
    SamplerSettings settings =
        SamplerSettings.defaults().withTemperature(4).withTruncation(Truncation.NONE.withMinP(0.5));
    assertThat(left(settings, "min_p;temperature", logits)).containsExactly(0);
    assertThat(left(settings, "temperature;min_p", logits)).containsExactly(0, 1, 2);
  }

  @Test
  void aStageThatIsLeftOutDoesNotHappen() {
    float[] logits = {3, 2, 1};
    SamplerSettings settings = SamplerSettings.greedy().withTruncation(Truncation.NONE.withTopK(2));
    assertThat(left(settings, "top_k;temperature", logits)).containsExactly(0);
    assertThat(left(settings, "top_k", logits)).containsExactly(0, 1);
    assertThat(left(settings, "", logits)).containsExactly(0, 1, 2);
  }

  private static List<Integer> left(SamplerSettings settings, String order, float... logits) {
    SamplerSettings ordered = settings.withOrder(StageName.order(order));
    return Comparison.ids(new Sampler(ordered, logits.length).narrow(logits));
  }
}
