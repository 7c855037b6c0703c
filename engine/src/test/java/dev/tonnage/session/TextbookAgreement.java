package dev.tonnage.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tonnage.kernel.Level;
import dev.tonnage.model.TextbookLlama;
import dev.tonnage.model.TinyLlama;
import dev.tonnage.tensor.DType;
import java.nio.file.Path;
import java.util.Arrays;

/** Logits of a tiny model in single precision against the papers', in doubles. */
final class TextbookAgreement {

  /** Of the logits' spread, for numbers that are nowhere rounded but to single precision. */
  private static final double EXACT = 1e-4;

  private TextbookAgreement() {}

  /** Reads the prompt at once, and token by token. */
  static void assertTextbook(TinyLlama tiny, Level level, Path folder) {
    double[][] expected = new TextbookLlama(tiny).logits(tiny.prompt());
    double deviation = deviation(expected);
    try (LoadedModel model =
            OpenModels.open(
                tiny,
                folder,
                OpenModels.settings().withCache(DType.F32, DType.F32).withStreams(2),
                level);
        Session read = model.session();
        Session appended = model.session()) {
      read.readEach(
          OpenModels.ints(tiny.prompt()),
          (position, logits) -> assertClose(tiny, position, logits, expected[position], deviation));
      for (int at = 0; at < expected.length; at++) {
        appended.append(tiny.prompt().get(at));
        assertClose(tiny, at, appended.logits(), expected[at], deviation);
      }
    }
  }

  private static void assertClose(
      TinyLlama tiny, int position, float[] found, double[] expected, double deviation) {
    for (int id = 0; id < expected.length; id++) {
      assertThat(Math.abs(found[id] - expected[id]) / deviation)
          .as("%s: position %d, id %d: %s, %s", tiny, position, id, expected[id], found[id])
          .isLessThan(EXACT);
    }
  }

  /** Root mean square distance from each position's mean. */
  private static double deviation(double[][] logits) {
    double squares = 0;
    int count = 0;
    for (double[] position : logits) {
      double mean = Arrays.stream(position).average().orElseThrow();
      for (double logit : position) {
        squares += (logit - mean) * (logit - mean);
        count++;
      }
    }
    return Math.sqrt(squares / count);
  }
}
