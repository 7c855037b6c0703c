package dev.tonnage.kernel;

import java.util.List;

/**
 * What a model asks of a compute at most: enough to know its scratch before anything is computed.
 *
 * @param inputs what weights are multiplied with, at least one
 * @param group query heads that share a key/value head
 * @param keyWidth numbers of a key
 * @param valueWidth numbers of a value
 * @param blockTokens tokens of a block of the cache
 * @param contextTokens tokens that attention may go over
 */
public record Demand(
    List<Inputs> inputs,
    int group,
    int keyWidth,
    int valueWidth,
    int blockTokens,
    int contextTokens) {

  /**
   * Rows that are multiplied at once.
   *
   * @param rows of a step at most
   * @param columns numbers of each
   */
  public record Inputs(int rows, int columns) {}

  public Demand {
    inputs = List.copyOf(inputs);
  }

  /** The most columns of any weight. */
  int widest() {
    return inputs.stream().mapToInt(Inputs::columns).max().orElseThrow();
  }
}
