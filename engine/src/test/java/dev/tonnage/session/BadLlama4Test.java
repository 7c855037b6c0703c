package dev.tonnage.session;

import static dev.tonnage.file.GgufValue.uint32;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.TonnageException;
import dev.tonnage.error.UnsupportedModel;
import dev.tonnage.kernel.Level;
import dev.tonnage.model.TinyLlamas;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BadLlama4Test {

  @TempDir private static Path folder;

  private static EditedModel edited() {
    return new EditedModel(TinyLlamas.LLAMA4.model(), folder);
  }

  private static void assertRefused(
      EditedModel model, Class<? extends TonnageException> kind, String... parts) {
    assertThatThrownBy(
            () -> OpenModels.open(model.open(), OpenModels.settings(), Level.SCALAR).close())
        .isInstanceOf(kind)
        .hasMessageContainingAll(parts);
  }

  /** Files without chunks exist; which of their layers turn is not known here. */
  @ParameterizedTest
  @ValueSource(strings = {"sliding_window", "sliding_window_pattern"})
  void otherChunksAreRefusedByName(String key) {
    for (int value : new int[] {0, 5, 8191}) {
      assertRefused(
          edited().put("llama4.attention." + key, uint32(value)),
          UnsupportedModel.class,
          "llama4.attention." + key + " " + value);
    }
  }

  @Test
  void whichLayersHaveExpertsMustBeSaid() {
    String key = "llama4.interleave_moe_layer_step";
    assertRefused(edited().without(key), BadFile.class, key);
    assertRefused(edited().put(key, uint32(0)), BadFile.class, key);
    // then every second layer is a dense one, whose tensors are not there
    assertRefused(edited().put(key, uint32(2)), BadFile.class, "blk.0.ffn_gate.weight");
  }

  @Test
  void theSharedExpertIsWanted() {
    assertRefused(
        edited().withoutTensor("blk.3.ffn_up_shexp.weight"),
        BadFile.class,
        "blk.3.ffn_up_shexp.weight");
  }
}
