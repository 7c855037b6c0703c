package dev.tonnage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What users say about sampling reaches the sampler, or is refused with a reason. */
final class SamplingOptionsTest {

  private static Outcome run(String... options) {
    List<String> words = new ArrayList<>(List.of("run", "-n", "0", "--json", "Once"));
    words.addAll(List.of(options));
    return Outcome.of(words.toArray(new String[0]));
  }

  private static JsonNode sampling(String... options) {
    Outcome run = run(options);
    assertThat(run.code()).as(run.error()).isZero();
    return run.json().get("sampling");
  }

  private static void refused(String message, String... options) {
    assertThat(run(options)).isEqualTo(new Outcome(2, "", "tonnage: " + message + "\n"));
  }

  @Test
  void withoutOptionsTheDefaultsAreInEffect() {
    assertThat(sampling("--seed", "9"))
        .hasToString(
            """
            {"logitBias":{"byToken":{}},"temperature":0.8,\
            "truncation":{"topNSigma":0.0,"topK":40,"typicalP":1.0,"topP":0.95,"minP":0.05},\
            "penalties":{"repeat":1.0,"presence":0.0,"frequency":0.0,"lastN":64},\
            "dry":{"multiplier":0.0,"base":1.75,"allowedLength":2,"lastN":-1,\
            "breakers":["\\n",":","\\"","*"]},\
            "xtc":{"probability":0.0,"threshold":0.1},\
            "mirostat":{"version":0,"targetSurprise":5.0,"learningRate":0.1},\
            "order":["penalties","dry","top_n_sigma","top_k","typ_p","top_p","min_p","xtc",\
            "temperature"],"seed":9}\
            """);
  }

  @ParameterizedTest
  @CsvSource({
    "--temp 0.5, /temperature, 0.5",
    "--temperature 0, /temperature, 0.0",
    "--top-n-sigma 1.5, /truncation/topNSigma, 1.5",
    "--top-nsigma 1.5, /truncation/topNSigma, 1.5",
    "--top-k 7, /truncation/topK, 7",
    "--typical 0.7, /truncation/typicalP, 0.7",
    "--typical-p 0.7, /truncation/typicalP, 0.7",
    "--top-p 0.7, /truncation/topP, 0.7",
    "--min-p 0.7, /truncation/minP, 0.7",
    "--repeat-penalty 1.1, /penalties/repeat, 1.1",
    "--presence-penalty 0.3, /penalties/presence, 0.3",
    "--presence-penalty -0.3, /penalties/presence, -0.3",
    "--frequency-penalty 0.3, /penalties/frequency, 0.3",
    "--repeat-penalty 1.1 --repeat-last-n -1, /penalties/lastN, -1",
    "--dry-multiplier 0.8, /dry/multiplier, 0.8",
    "--dry-multiplier 0.8 --dry-base 2, /dry/base, 2.0",
    "--dry-multiplier 0.8 --dry-allowed-length 3, /dry/allowedLength, 3",
    "--dry-multiplier 0.8 --dry-penalty-last-n 99, /dry/lastN, 99",
    "--xtc-probability 0.5, /xtc/probability, 0.5",
    "--xtc-probability 0.5 --xtc-threshold 0.2, /xtc/threshold, 0.2",
    "--mirostat 2, /mirostat/version, 2",
    "--mirostat 2, /truncation/topK, 0",
    "--mirostat 2, /truncation/topP, 1.0",
    "--mirostat 2, /truncation/minP, 0.0",
    "--mirostat 2 --mirostat-ent 3, /mirostat/targetSurprise, 3.0",
    "--mirostat 2 --mirostat-lr 0.2, /mirostat/learningRate, 0.2",
    "--mirostat 0 --top-k 5, /truncation/topK, 5",
    "--mirostat 2 --top-k 0 --samplers temp;dry, /mirostat/version, 2",
    "--samplers top_k --min-p 0, /truncation/minP, 0.0",
  })
  void anOptionSetsWhatItNames(String options, String where, String value) {
    assertThat(sampling(options.split(" ", -1)).at(where)).hasToString(value);
  }

