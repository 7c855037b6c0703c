package dev.tonnage.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tonnage.kernel.Level;
import dev.tonnage.model.Dimensions;
import dev.tonnage.model.TinyLlama;
import dev.tonnage.model.TinyLlamas;
import dev.tonnage.model.TinyStorage;
import dev.tonnage.nn.Cost;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a token reads and multiplies, against numbers worked out by hand from the shapes. */
class CostTest {

  /** Two layers of 64, 96 inside the feed-forward, 4 heads of 16 that share 2, 288 tokens, F32. */
  private static final TinyLlama MODEL = TinyLlama.named("cost");

  /** 64·64 queries, 2 times 64·32 keys and values, 64·64 outputs, 3 times 64·96. */
  private static final long LAYER = 4096 + 2 * 2048 + 4096 + 3 * 6144;

  /** Two norms of 64 in each of two layers. */
  private static final long NORMS = 2 * 2 * 64;

  @TempDir private static Path folder;

  private static void costs(TinyLlama tiny, Cost token, Cost logits) {
    try (LoadedModel model = OpenModels.open(tiny, folder, OpenModels.settings(), Level.SCALAR)) {
      assertThat(model.tokenCost()).isEqualTo(token);
      assertThat(model.logitsCost()).isEqualTo(logits);
    }
  }

  @Test
  void aTokenReadsARowOfTheEmbeddingAndAllLayersAndItsLogitsTheOutput() {
    costs(
        MODEL,
        new Cost(4 * (64 + NORMS + 2 * LAYER), 2 * LAYER),
        new Cost(4 * (64 + 288 * 64), 288 * 64));
  }

  @Test
  void anEmbeddingThatIsTheOutputIsReadWhole() {
    costs(
        MODEL.withName("cost-tied").withOutput(TinyLlama.Output.TIED),
        new Cost(4 * (64 + NORMS + 2 * LAYER), 2 * LAYER),
        new Cost(4 * (64 + 288 * 64), 288 * 64));
  }

  /** Halves take two bytes; of Q8_0, 32 numbers take 34. Norms stay floats. */
  @Test
  void bytesAreThoseOfTheStoredFormat() {
    costs(
        MODEL.withName("cost-f16").withStorage(TinyStorage.F16),
        new Cost(2 * (64 + 2 * LAYER) + 4 * NORMS, 2 * LAYER),
        new Cost(2 * 288 * 64 + 4 * 64, 288 * 64));
    costs(
        MODEL.withName("cost-q8").withStorage(TinyStorage.Q8_0),
        new Cost((64 + 2 * LAYER) / 32 * 34 + 4 * NORMS, 2 * LAYER),
        new Cost(288 * 64 / 32 * 34 + 4 * 64, 288 * 64));
  }

  @Test
  void biasesAreReadAndMultiplyNothing() {
    long biases = 2 * (64 + 32 + 32);
    costs(
        MODEL.withName("cost-biases").withExtra(Set.of(TinyLlama.Extra.QUERY_KEY_VALUE_BIASES)),
        new Cost(4 * (64 + NORMS + 2 * LAYER + biases), 2 * LAYER),
        new Cost(4 * (64 + 288 * 64), 288 * 64));
  }

  /** Of 8 experts of 96 a token reads 3, and the router's 8 rows. */
  @Test
  void ofExpertsTheChosenOnesAreRead() {
    long layer = LAYER - 3 * 6144 + 8 * 64 + 3 * 3 * 64 * 96;
    costs(
        MODEL.withName("cost-experts").withExperts(new TinyLlama.Experts(8, 3, 96)),
        new Cost(4 * (64 + NORMS + 2 * layer), 2 * layer),
        new Cost(4 * (64 + 288 * 64), 288 * 64));
  }

  @Test
  void normsOfHeadsAreReadAndMultiplyNothing() {
    long norms = 2 * (16 + 16);
    costs(
        MODEL
            .withName("cost-head-norms")
            .withExtra(Set.of(TinyLlama.Extra.HEAD_NORMS))
            .withArchitecture("qwen3"),
        new Cost(4 * (64 + NORMS + 2 * LAYER + norms), 2 * LAYER),
        new Cost(4 * (64 + 288 * 64), 288 * 64));
  }

  /** Four heads, whose query meets a key of 16 and whose weight meets a value of 16. */
  @Test
  void attentionMultipliesForEachTokenItSees() {
    try (LoadedModel model = OpenModels.open(MODEL, folder, OpenModels.settings(), Level.SCALAR)) {
      assertThat(model.dimensions().attentionMultiplyAdds()).isEqualTo(4 * (16 + 16));
    }
  }

  @Test
  void aTokenSeesNoFurtherThanItsWindow() {
    try (LoadedModel model =
        OpenModels.open(TinyLlamas.GPT_OSS.model(), folder, OpenModels.settings(), Level.SCALAR)) {
      Dimensions dimensions = model.dimensions();
      for (int depth : new int[] {0, 5, 11, 12, 13, 40}) {
        for (int tokens : new int[] {1, 2, 7, 30}) {
          long seen = 0;
          for (int position = depth; position < depth + tokens; position++) {
            seen += 2 * (position + 1) + 2 * Math.min(position + 1, 12);
          }
          assertThat(dimensions.seenTokens(depth, tokens)).isEqualTo(seen);
        }
      }
    }
  }
}
