package dev.tonnage.cli;

import dev.tonnage.error.BadRequest;
import dev.tonnage.sample.Dry;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Model.OptionSpec;

/** The options of penalties for repeated sequences. */
final class DryOptions {

  private static final Dry PRESET = Dry.OFF;

  /** What users say for no breakers at all. */
  private static final String NONE = "none";

  private final OptionSpec multiplier =
      Options.value(
          Double.class,
          "X",
          "Penalty for continuing a repeated sequence (DRY). Default: off, 0.",
          "--dry-multiplier");

  private final OptionSpec base =
      Options.value(
          Double.class,
          "X",
          "How DRY's penalty grows with each token. Default: " + PRESET.base() + ".",
          "--dry-base");

  private final OptionSpec allowedLength =
      Options.value(
          Integer.class,
          "N",
          "Repeated tokens that DRY allows. Default: " + PRESET.allowedLength() + ".",
          "--dry-allowed-length");

  private final OptionSpec lastN =
      Options.value(
          Integer.class,
          "N",
          "How far back DRY looks; -1: all. Default: " + PRESET.lastN() + ".",
          "--dry-penalty-last-n");

  private final OptionSpec breakers =
      Options.repeated(
          "TEXT",
          "No repetition reaches across TEXT; may be given several times; 'none' for no such text."
              + " Default: \\n : \" *",
          "--dry-sequence-breaker");

  List<OptionSpec> options() {
    return List.of(multiplier, base, allowedLength, lastN, breakers);
  }

  Dry dry() {
    var dry =
        new Dry(
            Options.given(multiplier, PRESET.multiplier()),
            Options.given(base, PRESET.base()),
            Options.given(allowedLength, PRESET.allowedLength()),
            Options.given(lastN, PRESET.lastN()),
            Options.isGiven(breakers) ? texts(breakers.getValue()) : PRESET.breakers());
    for (OptionSpec tuning : List.of(base, allowedLength, lastN, breakers)) {
      Options.requireBeside(tuning, multiplier);
    }
    return dry;
  }

  private static List<String> texts(String... given) {
    List<String> texts = List.of(given);
    if (!texts.contains(NONE)) {
      return Arrays.stream(given).map(DryOptions::unescaped).toList();
    }
    if (texts.size() > 1) {
      throw refused("'none' alone, or texts", "both");
    }
    return List.of();
  }

  /** Shells have no good way to write a line break. */
  private static String unescaped(String text) {
    var plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char next = text.charAt(i);
      if (next == '\\') {
        char escaped = ++i < text.length() ? text.charAt(i) : ' ';
        next =
            switch (escaped) {
              case 'n' -> '\n';
              case 'r' -> '\r';
              case 't' -> '\t';
              case '\\', '"', '\'' -> escaped;
              default -> throw refused("\\n, \\r, \\t, \\\\, \\\" or \\' after a backslash", text);
            };
      }
      plain.append(next);
    }
    return plain.toString();
  }

  private static BadRequest refused(String expected, String found) {
    return new BadRequest("--dry-sequence-breaker", expected, found, "correct it");
  }
}