  @ParameterizedTest
  @CsvSource({
    "'temperature;top_p', '[\"temperature\",\"top_p\"]'",
    "'top-k; nucleus ;typical;temp', '[\"top_k\",\"top_p\",\"typ_p\",\"temperature\"]'",
    "'', '[]'"
  })
  void anOrderIsWhatItSays(String order, String stages) {
    assertThat(sampling("--samplers", order).get("order")).hasToString(stages);
  }

  @Test
  void breakersAreThoseThatAreGivenAndNoOthers() {
    String[] none = {"--dry-multiplier", "1", "--dry-sequence-breaker", "none"};
    assertThat(sampling(none).at("/dry/breakers")).hasToString("[]");
    String[] some = {
      "--dry-multiplier",
      "1",
      "--dry-sequence-breaker",
      "\\n\\t\\\\\\\"\\'", //
      "--dry-sequence-breaker",
      "User:"
    };
    JsonNode breakers = sampling(some).at("/dry/breakers");
    assertThat(breakers).hasSize(2);
    assertThat(breakers.get(0).asString()).isEqualTo("\n\t\\\"'");
    assertThat(breakers.get(1).asString()).isEqualTo("User:");
  }

  @Test
  void biasesAreReadAsTheyAreWritten() {
    String[] options = {"-l", "261+1.5", "--logit-bias", "7-2e1", "-l", "300-inf", "-l9+.5"};
    assertThat(sampling(options).at("/logitBias/byToken"))
        .hasToString("{\"7\":-20.0,\"9\":0.5,\"261\":1.5,\"300\":\"-Infinity\"}");
  }

  @Test
  void aBannedTokenIsNotDrawn() {
    String[] greedy = {"run", "--temp", "0", "-n", "3", "--json", "Once upon a time"};
    assertThat(Outcome.of(greedy).json().get("ids")).hasToString("[432,383,286]");
    String[] banned = {
      "run", "--temp", "0", "-n", "3", "--json", "-l", "383-inf", "Once upon a time"
    };
    assertThat(Outcome.of(banned).json().get("ids").toString())
        .startsWith("[432,")
        .doesNotContain("383");
  }

  /** What it ate twice, the small model eats a third time, unless DRY forbids it. */
  @Test
  void aRepetitionEndsWhereDryForbidsIt() {
    assertThat(eaten()).isEqualTo(" app");
    assertThat(eaten("--dry-multiplier", "100")).isNotEmpty().isNotEqualTo(" app");
    assertThat(eaten("--dry-multiplier", "100", "--dry-sequence-breaker", "ate an"))
        .isEqualTo(" app");
  }

