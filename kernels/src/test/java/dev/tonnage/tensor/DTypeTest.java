package dev.tonnage.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Types, their numbers in a file and their blocks. */
class DTypeTest {

  @ParameterizedTest
  @MethodSource("dev.tonnage.tensor.DType#ofGguf")
  void aTypeIsFoundByItsNumber(DType type) {
    assertThat(DType.ofId(type.id())).contains(type);
    assertThat(DType.withdrawn(type.id())).isEmpty();
  }

  @Test
  void everyNumberUpToTheLastIsATypeOrAWithdrawnOne() {
    Set<Integer> unknown = new HashSet<>();
    for (int id = 0; id <= 40; id++) {
      if (DType.ofId(id).isEmpty() && DType.withdrawn(id).isEmpty()) {
        unknown.add(id);
      }
    }
    assertThat(unknown).isEmpty();
    for (long id : new long[] {-1, 41, 1L << 32, Long.MIN_VALUE, Long.MAX_VALUE}) {
      assertThat(DType.ofId(id)).as("%d", id).isEmpty();
    }
    assertThat(DType.withdrawn(36)).contains("IQ4_NL_4_4");
  }

  /** The numbers that the format's reference implementation recorded with its blocks. */
  @Test
  void blocksHaveTheRecordedSizes() throws IOException {
    Path index =
        Path.of(System.getProperty("tonnage.root", ".."))
            .resolve("../shared/reference-outputs/blocks/index.json");
    Assumptions.assumeTrue(Files.exists(index), "no " + index);
    var entry =
        Pattern.compile(
            "\"(\\w+)\":\\s*\\{\\s*\"ggml_type\":\\s*(\\d+),\\s*\"block\":\\s*(\\d+),"
                + "\\s*\"bytes\":\\s*(\\d+)");
    var found = entry.matcher(Files.readString(index));
    int entries = 0;
    while (found.find()) {
      DType type = DType.valueOf(found.group(1));
      assertThat(type.id()).as("%s", type).isEqualTo(Integer.parseInt(found.group(2)));
      assertThat(type.blockElements()).as("%s", type).isEqualTo(Integer.parseInt(found.group(3)));
      assertThat(type.blockBytes()).as("%s", type).isEqualTo(Integer.parseInt(found.group(4)));
      entries++;
    }
    assertThat(entries).isGreaterThan(20);
  }

  @Test
  void bytesAreCountedInWholeBlocks() {
    assertThat(DType.Q4_K.bytes(512)).isEqualTo(288);
    assertThat(DType.Q8_0.bytes(1L << 40)).isEqualTo((1L << 35) * 34);
    assertThat(DType.Q4_K.bitsPerElement()).isEqualTo(4.5);
    assertThatIllegalArgumentException().isThrownBy(() -> DType.Q4_K.bytes(255));
    assertThatThrownBy(() -> DType.F64.bytes(1L << 61)).isInstanceOf(ArithmeticException.class);
  }
}
