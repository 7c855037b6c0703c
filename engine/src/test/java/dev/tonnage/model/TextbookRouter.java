package dev.tonnage.model;

import dev.tonnage.model.TinyLlama.ExpertChoice;
import dev.tonnage.model.TinyLlama.ExpertChoice.Norm;
import dev.tonnage.model.TinyLlama.Experts;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What experts count, as written down: Shazeer et al. (2017); of groups and biases DeepSeek-AI,
 * "DeepSeek-V3" (2024), where a group counts the sum of its two best.
 */
final class TextbookRouter {

  private static final int SIGMOID = 2;

  private TextbookRouter() {}

  /**
   * Of one token.
   *
   * @param scores [E]
   * @param biases for the choice alone, [E], or null
   * @return [E], 0 where an expert is not chosen
   */
  static double[] shares(TinyLlama model, double[] scores, double[] biases) {
    Experts experts = model.experts();
    ExpertChoice choice = experts.choice();
    boolean isUnsaid = choice.gate() == 0 && model.architecture().equals("glm4moe");
    double[] probabilities =
        choice.gate() == SIGMOID || isUnsaid
            ? Arrays.stream(scores).map(score -> 1 / (1 + Math.exp(-score))).toArray()
            : softmax(scores);
    double[] merits = probabilities.clone();
    for (int i = 0; i < merits.length && biases != null; i++) {
      merits[i] += biases[i];
    }
    List<Integer> chosen =
        IntStream.range(0, merits.length)
            .filter(expert ->
                choice.groups() < 2
                    || groups(choice, merits).contains(group(choice, merits, expert)))
            .boxed()
            .sorted(Comparator.comparingDouble(expert -> -merits[expert]))
            .limit(experts.used())
            .toList();
    boolean isUnsaidSum =
        choice.equals(ExpertChoice.SOFTMAX) || model.architecture().equals("minimax-m2");
    boolean sumsToOne = choice.norm() == Norm.SUM_OF_ONE || isUnsaidSum;
    double sum = sumsToOne ? chosen.stream().mapToDouble(e -> probabilities[e]).sum() : 1;
    double scale = choice.scale() == 0 ? 1 : choice.scale();
    double[] shares = new double[scores.length];
    chosen.forEach(expert -> shares[expert] = probabilities[expert] / sum * scale);
    return shares;
  }

  private static int group(ExpertChoice choice, double[] merits, int expert) {
    return expert / (merits.length / choice.groups());
  }

  private static List<Integer> groups(ExpertChoice choice, double[] merits) {
    int size = merits.length / choice.groups();
    return IntStream.range(0, choice.groups())
        .boxed()
        .sorted(Comparator.comparingDouble(group -> -twoBest(merits, group * size, size)))
        .limit(choice.usedGroups())
        .toList();
  }

  private static double twoBest(double[] merits, int from, int size) {
    double[] own = Arrays.copyOfRange(merits, from, from + size);
    Arrays.sort(own);
    return own[size - 1] + own[size - 2];
  }

  private static double[] softmax(double[] scores) {
    double sum = Arrays.stream(scores).map(Math::exp).sum();
    return Arrays.stream(scores).map(score -> Math.exp(score) / sum).toArray();
  }
}
