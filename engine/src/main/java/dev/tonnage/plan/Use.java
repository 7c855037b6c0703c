package dev.tonnage.plan;

/**
 * What people do with a model: prompts that are new to it, answers, and how long both may take
 * together. The numbers are this program's own judgement (docs/planning.md).
 */
public enum Use {
  CHAT("chat", 1024, 300, 1, 40, 60),
  CODE("iterating on code", 8192, 600, 1, 60, 240),
  AGENT("agents", 2048, 300, 20, 600, 1800),
  DOCUMENTS("long documents", 32_768, 1000, 1, 300, 1200),
  BATCH("a night's batch", 2048, 500, 1, 8 * 3600 / 400.0, 8 * 3600 / 100.0);

  private final String label;
  private final int promptTokens;
  private final int answerTokens;
  private final int turns;
  private final double goodSeconds;
  private final double fairSeconds;

  Use(
      String label,
      int promptTokens,
      int answerTokens,
      int turns,
      double goodSeconds,
      double fairSeconds) {
    this.label = label;
    this.promptTokens = promptTokens;
    this.answerTokens = answerTokens;
    this.turns = turns;
    this.goodSeconds = goodSeconds;
    this.fairSeconds = fairSeconds;
  }

  /** For people. */
  public String label() {
    return label;
  }

  /** Tokens of the longest context. */
  public int contextTokens() {
    return turns * (promptTokens + answerTokens);
  }

  int promptTokens() {
    return promptTokens;
  }

  int answerTokens() {
    return answerTokens;
  }

  int turns() {
    return turns;
  }

  /** How that many seconds are found. */
  Grade grade(double seconds) {
    return seconds <= goodSeconds ? Grade.GOOD : seconds <= fairSeconds ? Grade.FAIR : Grade.POOR;
  }

  /** How good something is for a use. */
  public enum Grade {
    GOOD,
    FAIR,
    POOR,
    /** It cannot be done. */
    NO,
    /** Nobody measured what would have to be known. */
    UNKNOWN
  }
}
