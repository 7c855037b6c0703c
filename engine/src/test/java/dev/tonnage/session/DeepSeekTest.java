package dev.tonnage.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tonnage.kernel.Level;
import dev.tonnage.model.TinyLlama;
import dev.tonnage.model.TinyLlama.ExpertChoice;
import dev.tonnage.model.TinyLlama.ExpertChoice.Norm;
import dev.tonnage.model.TinyLlama.Experts;
import dev.tonnage.model.TinyLlama.Heads;
import dev.tonnage.model.TinyLlama.Latent;
import dev.tonnage.model.TinyLlama.Latent.Matrices;
import dev.tonnage.model.TinyLlama.Rope;
import dev.tonnage.model.TinyLlama.Scaling;
import dev.tonnage.model.TinyLlamas;
import dev.tonnage.model.TinyStorage;
import dev.tonnage.nn.Cost;
import dev.tonnage.plan.LoadSettings;
import dev.tonnage.tensor.DType;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Latent attention and its mixtures in variants that the reference has no files of. */
class DeepSeekTest {

  private static final TinyLlama MODEL = TinyLlamas.DEEPSEEK_V3.model();

  @TempDir private static Path folder;

  /** The textbook makes every head's keys and values of every token's latent. */
  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.KernelChoice#levels")
  void absorbedEqualsTextbook(Level level) {
    TinyLlama other = MODEL.withSeed(7);
    textbook(other.withName("latent-both").withLatent(new Latent(24, 40, Matrices.BOTH)), level);
    textbook(other.withName("one-head").withHeads(new Heads(1, 1, 24, 20)), level);
    textbook(other.withName("seven-heads").withHeads(new Heads(7, 1, 9, 3)), level);
    textbook(other.withName("wide-latent").withLatent(new Latent(0, 96, Matrices.APART)), level);
    textbook(
        other
            .withName("aligned")
            .withHeads(new Heads(13, 1, 48, 32))
            .withRope(new Rope(10000, 16, new Scaling.Yarn(8, 32, 1, 0.1f), List.of()))
            .withLatent(new Latent(32, 64, Matrices.JOINED)),
        level);
  }

  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.KernelChoice#levels")
  void expertsAreAddedAsWrittenDown(Level level) {
    TinyLlama other = MODEL.withSeed(8);
    textbook(other.withName("none-shared").withExperts(experts(2, 3, 0, 1)), level);
    textbook(other.withName("all-mixtures").withExperts(experts(2, 3, 1, 0)), level);
    textbook(other.withName("all-dense").withExperts(experts(1, 3, 1, 3)), level);
    textbook(other.withName("wide-shared").withExperts(experts(1, 4, 3, 2)), level);
    textbook(other.withName("one-used").withExperts(experts(2, 1, 1, 1)), level);
  }

  private static Experts experts(int gate, int used, int shared, int leadingDense) {
    return new Experts(
        12,
        used,
        24,
        new ExpertChoice(gate, 4, 2, Norm.SUM_OF_ONE, 1.7f, 0.2, shared, leadingDense));
  }

  private static void textbook(TinyLlama tiny, Level level) {
    TextbookAgreement.assertTextbook(tiny, level, folder);
  }

  /** A latent of 40 and a key of 8 that turns, in each of three layers, and nothing else. */
  @Test
  void aTokenLeavesOneLatentInEachLayer() {
    for (DType type : List.of(DType.F16, DType.F32)) {
      LoadSettings settings = OpenModels.settings().withCache(type, type);
      try (LoadedModel model = OpenModels.open(MODEL, folder, settings, Level.SCALAR)) {
        assertThat(model.cacheLayers().tokenBytes()).isEqualTo(3 * type.bytes(48));
      }
    }
  }

  /** Of the cache 4 heads meet keys of 8 + 40 and values of 40, in three layers. */
  @Test
  void attentionMultipliesForEachTokenItSees() {
    try (LoadedModel model = OpenModels.open(MODEL, folder, OpenModels.settings(), Level.SCALAR)) {
      assertThat(model.dimensions().attentionMultiplyAdds()).isEqualTo(4 * (48 + 40));
      assertThat(model.dimensions().seenTokens(10, 2)).isEqualTo(3 * (11 + 12));
    }
  }

  /** Of 12 experts of 40 a token reads 3, the shared one, the router, and no bias. */
  @Test
  void aTokenReadsTheSharedExpertAndTheChosenOnes() {
    long attention = 64 * 24 + 24 * 4 * 24 + 64 * 48 + 4 * 40 * 16 + 4 * 20 * 40 + 4 * 20 * 64;
    long matrices = 3 * attention + 3 * 64 * 96 + 2 * (12 * 64 + 4 * 3 * 64 * 40);
    long norms = 3 * (64 + 24 + 40 + 64);
    try (LoadedModel model = OpenModels.open(MODEL, folder, OpenModels.settings(), Level.SCALAR)) {
      assertThat(model.tokenCost()).isEqualTo(new Cost(4 * (64 + norms + matrices), matrices));
    }
  }

  /** What makes keys is copied the other way round: 4 heads of 16 by 40 in three layers. */
  @Test
  void theCopyOfJoinedMatricesIsPlanned() {
    long copied = 3 * 4 * 16 * 40;
    TinyLlama joined = TinyLlamas.DEEPSEEK_V3_JOINED.model();
    assertThat(weightBytesBeyondTheFiles(joined)).isEqualTo(4 * copied);
    TinyLlama halves = joined.withName("joined-halves").withStorage(TinyStorage.F16);
    assertThat(weightBytesBeyondTheFiles(halves)).isEqualTo(2 * copied);
    assertThat(weightBytesBeyondTheFiles(MODEL)).isZero();
  }

  /** Neither is the layer of GLM-4.5 planned that predicts further on: it is not read. */
  @Test
  void aLayerThatIsNotReadIsNotPlanned() {
    TinyLlama glm = TinyLlamas.GLM4_MOE.model();
    long unused =
        glm.weights().stream()
            .filter(weight -> weight.name().startsWith("blk.3."))
            .mapToLong(weight -> weight.bytes().length)
            .sum();
    assertThat(unused).isPositive();
    assertThat(weightBytesBeyondTheFiles(glm)).isEqualTo(-unused);
  }

  private static long weightBytesBeyondTheFiles(TinyLlama tiny) {
    try (var checkpoint = OpenModels.file(tiny, folder);
        var model = OpenModels.open(tiny, folder, OpenModels.settings(), Level.SCALAR)) {
      return model.plan().weightBytes() - checkpoint.weightBytes();
    }
  }
}
