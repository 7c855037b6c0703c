package dev.tonnage.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The judge is judged by published tables, and by a coin that is not fair. */
class ChiSquareTest {

  /** Abramowitz and Stegun 1964, table 26.8. */
  @ParameterizedTest
  @CsvSource({
    "1, 3.84146, 0.05", "1, 10.828, 0.001", "2, 5.99147, 0.05", "3, 16.266, 0.001",
    "10, 18.3070, 0.05", "10, 29.588, 0.001", "11, 4.57481, 0.95", "30, 59.703, 0.001"
  })
  void tailsAreThoseOfTheTables(int degrees, double square, double tail) {
    assertThat(ChiSquare.exceeded(square, degrees)).isCloseTo(tail, within(tail * 3e-4));
  }

  @Test
  void aFairDieIsBelievedAndALoadedOneIsNot() {
    double[] fair = new double[6];
    Arrays.fill(fair, 1 / 6.0);
    var random = new SplittableRandom(2);
    int[] counts = new int[6];
    int[] loaded = new int[6];
    for (int i = 0; i < 100_000; i++) {
      counts[random.nextInt(6)]++;
      loaded[random.nextInt(50) == 0 ? 5 : random.nextInt(6)]++;
    }
    assertThat(ChiSquare.probability(fair, counts)).isGreaterThan(0.001);
    assertThat(ChiSquare.probability(fair, loaded)).isLessThan(ChiSquare.IMPROBABLE);
  }

  @Test
  void whatCannotBeDrawnIsNeverDrawn() {
    assertThat(ChiSquare.probability(new double[] {1, 0}, new int[] {100_000, 1})).isZero();
  }
}
