package dev.tonnage.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tonnage.file.GgufCheckpoint;
import dev.tonnage.kernel.Phase;
import dev.tonnage.model.TinyLlama;
import dev.tonnage.os.Machine;
import dev.tonnage.plan.LoadSettings;
import dev.tonnage.session.LoadedModel;
import dev.tonnage.session.ReadBandwidth;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What follows from times that are made up, and that memory is read between real tokens. */
class BenchRowTest {

  private static final BenchRow.Setting SETTING =
      new BenchRow.Setting(
          new Machine("a CPU", "a system", 2, 8, 8),
          new BenchModel("big.gguf", "llama Q4_K", 5L << 30, 8_030_261_312L, 8192),
          2,
          new CacheTypes("f16", "f16"),
          "vector",
          "vectors, 2 threads",
          "",
          "");

  /**
   * Ten tokens of each of two sequences. A step reads 3 GB of weights and twice 0.5 GB of keys and
   * values: 4 GB, 2 GB a token.
   */
  private static final BenchRow ROW =
      new BenchRow(
          SETTING,
          new BenchTest(Phase.GENERATION, 10, 4096, 2),
          new BenchCost(3_000_000_000L, 500_000_000L, 60_000_000_000L),
          List.of(
              // 4 s: 5 tok/s, 10 GB/s of 20, 15 GMAC/s of 50
              new BenchSample(4_000_000_000L, 1_000_000_000L, 50_000_000L, 50e9),
              // 5 s: 4 tok/s, 8 GB/s of 10, 12 GMAC/s of 60
              new BenchSample(5_000_000_000L, 1_000_000_000L, 100_000_000L, 60e9)),
          3,
          Instant.parse("2026-11-26T01:02:03Z"));

  @Test
  void partsAreOfWhatTheMachineGaveInTheSameRepetition() {
    assertThat(ROW.rate().mean()).isCloseTo(4.5, within(1e-9));
    assertThat(ROW.rate().deviation()).isCloseTo(Math.sqrt(0.5), within(1e-9));
    assertThat(ROW.tokenBytes()).isEqualTo(2e9);
    assertThat(ROW.memoryRate().mean()).isCloseTo(15e9, within(1.0));
    assertThat(ROW.memoryPart().mean()).isCloseTo((0.5 + 0.8) / 2, within(1e-9));
    assertThat(ROW.multiplyAdds().mean()).isCloseTo(13.5e9, within(1.0));
    assertThat(ROW.peakPart().mean()).isCloseTo((0.3 + 0.2) / 2, within(1e-9));
  }

  @Test
  void aTableShowsThemAndHowManyRepetitionsThereWere() {
    var out = new ByteArrayOutputStream();
    var none = new ByteArrayInputStream(new byte[0]);
    var stream = new PrintStream(out, false, StandardCharsets.UTF_8);
    var table =
        new BenchTable(
            new Terminal(none, stream, stream),
            Set.of(BenchTable.Extra.STREAMS),
            List.of("big.gguf"));
    table.print(ROW);
    table.close();
    String line = out.toString(StandardCharsets.UTF_8).lines().toList().get(2);
    assertThat(line.replaceAll(" +", " "))
        .isEqualTo(
            "| big.gguf | 5.00 GiB | 8.03 B | vector | 2 | 2 | tg10 @ d4096 | 4.50 ± 0.71 (2 of 3)"
                + " | 2.25 | 2000.0 | 15.0 | 65% | 13.50 | 25% |");
    assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("not measured");
  }

  @Test
  void aSingleRepetitionDeviatesFromNothing() {
    assertThat(Spread.of(DoubleStream.of(3))).isEqualTo(new Spread(3, 0));
    assertThat(Spread.of(DoubleStream.of(2, 4, 4, 4, 5, 5, 7, 9)).deviation())
        .isCloseTo(Math.sqrt(32.0 / 7), within(1e-12));
  }

  @TempDir private Path folder;

  @Test
  void memoryIsReadBetweenTokensAndItsTimeIsNotTheirs() {
    Path file = folder.resolve("deep.gguf");
    TinyLlama.named("deep").withSizes(new TinyLlama.Sizes(8, 64, 96, 288, 64)).write(file);
    LoadSettings settings = LoadSettings.defaults().withThreads(2).withStreams(3);
    try (LoadedModel model = LoadedModel.open(GgufCheckpoint.open(file), settings)) {
      var memory = ReadBandwidth.of(model, 20_000, 0);
      assertThat(memory).isPresent();
      try (var streams = new BenchStreams(model, memory, () -> false)) {
        var test = new BenchTest(Phase.GENERATION, 5, 7, 3);
        assertThat(streams.prepare(test)).isTrue();
        long begin = System.nanoTime();
        BenchSample sample = streams.repeat(test).orElseThrow();
        long all = System.nanoTime() - begin;
        assertThat(sample.memoryBytes()).isEqualTo(5 * 4 * 20_000);
        assertThat(sample.memoryNanos()).isPositive();
        assertThat(sample.nanos()).isPositive();
        assertThat(sample.nanos() + sample.memoryNanos()).isLessThanOrEqualTo(all);
        // what was appended is forgotten, or the context of 64 would be full before long
        for (int i = 0; i < 30; i++) {
          assertThat(streams.repeat(test)).isPresent();
        }
        var prompt = new BenchTest(Phase.PROMPT, 57, 7, 1);
        assertThat(streams.prepare(prompt)).isTrue();
        assertThat(streams.repeat(prompt).orElseThrow().memoryBytes()).isZero();
        assertThat(streams.repeat(prompt)).isPresent();
      }
    }
  }

  @Test
  void whatIsCancelledIsNoSample() {
    Path file = folder.resolve("cancelled.gguf");
    TinyLlama.named("cancelled").write(file);
    LoadSettings settings = LoadSettings.defaults().withThreads(1);
    try (LoadedModel model = LoadedModel.open(GgufCheckpoint.open(file), settings)) {
      var asked = new AtomicInteger();
      var test = new BenchTest(Phase.GENERATION, 5, 0, 1);
      try (var streams =
          new BenchStreams(model, Optional.empty(), () -> asked.incrementAndGet() > 3)) {
        assertThat(streams.prepare(test)).isTrue();
        assertThat(streams.repeat(test)).isEmpty();
        assertThat(streams.repeat(new BenchTest(Phase.PROMPT, 5, 0, 1))).isEmpty();
        assertThat(streams.prepare(new BenchTest(Phase.PROMPT, 5, 9, 1))).isFalse();
      }
    }
  }
}
