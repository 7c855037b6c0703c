package dev.tonnage.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tonnage.model.TinyLlama;
import dev.tonnage.session.LoadedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class KlDivergenceTest {

  @TempDir private static Path folder;

  private static DivergenceReport measured() {
    try (LoadedModel model = Recorded.open(Recorded.OTHER, folder);
        var reader = new KlBaseReader(Recorded.base(folder))) {
      reader.requireSame(Recorded.chunks(model), 301, Recorded.CHUNKS);
      var divergence = new KlDivergence(reader, Recorded.CHUNKS);
      Recorded.read(model, Recorded.CHUNKS, divergence);
      return divergence.report();
    }
  }

  /** Six digits are printed, of percentages three behind the point. */
  private static void assertRecorded(String key, Estimate found, double digit) {
    JsonNode expected = Recorded.json("divergence.json").get(key);
    double relative = 1e-6 * Math.abs(expected.get(0).asDouble());
    assertThat(found.value())
        .as(key)
        .isCloseTo(expected.get(0).asDouble(), within(relative + digit));
    assertThat(found.error())
        .as(key)
        .isCloseTo(expected.get(1).asDouble(), within(relative + digit));
  }

  private static void assertRecorded(String key, Distribution found, double digit) {
    for (Map.Entry<String, JsonNode> quantile :
        Recorded.json("divergence.json").get(key).properties()) {
      assertThat(found.quantile(Double.parseDouble(quantile.getKey())))
          .as("%s: %s", key, quantile.getKey())
          .isCloseTo(quantile.getValue().asDouble(), within(digit));
    }
  }

  @Test
  void everyStatisticIsTheReferences() {
    DivergenceReport report = measured();
    assertThat(report.scored()).isEqualTo(Recorded.SCORED);
    assertRecorded("ppl", report.perplexity(), 1e-6);
    assertRecorded("basePpl", report.basePerplexity(), 1e-6);
    assertThat(report.correlation()).isCloseTo(0.9819, within(5e-5));
    assertRecorded("lnPplRatio", report.logRatio(), 1e-6);
    assertRecorded("pplRatio", report.ratio(), 1e-6);
    assertRecorded("pplDifference", report.difference(), 1e-6);
    assertRecorded("kld", report.divergence(), 1e-6);
    assertRecorded("kldQuantiles", report.divergences(), 2e-6);
    assertRecorded("deltaP", report.shift(), 6e-6);
    assertRecorded("deltaPRms", report.rootMeanSquareShift(), 6e-6);
    assertRecorded("deltaPQuantiles", report.shifts(), 6e-6);
    assertRecorded("sameTop", report.sameTop(), 6e-6);
  }

  /** Definitions written down once more, over the unrounded log-probabilities of both models. */
  @Test
  void itIsCloseToTheDivergenceOfTheUnroundedProbabilities() {
    List<double[]> base = probabilities(Recorded.ODD);
    List<double[]> other = probabilities(Recorded.OTHER);
    double sum = 0;
    for (int at = 0; at < base.size(); at++) {
      for (int id = 0; id < base.get(at).length; id++) {
        double p = base.get(at)[id];
        sum += p * Math.log(p / other.get(at)[id]);
      }
    }
    assertThat(measured().divergence().value())
        .isCloseTo(sum / base.size(), within(2e-4)); // steps of 16 bits over a range of 16
  }

  private static List<double[]> probabilities(TinyLlama tiny) {
    List<double[]> all = new ArrayList<>();
    try (LoadedModel model = Recorded.open(tiny, folder)) {
      Recorded.read(
          model,
          Recorded.CHUNKS,
          (chances, _) -> {
            double[] row = new double[chances.vocabulary()];
            for (int id = 0; id < row.length; id++) {
              row[id] = Math.exp(chances.logProbability(id));
            }
            all.add(row);
          });
    }
    return all;
  }

  @Test
  void aModelDoesNotDifferFromItself() {
    Path file = folder.resolve("own.logits");
    try (LoadedModel model = Recorded.open(Recorded.OTHER, folder)) {
      try (var writer = new KlBaseWriter(file, Recorded.chunks(model), 301, 2)) {
        Recorded.read(model, 2, writer);
        writer.finish();
      }
      try (var reader = new KlBaseReader(file)) {
        var divergence = new KlDivergence(reader, 2);
        Recorded.read(model, 2, divergence);
        DivergenceReport report = divergence.report();
        assertThat(report.divergence().value()).isCloseTo(0, within(1e-4));
        assertThat(report.sameTop()).isEqualTo(new Estimate(1, 0));
        assertThat(report.shifts().quantile(1)).isCloseTo(0, within(1e-4));
      }
    }
  }
}
