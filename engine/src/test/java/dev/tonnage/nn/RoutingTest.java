package dev.tonnage.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tonnage.nn.Routing.Gate;
import dev.tonnage.nn.Routing.GroupMerit;
import dev.tonnage.nn.Routing.Selection;
import dev.tonnage.nn.Routing.Shares;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Choices by hand. */
class RoutingTest {

  private static final Routing SIGMOID = routing(Gate.SIGMOID, 1, 1, Shares.SUMMING_TO_ONE, 1);

  private static Routing routing(
      Gate gate, int groups, int usedGroups, Shares shares, double scale) {
    return new Routing(
        gate,
        Selection.BIASED_PROBABILITIES,
        groups,
        usedGroups,
        GroupMerit.TWO_BEST,
        shares,
        scale);
  }

  /** The experts, the best first. */
  private static int[] chosen(Routing routing, int used, float[] scores, float... biases) {
    int[] chosen = new int[used];
    routing.choose(scores, biases, chosen, new float[used]);
    return chosen;
  }

  private static float[] shares(Routing routing, int used, float[] scores, float... biases) {
    float[] shares = new float[used];
    routing.choose(scores, biases, new int[used], shares);
    return shares;
  }

  private static List<Integer> ints(int[] numbers) {
    return Arrays.stream(numbers).boxed().toList();
  }

  private static float[] scores(float... scores) {
    return scores;
  }

  private static double sigmoid(double score) {
    return 1 / (1 + Math.exp(-score));
  }

  @Test
  void aBiasMovesTheChoiceAndNotTheShare() {
    float[] scores = {2, 1, 0, -1};
    assertThat(chosen(SIGMOID, 2, scores, 0, 0, 0, 0)).containsExactly(0, 1);
    assertThat(chosen(SIGMOID, 2, scores, -1, 0, 0, 0.5f)).containsExactly(3, 1);
    double sum = sigmoid(-1) + sigmoid(1);
    float[] shares = shares(SIGMOID, 2, scores, -1, 0, 0, 0.5f);
    assertThat((double) shares[0]).isCloseTo(sigmoid(-1) / sum, within(1e-6));
    assertThat((double) shares[1]).isCloseTo(sigmoid(1) / sum, within(1e-6));
  }

  @Test
  void biasesThatMakeAllMeritsNegativeStillChooseTheBest() {
    assertThat(chosen(SIGMOID, 2, scores(0, 0, 0, 0), -3, -2, -5, -2)).containsExactly(1, 3);
  }

  @Test
  void ofEqualMeritsTheFirstAreChosen() {
    assertThat(chosen(SIGMOID, 3, scores(1, 2, 2, 2, 1), 0, 0, 0, 0, 0)).containsExactly(1, 2, 3);
    assertThat(chosen(SIGMOID, 2, scores(0, 0, 0), 0.5f, 0.25f, 0.5f)).containsExactly(0, 2);
  }

  /** Groups {0, 1}, {2, 3}, {4, 5}: the best expert's group has the second best sum. */
  @Test
  void aGroupCountsTheSumOfItsTwoBest() {
    float[] scores = {5, -5, 2, 2, -1, -1};
    float[] none = new float[6];
    Routing one = routing(Gate.SIGMOID, 3, 1, Shares.SUMMING_TO_ONE, 1);
    assertThat(chosen(one, 2, scores, none)).containsExactly(2, 3);
    Routing two = routing(Gate.SIGMOID, 3, 2, Shares.SUMMING_TO_ONE, 1);
    assertThat(chosen(two, 3, scores, none)).containsExactly(0, 2, 3);
  }

  @Test
  void aGroupMayCountItsBestAlone() {
    var best =
        new Routing(
            Gate.SOFTMAX, Selection.PROBABILITIES, 3, 1, GroupMerit.BEST, Shares.AS_THEY_ARE, 1);
    assertThat(chosen(best, 2, new float[] {5, -5, 4, 4, -1, -1}, new float[6]))
        .containsExactly(0, 1);
  }

  @Test
  void ofEqualGroupsTheFirstAreChosen() {
    Routing one = routing(Gate.SIGMOID, 3, 1, Shares.SUMMING_TO_ONE, 1);
    assertThat(chosen(one, 1, scores(1, 3, 3, 1, 1, 1), new float[6])).containsExactly(1);
  }

  /** What is left out has a merit of less than any, not of zero. */
  @Test
  void negativeMeritsInAChosenGroupAreBetterThanAnyInAnother() {
    Routing one = routing(Gate.SIGMOID, 2, 1, Shares.SUMMING_TO_ONE, 1);
    float[] biases = {-2, -2, -2, -5, -5, 0.2f};
    assertThat(chosen(one, 3, scores(0, 0, 0, 0, 0, 0), biases)).containsExactly(0, 1, 2);
  }

  @Test
  void sharesOfSoftmaxAreOfAllExpertsWhereTheyNeedNotSumToOne() {
    Routing routing = routing(Gate.SOFTMAX, 1, 1, Shares.AS_THEY_ARE, 16);
    double sum = Math.exp(1) + Math.exp(2) + Math.exp(3);
    float[] shares = shares(routing, 2, scores(1, 3, 2), 0, 0, 0);
    assertThat((double) shares[0]).isCloseTo(16 * Math.exp(3) / sum, within(1e-5));
    assertThat((double) shares[1]).isCloseTo(16 * Math.exp(2) / sum, within(1e-5));
  }

  @Test
  void probabilitiesOfNearlyNothingHaveFiniteShares() {
    float[] shares = shares(SIGMOID, 2, scores(-200, -200, -300), 0, 0, 0);
    assertThat(shares).doesNotContain(Float.NaN, Float.POSITIVE_INFINITY);
  }

  @Test
  void whatIsNoNumberChoosesExpertsThatThereAre() {
    Routing routing = routing(Gate.SIGMOID, 2, 1, Shares.SUMMING_TO_ONE, 1);
    assertThat(ints(chosen(routing, 2, scores(Float.NaN, 1, Float.NaN, 2), new float[4])))
        .doesNotHaveDuplicates()
        .isSubsetOf(0, 1, 2, 3);
  }
}
