package dev.tonnage.cli;

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

  private static OptionSpec.Builder with(
      Class<?> type, String label, String description, String... names) {
    return OptionSpec.builder(names)
        .type(type)
        .arity("1")
        .paramLabel(label)
        .description(description);
  }
}
