package dev.tonnage.cli;

import dev.tonnage.kernel.Phase;
import dev.tonnage.model.Dimensions;
import dev.tonnage.nn.Cost;
import dev.tonnage.plan.Capacity;
import dev.tonnage.session.LoadedModel;

/**
 * What a model has to read and to multiply for a test, from its shapes.
 *
 * @param weightBytes weights that a step of generation reads, once for all its sequences
 * @param cacheBytes keys and values that a sequence's token reads, on average over the test
 * @param multiplyAdds of all tokens of the test together
 */
record BenchCost(long weightBytes, long cacheBytes, long multiplyAdds) {

  static BenchCost of(LoadedModel model, BenchTest test) {
    Cost token = model.tokenCost();
    Cost logits = model.logitsCost();
    long withLogits =
        switch (test.phase()) {
          case PROMPT -> Math.ceilDiv(test.tokens(), Capacity.CHUNK_TOKENS);
          case GENERATION -> test.tokens();
        };
    Dimensions dimensions = model.dimensions();
    long seen = dimensions.seenTokens(test.depth(), test.tokens());
    long ofStream =
        test.tokens() * token.multiplyAdds()
            + withLogits * logits.multiplyAdds()
            + seen * dimensions.attentionMultiplyAdds();
    return new BenchCost(
        token.weightBytes() + logits.weightBytes(),
        seen * model.cacheLayers().tokenBytes() / dimensions.layers() / test.tokens(),
        test.streams() * ofStream);
  }

  /** What a step of generation reads. */
  long stepBytes(BenchTest test) {
    return weightBytes + test.streams() * cacheBytes;
  }

  /** What a generated token's share of that is. */
  double tokenBytes(BenchTest test) {
    return test.phase() == Phase.GENERATION
        ? (double) stepBytes(test) / test.streams()
        : Double.NaN;
  }
}
