package dev.tonnage.kernel.x86;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tonnage.os.ExecutableMemory.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What the processor says of itself, against what Linux makes of it. */
class CpuFeaturesTest {

  private static final Map<Feature, List<String>> NAMES =
      Map.of(
          Feature.AVX2, List.of("avx2"),
          Feature.FMA, List.of("fma"),
          Feature.F16C, List.of("f16c"),
          Feature.AVX512, List.of("avx512f", "avx512bw", "avx512dq", "avx512vl"),
          Feature.AVX512_VNNI, List.of("avx512_vnni"),
          Feature.AVX512_BF16, List.of("avx512_bf16"),
          Feature.AVX_VNNI, List.of("avx_vnni"));

  @Test
  void theProcessorIsWhatLinuxSaysItIs() throws IOException, Refused {
    Path cpus = Path.of("/proc/cpuinfo");
    Assumptions.assumeTrue(Files.isReadable(cpus), "no " + cpus);
    String flags =
        Files.readAllLines(cpus).stream()
            .filter(line -> line.startsWith("flags"))
            .findFirst()
            .orElse("");
    Assumptions.assumeTrue(flags.contains("lm"), "no x86-64");
    Set<String> words = Set.copyOf(Arrays.asList(flags.split("\\s+", -1)));
    EnumSet<Feature> expected = EnumSet.noneOf(Feature.class);
    NAMES.forEach((feature, names) -> {
      if (words.containsAll(names)) {
        expected.add(feature);
      }
    });
    assertThat(CpuFeatures.here().features()).isEqualTo(expected);
  }

  @Test
  void othersCanBeMadeUp() {
    CpuFeatures small = CpuFeatures.of(Feature.AVX2, Feature.FMA);
    assertThat(small.has(Feature.AVX2, Feature.FMA)).isTrue();
    assertThat(small.has(Feature.AVX2, Feature.AVX512)).isFalse();
    assertThat(small.without(Feature.FMA).features()).containsExactly(Feature.AVX2);
  }
}
