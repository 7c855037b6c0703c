package dev.tonnage.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tonnage.error.BadFile;
import dev.tonnage.kernel.Level;
import dev.tonnage.model.TinyLlama;
import dev.tonnage.model.TinyLlamas;
import dev.tonnage.model.TinyWeight;
import dev.tonnage.tensor.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A tensor for each expert, as GGUF files had them before March 2024. */
class ExpertsApartTest {

  @TempDir private static Path folder;

  private static EditedModel apart(TinyLlama model) {
    var edited = new EditedModel(model, folder);
    for (TinyWeight weight : model.weights()) {
      if (weight.name().contains("_exps.")) {
        edited.withoutTensor(weight.name());
        int count = (int) weight.shape().extent(0);
        int bytes = weight.bytes().length / count;
        Shape one = Shape.of(weight.shape().extent(1), weight.shape().extent(2));
        for (int i = 0; i < count; i++) {
          edited.tensor(
              weight.name().replace("_exps", "." + i),
              weight.type(),
              one,
              Arrays.copyOfRange(weight.bytes(), i * bytes, (i + 1) * bytes));
        }
      }
    }
    return edited;
  }

  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.KernelChoice#levels")
  void theBitsAreThoseOfOneTensorForAll(Level level) {
    TinyLlama model = TinyLlamas.MIXTRAL_Q8_0.model();
    int[] prompt = OpenModels.ints(model.prompt());
    try (var together = OpenModels.open(model, folder, OpenModels.settings(), level);
        var apart = OpenModels.open(apart(model).open(), OpenModels.settings(), level);
        Session one = together.session();
        Session other = apart.session()) {
      one.read(prompt, (_, _) -> {});
      other.read(prompt, (_, _) -> {});
      assertThat(other.logits()).isEqualTo(one.logits());
    }
  }

  @Test
  void anExpertThatIsMissingIsNamed() {
    EditedModel edited = apart(TinyLlamas.MIXTRAL.model()).withoutTensor("blk.1.ffn_up.5.weight");
    assertThatThrownBy(
            () -> OpenModels.open(edited.open(), OpenModels.settings(), Level.SCALAR).close())
        .isInstanceOf(BadFile.class)
        .hasMessageContaining("blk.1.ffn_up.5.weight");
  }
}
