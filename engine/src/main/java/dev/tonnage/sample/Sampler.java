package dev.tonnage.sample;

import dev.tonnage.error.BadFile;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Draws the next token. The stages, in this order: repetition penalty, top-k, top-p, min-p,
 * temperature, draw. Truncation looks at probabilities before temperature, as in llama.cpp.
 *
 * <p>The same settings, logits and history give the same tokens. For one sequence.
 */
public final class Sampler {

  private final SamplerSettings settings;
  private final SplittableRandom random;
  private final Candidates candidates;
  private final float[] penalised;

  /**
   * @param vocabulary number of logits
   */
  public Sampler(SamplerSettings settings, int vocabulary) {
    this.settings = settings;
    this.random = new SplittableRandom(settings.seed());
    this.candidates = new Candidates(vocabulary);
    this.penalised = new float[vocabulary];
  }

  /**
   * The next token.
   *
   * @param logits one for each token of the vocabulary
   * @param history tokens so far, the prompt included
   * @param length how many of {@code history} count
   * @throws BadFile if no logit is a number: the weights are damaged
   */
  public int next(float[] logits, int[] history, int length) {
    for (int i = 0; i < logits.length; i++) {
      penalised[i] = Float.isNaN(logits[i]) ? Float.NEGATIVE_INFINITY : logits[i];
    }
    penaliseRepetition(history, length);
    if (settings.temperature() == 0) {
      return greatest();
    }
    candidates.reset(penalised);
    boolean sorts = settings.topK() > 0 || settings.topP() < 1;
    if (sorts) {
      candidates.keepGreatest(settings.topK() > 0 ? settings.topK() : penalised.length);
      topP();
    }
    minP();
    return draw();
  }

  private int greatest() {
    int best = 0;
    for (int i = 1; i < penalised.length; i++) {
      if (penalised[i] > penalised[best]) {
        best = i;
      }
    }
    requireNumber(penalised[best]);
    return best;
  }

  /** Keskar et al. 2019: a token counts once, however often it was repeated. */
  private void penaliseRepetition(int[] history, int length) {
    if (settings.repeatPenalty() == 1 || settings.repeatLastN() == 0) {
      return;
    }
    int back = settings.repeatLastN() < 0 ? length : Math.min(length, settings.repeatLastN());
    Set<Integer> seen = new HashSet<>();
    for (int i = length - back; i < length; i++) {
      if (seen.add(history[i])) {
        float logit = penalised[history[i]];
        penalised[history[i]] =
            (float)
                (logit > 0 ? logit / settings.repeatPenalty() : logit * settings.repeatPenalty());
      }
    }
  }

  /** Nucleus sampling (Holtzman et al. 2020), over candidates that are sorted. */
  private void topP() {
    if (settings.topP() >= 1) {
      return;
    }
    double greatest = candidates.logit(0);
    double total = 0;
    for (int i = 0; i < candidates.size(); i++) {
      total += Math.exp(candidates.logit(i) - greatest);
    }
    double sum = 0;
    for (int i = 0; i < candidates.size(); i++) {
      sum += Math.exp(candidates.logit(i) - greatest);
      if (sum >= settings.topP() * total) {
        candidates.truncate(i + 1);
        return;
      }
    }
  }

  /** Nguyen et al. 2024: p ≥ minP · p of the most probable, in logits. */
  private void minP() {
    if (settings.minP() > 0) {
      candidates.keepAtLeast((float) (greatestLogit() + Math.log(settings.minP())));
    }
  }

  private int draw() {
    double greatest = greatestLogit();
    requireNumber((float) greatest);
    double total = 0;
    for (int i = 0; i < candidates.size(); i++) {
      total += weight(i, greatest);
    }
    double point = random.nextDouble() * total;
    double sum = 0;
    int last = 0;
    for (int i = 0; i < candidates.size(); i++) {
      double weight = weight(i, greatest);
      if (weight > 0) {
        last = i;
        sum += weight;
        if (sum > point) {
          break;
        }
      }
    }
    return candidates.id(last);
  }

  private double weight(int index, double greatest) {
    return Math.exp((candidates.logit(index) - greatest) / settings.temperature());
  }

  private float greatestLogit() {
    float greatest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < candidates.size(); i++) {
      greatest = Math.max(greatest, candidates.logit(i));
    }
    return greatest;
  }

  private static void requireNumber(float greatest) {
    if (!Float.isFinite(greatest)) {
      throw new BadFile(
          "logits",
          "finite numbers",
          greatest == Float.POSITIVE_INFINITY ? "an infinite one" : "none",
          "the model's weights are damaged, or overflow: download it again");
    }
  }
}
