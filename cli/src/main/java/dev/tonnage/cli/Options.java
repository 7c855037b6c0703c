package dev.tonnage.cli;

import dev.tonnage.error.BadRequest;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.OptionSpec;

/** The kinds of options. */
final class Options {

  private Options() {}

  /** One that is there or not. */
  static OptionSpec flag(String description, String... names) {
    return OptionSpec.builder(names)
        .type(boolean.class)
        .arity("0")
        .defaultValue("false")
        .description(description)
        .build();
  }

  /** One with a value, which is {@code null} where the user gives none. */
  static OptionSpec value(Class<?> type, String label, String description, String... names) {
    return with(type, label, description, names).build();
  }

  /** One with a value where the user gives none. */
  static OptionSpec preset(
      Class<?> type, String label, String preset, String description, String... names) {
    return with(type, label, description, names).defaultValue(preset).build();
  }

  /** One that may be given several times; its value is an array of strings, or {@code null}. */
  static OptionSpec repeated(String label, String description, String... names) {
    return with(String[].class, label, description, names).build();
  }

  /** One with values between commas, which may be given several times; still to be built. */
  static OptionSpec.Builder list(
      Class<?> arrayType, String label, String description, String... names) {
    return with(arrayType, label, description, names).splitRegex(",");
  }

  /** What the user gave, or else this. */
  static <T> T given(OptionSpec option, T otherwise) {
    return isGiven(option) ? option.<T>getValue() : otherwise;
  }

  static boolean isGiven(OptionSpec option) {
    return option.getValue() != null;
  }

  /**
   * Refuses an option that says how where nobody says that.
   *
   * @param tuning means nothing unless one of the others is given
   * @throws BadRequest if it is given alone
   */
  static void requireBeside(OptionSpec tuning, OptionSpec... others) {
    if (isGiven(tuning) && Arrays.stream(others).noneMatch(Options::isGiven)) {
      String names =
          Arrays.stream(others).map(OptionSpec::longestName).collect(Collectors.joining(" or "));
      throw new BadRequest(
          tuning.longestName(), names + " beside it", "it alone", "add one or leave it out");
    }
  }

  private static OptionSpec.Builder with(
      Class<?> type, String label, String description, String... names) {
    return OptionSpec.builder(names)
        .type(type)
        .arity("1")
        .paramLabel(label)
        .description(description);
  }
}
