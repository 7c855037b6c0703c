package dev.tonnage.cli;

import dev.tonnage.error.BadRequest;
import dev.tonnage.sample.LogitBias;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.OptionSpec;

/** The option that makes tokens more or less probable. */
final class LogitBiasOption {

  private static final Pattern FORM =
      Pattern.compile("(\\d{1,9})([+-])(inf|\\d+\\.?\\d*(?:[eE][+-]?\\d+)?|\\.\\d+)");

  private final OptionSpec biases =
      Options.repeated(
          "ID+X",
          "Add X to the logit of a token, as in 15043+1 or 15043-0.5; 15043-inf bans it. May be"
              + " given several times.",
          "-l",
          "--logit-bias");

  OptionSpec option() {
    return biases;
  }

  LogitBias logitBias() {
    LogitBias bias = LogitBias.NONE;
    for (String written : Options.given(biases, new String[0])) {
      Matcher form = FORM.matcher(written);
      if (!form.matches()) {
        throw refused(
            "a token's id, + or -, and a number, as 15043+1 or 15043-inf", "'" + written + "'");
      }
      int id = Integer.parseInt(form.group(1));
      if (bias.byToken().containsKey(id)) {
        throw refused("each token once", id + " twice");
      }
      String number = form.group(3).equals("inf") ? "Infinity" : form.group(3);
      bias = bias.with(id, Double.parseDouble(form.group(2) + number));
    }
    return bias;
  }

  private static BadRequest refused(String expected, String found) {
    return new BadRequest("--logit-bias", expected, found, "correct it");
  }
}
