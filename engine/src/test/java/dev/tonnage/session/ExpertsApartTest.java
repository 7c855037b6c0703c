package dev.tonnage.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tonnage.error.BadFile;
import dev.tonnage.kernel.Level;
import dev.tonnage.model.TinyLlama;
import dev.tonnage.model.TinyLlamas;
import dev.tonnage.model.TinyWeight;
import dev.tonnage.tensor.Shape;
import java.nio.ByteBuffer;
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
    assertSameBits(model, apart(model), level);
  }

  /** As converters may write it: of each expert all rows of gate, then those of up. */
  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.KernelChoice#levels")
  void theBitsAreThoseOfGateAndUpInOneTensor(Level level) {
    TinyLlama model = TinyLlamas.MIXTRAL_Q8_0.model();
    var edited = new EditedModel(model, folder);
    for (TinyWeight up : model.weights()) {
      if (up.name().contains("ffn_up_exps")) {
        TinyWeight gate = weight(model, up.name().replace("up", "gate"));
        int experts = (int) up.shape().extent(0);
        int bytes = up.bytes().length / experts;
        ByteBuffer both = ByteBuffer.allocate(2 * experts * bytes);
        for (int i = 0; i < experts; i++) {
          both.put(gate.bytes(), i * bytes, bytes).put(up.bytes(), i * bytes, bytes);
        }
        edited
            .withoutTensor(up.name())
            .withoutTensor(gate.name())
            .tensor(
                up.name().replace("up", "gate_up"),
                up.type(),
                Shape.of(experts, 2 * up.shape().extent(1), up.shape().extent(2)),
                both.array());
      }
    }
    assertSameBits(model, edited, level);
  }

  private static TinyWeight weight(TinyLlama model, String name) {
    return model.weights().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static void assertSameBits(TinyLlama model, EditedModel edited, Level level) {
    int[] prompt = OpenModels.ints(model.prompt());
    try (var plain = OpenModels.open(model, folder, OpenModels.settings(), level);
        var other = OpenModels.open(edited.open(), OpenModels.settings(), level);
        Session expected = plain.session();
        Session found = other.session()) {
      expected.read(prompt, (_, _) -> {});
      found.read(prompt, (_, _) -> {});
      assertThat(found.logits()).isEqualTo(expected.logits());
      expected.append(7);
      found.append(7);
      assertThat(found.logits()).isEqualTo(expected.logits());
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
