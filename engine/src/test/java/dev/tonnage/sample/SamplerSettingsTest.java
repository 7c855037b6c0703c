package dev.tonnage.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tonnage.error.BadRequest;
import java.util.Collections;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is out of range is refused by the option's name. */
class SamplerSettingsTest {

  private static final double NAN = Double.NaN;

  private static void refused(String option, ThrowingCallable settings) {
    assertThatThrownBy(settings)
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith(option + ": expected a number ");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, Double.NaN, Double.POSITIVE_INFINITY, 1e-10, 1e6})
  void temperatures(double temperature) {
    refused("temperature", () -> SamplerSettings.defaults().withTemperature(temperature));
  }

  @Test
  void truncation() {
    Truncation none = Truncation.NONE;
    refused("top-k", () -> none.withTopK(-1));
    for (double p : new double[] {0, -1, 1.01, NAN}) {
      refused("top-p", () -> none.withTopP(p));
      refused("typical", () -> none.withTypicalP(p));
    }
    for (double p : new double[] {-0.1, 1.1, NAN}) {
      refused("min-p", () -> none.withMinP(p));
    }
    for (double n : new double[] {-1, NAN, Double.POSITIVE_INFINITY}) {
      refused("top-n-sigma", () -> none.withTopNSigma(n));
    }
  }

  @Test
  void penalties() {
    for (double penalty : new double[] {0, -1, NAN, 1e-7, 1e6}) {
      refused("repeat-penalty", () -> Penalties.NONE.withRepeat(penalty));
    }
    for (double penalty : new double[] {NAN, 1e6, Double.NEGATIVE_INFINITY}) {
      refused("presence-penalty", () -> Penalties.NONE.withPresence(penalty));
      refused("frequency-penalty", () -> Penalties.NONE.withFrequency(penalty));
    }
    refused("repeat-last-n", () -> Penalties.NONE.withLastN(-2));
  }

  @Test
  void dry() {
    for (double multiplier : new double[] {-1, NAN, 1e6}) {
      refused("dry-multiplier", () -> Dry.OFF.withMultiplier(multiplier));
    }
    for (double base : new double[] {0.99, NAN, 1e6}) {
      refused("dry-base", () -> Dry.OFF.withBase(base));
    }
    refused("dry-allowed-length", () -> Dry.OFF.withAllowedLength(-1));
    refused("dry-penalty-last-n", () -> Dry.OFF.withLastN(-2));
  }

  @Test
  void xtcAndMirostat() {
    for (double p : new double[] {-0.1, 1.1, NAN}) {
      refused("xtc-probability", () -> new Xtc(p, 0.1));
      refused("xtc-threshold", () -> new Xtc(0.5, p));
    }
    for (int version : new int[] {-1, 1, 3}) {
      refused("mirostat", () -> new Mirostat(version, 5, 0.1));
    }
    for (double number : new double[] {-1, NAN, Double.POSITIVE_INFINITY}) {
      refused("mirostat-ent", () -> Mirostat.OFF.withTargetSurprise(number));
      refused("mirostat-lr", () -> Mirostat.OFF.withLearningRate(number));
    }
  }

  @Test
  void mirostatTakesThePlaceOfTruncationAndStandsBesideNone() {
    SamplerSettings mirostat = SamplerSettings.defaults().withMirostat(Mirostat.VERSION_2);
    assertThat(mirostat.truncation()).isEqualTo(Truncation.NONE);
    notBeside("topK=3", () -> mirostat.withTruncation(Truncation.NONE.withTopK(3)));
    notBeside("xtc-probability 0.5", () -> mirostat.withXtc(new Xtc(0.5, 0.1)));
    notBeside("temperature 0", () -> mirostat.withTemperature(0));
  }

  private static void notBeside(String other, ThrowingCallable settings) {
    assertThatThrownBy(settings)
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("mirostat: expected ")
        .hasMessageContaining(other);
  }

  @Test
  void biases() {
    for (double bias : new double[] {NAN, 1e6, -1e6, Double.POSITIVE_INFINITY}) {
      refused("logit-bias", () -> LogitBias.NONE.with(3, bias));
    }
    assertThatThrownBy(() -> LogitBias.NONE.with(-1, 1))
        .isInstanceOf(BadRequest.class)
        .hasMessage("logit-bias: expected an id of a token, but found -1; correct it");
  }

  @Test
  void breakers() {
    refusedBreakers(List.of("\n", ""), "an empty one");
    refusedBreakers(List.of("ä".repeat(21)), "42 bytes");
    refusedBreakers(Collections.nCopies(65, "x"), "65");
    assertThat(Dry.OFF.withBreakers(List.of("ä".repeat(20))).breakers()).hasSize(1);
    Dry breaking = Dry.OFF.withMultiplier(1);
    SamplerSettings settings = SamplerSettings.defaults().withDry(breaking);
    assertThatThrownBy(() -> new Sampler(settings, 4))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("dry-sequence-breaker: expected none, for the text of tokens");
  }

  private static void refusedBreakers(List<String> breakers, String found) {
    assertThatThrownBy(() -> Dry.OFF.withBreakers(breakers))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("dry-sequence-breaker: expected ")
        .hasMessageContaining("but found " + found);
  }

  @ParameterizedTest
  @CsvSource({
    "top_k;temperature, 'top_k, temperature'",
    "temp;top-p;penalties, 'temperature, top_p, penalties'",
    "' nucleus ; min-p', 'top_p, min_p'",
    "typical;top-n-sigma, 'typ_p, top_n_sigma'",
    "'', ''"
  })
  void anOrderIsReadAsItIsWritten(String written, String read) {
    assertThat(StageName.order(written)).hasToString("[" + read + "]");
  }

  @ParameterizedTest
  @CsvSource({
    "top_k;frobnicate, 'frobnicate'",
    "top_k;, ''",
    "top_k;;temp, ''",
    "'top_k,top_p', 'top_k,top_p'"
  })
  void aStageThatIsNoneIsNamed(String order, String name) {
    assertThatThrownBy(() -> StageName.order(order))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("samplers: expected names from penalties, ")
        .hasMessageContaining("but found '" + name + "'");
  }

  @Test
  void aStageThatIsThereTwiceIsNamed() {
    assertThatThrownBy(() -> StageName.order("top_k;top_p;top-k"))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("samplers: expected each stage once, but found 'top_k' twice");
    List<StageName> twice = List.of(StageName.TOP_P, StageName.TOP_P);
    assertThatThrownBy(() -> SamplerSettings.defaults().withOrder(twice))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("'top_p' twice");
  }
}
