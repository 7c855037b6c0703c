package dev.tonnage.bench;

import dev.tonnage.sample.Dry;
import dev.tonnage.sample.Mirostat;
import dev.tonnage.sample.Penalties;
import dev.tonnage.sample.Sampler;
import dev.tonnage.sample.SamplerSettings;
import dev.tonnage.sample.Truncation;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A token drawn from a vocabulary of Llama 3's size, after a long prompt. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 7, time = 1)
public class SamplerBench {

  /** What is asked for. */
  public enum Chain {
    /** Top-k, top-p, min-p, temperature. */
    DEFAULT,
    /** The greatest. */
    GREEDY,
    /** Everything may be drawn. */
    PLAIN,
    /** The nucleus of the whole vocabulary. */
    TOP_P,
    /** The typical set of the whole vocabulary. */
    TYPICAL,
    /** Of the whole vocabulary. */
    TOP_N_SIGMA,
    /** In place of truncation. */
    MIROSTAT,
    /** The default, after a penalty for every token of the prompt. */
    PENALTIES,
    /** The default, after a search of the whole prompt for repetitions. */
    DRY
  }

  private static final int VOCABULARY = 128_256;
  private static final int PROMPT_TOKENS = 32_768;

  /** The settings. */
  @Param public Chain chain;

  private final float[] logits = new float[VOCABULARY];
  private Sampler sampler;

  /** Logits like a model's: a wide tail, and some tokens that stand out. */
  @Setup
  public void make() {
    var random = new SplittableRandom(1);
    for (int id = 0; id < VOCABULARY; id++) {
      logits[id] = (float) random.nextGaussian(0, 2.5);
    }
    for (int i = 0; i < 20; i++) {
      logits[random.nextInt(VOCABULARY)] = (float) random.nextDouble(12, 20);
    }
    sampler = new Sampler(settings(), VOCABULARY);
    sampler.accept(random.ints(PROMPT_TOKENS, 0, 2000).toArray());
  }

  private SamplerSettings settings() {
    SamplerSettings preset = SamplerSettings.defaults();
    Truncation all = Truncation.NONE;
    return switch (chain) {
      case DEFAULT -> preset;
      case GREEDY -> SamplerSettings.greedy();
      case PLAIN -> preset.withTruncation(all);
      case TOP_P -> preset.withTruncation(all.withTopP(0.95));
      case TYPICAL -> preset.withTruncation(all.withTypicalP(0.95));
      case TOP_N_SIGMA -> preset.withTruncation(all.withTopNSigma(1));
      case MIROSTAT -> preset.withMirostat(Mirostat.VERSION_2);
      case PENALTIES -> preset.withPenalties(Penalties.NONE.withRepeat(1.1).withLastN(-1));
      case DRY -> preset.withDry(Dry.OFF.withMultiplier(0.8).withBreakers(List.of()));
    };
  }

  /** The next token. */
  @Benchmark
  public int next() {
    return sampler.next(logits);
  }
}
