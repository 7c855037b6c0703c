package dev.tonnage.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class DistributionTest {

  @Test
  void quantilesLieOnTheLinesBetweenSortedValues() {
    var values = new Distribution(new double[] {4, 1, 3, 2});
    assertThat(values.quantile(0)).isEqualTo(1);
    assertThat(values.quantile(1)).isEqualTo(4);
    assertThat(values.quantile(0.5)).isEqualTo(2.5);
    assertThat(values.quantile(0.9)).isCloseTo(3.7, within(1e-12));
  }

  @Test
  void oneValueIsAllOfThem() {
    var value = new Distribution(new double[] {7});
    assertThat(value.quantile(0)).isEqualTo(7);
    assertThat(value.quantile(0.999)).isEqualTo(7);
    assertThat(value.quantile(1)).isEqualTo(7);
  }
}
