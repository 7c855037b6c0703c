package dev.tonnage.plan;

import dev.tonnage.plan.Use.Grade;
import java.util.Locale;

/**
 * Whether a model on a machine is good for a use.
 *
 * @param use what for
 * @param grade how good
 * @param reason why, with numbers
 */
public record Verdict(Use use, Grade grade, String reason) {

  /** The night of {@link Use#BATCH}. */
  private static final int NIGHT_SECONDS = 8 * 3600;

  /** Of a model that sees fewer tokens than a use wants. */
  static Verdict ofShort(Use use, int trainedTokens) {
    return new Verdict(
        use,
        Grade.NO,
        "it attends to " + trainedTokens + " tokens, this wants " + use.contextTokens());
  }

  /**
   * Of a plan for as many tokens as the use wants.
   *
   * @param plan with the use's context
   */
  static Verdict of(Use use, Plan plan) {
    if (!plan.memory().fits()) {
      return new Verdict(use, Grade.NO, "it does not fit");
    }
    return plan.speed()
        .map(speed -> of(use, speed))
        .orElse(new Verdict(use, Grade.UNKNOWN, "nothing was measured of this engine there"));
  }

  private static Verdict of(Use use, Speed speed) {
    double prompts = 0;
    double answers = 0;
    int depth = 0;
    for (int turn = 0; turn < use.turns(); turn++) {
      prompts += speed.promptSeconds(depth, use.promptTokens()).orElse(Double.NaN);
      depth += use.promptTokens();
      answers += use.answerTokens() / speed.tokensPerSecond(depth, 1).likely();
      depth += use.answerTokens();
    }
    if (Double.isNaN(prompts)) {
      Grade atBest = use.grade(answers);
      return new Verdict(
          use,
          atBest == Grade.POOR ? Grade.POOR : Grade.UNKNOWN,
          "answers alone take "
              + Durations.text(answers)
              + "; how fast it reads prompts was not measured");
    }
    return new Verdict(use, use.grade(prompts + answers), reason(use, prompts, answers));
  }

  private static String reason(Use use, double prompts, double answers) {
    if (use == Use.BATCH) {
      return String.format(
          Locale.ROOT,
          "%.0f answers of %d tokens to prompts of %d in 8 h, one after the other",
          NIGHT_SECONDS / (prompts + answers),
          use.answerTokens(),
          use.promptTokens());
    }
    return String.format(
        Locale.ROOT,
        "%s%d tokens to read take %s, %d to answer %s",
        use.turns() == 1 ? "" : "in " + use.turns() + " turns ",
        use.turns() * use.promptTokens(),
        Durations.text(prompts),
        use.turns() * use.answerTokens(),
        Durations.text(answers));
  }
}
