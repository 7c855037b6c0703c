package dev.tonnage.session;

import static dev.tonnage.file.GgufValue.uint32;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tonnage.error.BadFile;
import dev.tonnage.kernel.Level;
import dev.tonnage.model.TinyLlamas;
import dev.tonnage.tensor.DType;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What files of this architecture lack, or say that cannot be. */
class BadGptOssTest {

  @TempDir private static Path folder;

  private static EditedModel edited() {
    return new EditedModel(TinyLlamas.GPT_OSS.model(), folder);
  }

  private static void assertRefused(EditedModel model, String... parts) {
    assertThatThrownBy(
            () -> OpenModels.open(model.open(), OpenModels.settings(), Level.SCALAR).close())
        .isInstanceOf(BadFile.class)
        .hasMessageContainingAll(parts);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "blk.1.attn_sinks.weight",
        "blk.2.ffn_gate_exps.bias",
        "blk.0.ffn_up_exps.bias",
        "blk.3.ffn_down_exps.bias",
        "blk.0.post_attention_norm.weight"
      })
  void aTensorThatIsMissingIsNamed(String name) {
    assertRefused(edited().withoutTensor(name), name);
  }

  /** Whose rows of gate are all before those of up, and not in turn as in folders. */
  @Test
  void gateAndUpInOneMatrixOfLlamaCppAreNotTakenForAnother() {
    assertRefused(
        edited()
            .withoutTensor("blk.0.ffn_gate_exps.weight")
            .withoutTensor("blk.0.ffn_up_exps.weight")
            .zeros("blk.0.ffn_gate_up_exps.weight", DType.F32, 8, 80, 64),
        "blk.0.ffn_gate_exps.weight");
  }

  @Test
  void asManySinksAsHeadsAreWanted() {
    assertRefused(
        edited().zeros("blk.0.attn_sinks.weight", DType.F32, 5),
        "blk.0.attn_sinks.weight",
        "expected shape [6]");
  }

  @Test
  void aWindowMustBeSaid() {
    assertRefused(edited().without("gpt-oss.attention.sliding_window"), "attention.sliding_window");
    for (String key : new String[] {"sliding_window", "sliding_window_pattern"}) {
      assertRefused(
          edited().put("gpt-oss.attention." + key, uint32(0)), "gpt-oss.attention." + key);
    }
  }
}
