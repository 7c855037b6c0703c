package dev.tonnage.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The build runs these tests at several widths: here it is seen whether it did. */
@Tag("width")
class WidthTest {

  @Test
  void vectorsAreAsNarrowAsTheBuildAsked() {
    Integer most = Integer.getInteger("tonnage.width.most");
    Assumptions.assumeTrue(most != null, "the widest vectors of this machine");
    String architecture = System.getProperty("os.arch");
    Assumptions.assumeTrue(
        architecture.equals("amd64") || architecture.equals("x86_64"),
        "only x86-64 has flags for the width");
    int bits = FloatVector.SPECIES_PREFERRED.vectorBitSize();
    assertThat(bits).isLessThanOrEqualTo(most);
    assertThat(Samples.VECTOR.description()).isEqualTo("Vector API, " + bits + " bits");
  }
}