  private static String eaten(String... options) {
    List<String> words = new ArrayList<>(List.of("run", "--temp", "0", "-n", "2"));
    words.addAll(List.of(options));
    words.add("He ate an apple. He ate an apple. He ate an");
    return Outcome.of(words.toArray(new String[0])).out();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "5",
        "+5",
        "x+1",
        "5*2",
        "5+",
        "5+x",
        "5+nan",
        "-5+1",
        "5+0x1p3",
        "9999999999+1"
      })
  void aBiasOfAnotherFormIsRefused(String bias) {
    refused(
        "--logit-bias: expected a token's id, + or -, and a number, as 15043+1 or 15043-inf, but"
            + " found '"
            + bias
            + "'; correct it",
        "--logit-bias=" + bias);
  }

  @Test
  void biasesThatCannotBeAreRefused() {
    refused(
        "--logit-bias: expected each token once, but found 5 twice; correct it",
        "-l",
        "5+1",
        "-l",
        "5-1");
    refused(
        "logit-bias: expected a number such as 1.5, or -inf, but found Infinity; correct it",
        "-l",
        "5+inf");
    refused(
        "logit-bias: expected a token's id from 0 to 511, but found 512; ids of another model do"
            + " not fit this one",
        "-l",
        "512+1");
  }

  @Test
  void valuesOutOfRangeAreRefused() {
    refused("top-k: expected a number at least 0, but found -1; correct it", "--top-k", "-1");
    refused(
        "typical: expected a number above 0, up to 1, but found 0.0; correct it", "--typical", "0");
    refused(
        "mirostat: expected a number that is 0 or 2, but found 1; correct it", "--mirostat", "1");
    refused(
        "temperature: expected a number that is 0 or at least 1.0E-9, but found -1.0; correct it",
        "--temp",
        "-1");
    refused(
        "dry-base: expected a number from 1, but found 0.5; correct it",
        "--dry-multiplier",
        "1",
        "--dry-base",
        "0.5");
  }

  @Test
  void stagesThatAreNoneOrThereTwiceAreRefused() {
    refused(
        "samplers: expected names from penalties, dry, top_n_sigma, top_k, typ_p, top_p, min_p,"
            + " xtc, temperature, but found 'top'; join them by semicolons",
        "--samplers",
        "top_k;top");
    refused(
        "samplers: expected each stage once, but found 'top_k' twice; leave out one of them",
        "--samplers",
        "top_k;top-k");
  }

  @Test
  void breakersThatCannotBeAreRefused() {
    refused(
        "--dry-sequence-breaker: expected 'none' alone, or texts, but found both; correct it",
        "--dry-multiplier",
        "1",
        "--dry-sequence-breaker",
        "none",
        "--dry-sequence-breaker",
        "x");
    for (String breaker : new String[] {"\\q", "x\\"}) {
      refused(
          "--dry-sequence-breaker: expected \\n, \\r, \\t, \\\\, \\\" or \\' after a backslash, but"
              + " found "
              + breaker
              + "; correct it",
          "--dry-multiplier",
          "1",
          "--dry-sequence-breaker",
          breaker);
    }
    refused(
        "dry-sequence-breaker: expected a text of 1 to 40 bytes in UTF-8, but found an empty one;"
            + " correct it",
        "--dry-multiplier",
        "1",
        "--dry-sequence-breaker=");
  }

  @ParameterizedTest
  @CsvSource({
    "--repeat-last-n 5, --repeat-penalty or --presence-penalty or --frequency-penalty",
    "--dry-base 2, --dry-multiplier",
    "--dry-allowed-length 2, --dry-multiplier",
    "--dry-penalty-last-n 2, --dry-multiplier",
    "--dry-sequence-breaker x, --dry-multiplier",
    "--xtc-threshold 0.2, --xtc-probability",
    "--mirostat-ent 2, --mirostat",
    "--mirostat-lr 0.2, --mirostat",
  })
  void whatOnlyTunesIsRefusedAlone(String options, String other) {
    String[] words = options.split(" ", -1);
    refused(
        words[0]
            + ": expected "
            + other
            + " beside it, but found it alone; add one or leave it out",
        words);
  }

  @ParameterizedTest
  @CsvSource({
    "--top-n-sigma 1, --top-n-sigma",
    "--top-k 5, --top-k",
    "--typical-p 0.5, --typical-p",
    "--top-p 0.5, --top-p",
    "--min-p 0.5, --min-p",
    "--xtc-probability 0.5, --xtc-probability",
    "--samplers top_p;temp, --samplers with top_p",
  })
  void mirostatIsRefusedBesideWhatItTakesThePlaceOf(String options, String found) {
    String[] words = ("--mirostat 2 " + options).split(" ", -1);
    refused(
        "--mirostat 2: expected no truncation and no XTC beside it, whose place it takes, but found "
            + found
            + "; leave out one of them",
        words);
  }

  @Test
  void mirostatIsRefusedWhereNothingIsDrawn() {
    refused(
        "mirostat: expected a temperature above 0, for nothing is drawn at 0, but found temperature"
            + " 0; leave out one of them",
        "--mirostat",
        "2",
        "--temp",
        "0");
  }

  @ParameterizedTest
  @CsvSource({
    "--temp 0.5, --temperature, temperature",
    "--repeat-penalty 1.5, --repeat-penalty, penalties",
    "--frequency-penalty 0.5, --frequency-penalty, penalties",
    "--dry-multiplier 1, --dry-multiplier, dry",
    "--top-n-sigma 1, --top-n-sigma, top_n_sigma",
    "--top-p 0.5, --top-p, top_p",
    "--min-p 0.5, --min-p, min_p",
    "--typical 0.5, --typical-p, typ_p",
    "--xtc-probability 0.5, --xtc-probability, xtc",
  })
  void anOptionOfAStageThatIsLeftOutIsRefused(String options, String option, String stage) {
    String[] words = ("--samplers top_k " + options).split(" ", -1);
    refused(
        option
            + ": expected "
            + stage
            + " among --samplers beside it, but found --samplers top_k;"
            + " add it or leave out "
            + option,
        words);
  }
}
