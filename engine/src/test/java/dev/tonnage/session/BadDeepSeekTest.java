package dev.tonnage.session;

import static dev.tonnage.file.GgufValue.float32;
import static dev.tonnage.file.GgufValue.uint32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.BadRequest;
import dev.tonnage.error.TonnageException;
import dev.tonnage.error.UnsupportedModel;
import dev.tonnage.file.GgufCheckpoint;
import dev.tonnage.kernel.Level;
import dev.tonnage.model.TinyLlamas;
import dev.tonnage.plan.LoadSettings;
import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Shape;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What files of this architecture say that cannot be, or is not done. */
class BadDeepSeekTest {

  @TempDir private static Path folder;

  private static EditedModel edited() {
    return new EditedModel(TinyLlamas.DEEPSEEK_V3.model(), folder);
  }

  private static void assertRefused(
      EditedModel model, Class<? extends TonnageException> type, String... parts) {
    assertThatThrownBy(() -> open(model.open())).isInstanceOf(type).hasMessageContainingAll(parts);
  }

  private static void open(GgufCheckpoint checkpoint) {
    OpenModels.open(checkpoint, OpenModels.settings(), Level.SCALAR).close();
  }

  @ParameterizedTest
  @CsvSource({
    "expert_group_count, 5", // does not divide 12
    "expert_group_count, 12", // a group's two best are wanted
    "expert_group_count, 268435456",
    "expert_group_used_count, 0",
    "expert_group_used_count, 5",
    "expert_used_count, 7" // two groups have six
  })
  void groupsThatCannotBeAreRefused(String key, int value) {
    assertRefused(
        edited().put("deepseek2." + key, uint32(value)),
        BadFile.class,
        "deepseek2.expert_group_count",
        "experts");
  }

  @Test
  void whatIsNotComputedIsRefusedByItsName() {
    assertRefused(
        edited().put("deepseek2.expert_gating_func", uint32(3)),
        UnsupportedModel.class,
        "deepseek2.expert_gating_func",
        "gate 3");
    assertRefused(
        edited().put("deepseek2.rope.scaling.attn_factor", float32(2)),
        UnsupportedModel.class,
        "deepseek2.rope.scaling.attn_factor");
    assertRefused(
        edited().zeros("blk.1.exp_probs_b.weight", DType.F32, 12),
        UnsupportedModel.class,
        "blk.1.exp_probs_b.weight");
    assertRefused( // a dense layer chooses nothing
        edited().zeros("blk.0.exp_probs_b.bias", DType.F32, 12),
        UnsupportedModel.class,
        "blk.0.exp_probs_b.bias");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "attention.kv_lora_rank",
        "attention.q_lora_rank",
        "attention.key_length",
        "attention.key_length_mla",
        "attention.value_length",
        "attention.value_length_mla",
        "rope.dimension_count",
        "attention.head_count",
        "attention.head_count_kv",
        "expert_shared_count",
        "expert_feed_forward_length",
        "leading_dense_block_count",
        "feed_forward_length",
        "block_count"
      })
  void countsThatTensorsDoNotHaveAreRefused(String key) {
    for (long count : new long[] {2, 1000, 1L << 16, (1L << 24) + 2, 1L << 28}) {
      assertRefused(
          edited().put("deepseek2." + key, uint32(count)), TonnageException.class, "edited.gguf");
    }
  }

  /** Of GLM-4.5 alone the reference is known to leave such layers out. */
  @Test
  void layersThatPredictFurtherAreNotAllLayersAndKnownOfOneArchitecture() {
    var glm = new EditedModel(TinyLlamas.GLM4_MOE.model(), folder);
    assertRefused(
        glm.put("glm4moe.nextn_predict_layers", uint32(4)),
        BadFile.class,
        "glm4moe.nextn_predict_layers",
        "found 4");
    assertRefused(
        glm.put("glm4moe.nextn_predict_layers", uint32(0)),
        UnsupportedModel.class,
        "blk.3.nextn.eh_proj.weight");
    assertRefused(
        edited().put("deepseek2.nextn_predict_layers", uint32(1)),
        UnsupportedModel.class,
        "deepseek2.nextn_predict_layers");
  }

  /** Products of counts overflow nowhere. */
  @Test
  void countsThatAreLargeTogetherAreRefused() {
    assertRefused(
        edited()
            .put("deepseek2.expert_feed_forward_length", uint32(1L << 28))
            .put("deepseek2.expert_shared_count", uint32(1L << 28)),
        BadFile.class,
        "deepseek2.expert_shared_count");
    EditedModel all = edited();
    for (String key :
        new String[] {
          "attention.kv_lora_rank",
          "attention.q_lora_rank",
          "attention.key_length_mla",
          "attention.value_length_mla",
          "attention.head_count",
          "expert_count",
          "feed_forward_length",
          "embedding_length"
        }) {
      assertRefused(
          all.put("deepseek2." + key, uint32(1L << 28)), TonnageException.class, "edited.gguf");
    }
    EditedModel heads = edited();
    heads.put("deepseek2.attention.head_count", uint32(1L << 16));
    heads.put("deepseek2.attention.value_length_mla", uint32(1L << 20));
    assertRefused(heads, BadFile.class, "deepseek2.attention.head_count", "65536 heads of 1048576");
    assertRefused(
        edited().put("deepseek2.attention.q_lora_rank", uint32(1L << 27)),
        TonnageException.class,
        "edited.gguf");
  }

  @Test
  void aFileWithoutTheRankOfItsLatentsIsRefused() {
    assertRefused(
        edited().without("deepseek2.attention.kv_lora_rank"),
        BadFile.class,
        "deepseek2.attention.kv_lora_rank");
    assertRefused(
        edited().withoutTensor("blk.1.attn_v_b.weight"), BadFile.class, "blk.1.attn_v_b.weight");
    assertRefused(
        edited().withoutTensor("blk.1.attn_k_b.weight"), BadFile.class, "blk.1.attn_kv_b.weight");
  }

  /** Values are part of keys. */
  @Test
  void aCacheOfTwoTypesIsRefused() {
    LoadSettings settings = OpenModels.settings().withCache(DType.F32, DType.F16);
    assertThatThrownBy(() -> OpenModels.open(edited().open(), settings, Level.SCALAR).close())
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("give both one type");
  }

  /** Experts and their heads one after the other in two dimensions are the same bytes. */
  @Test
  void matricesOfHeadsMayBeFlat() {
    var model = TinyLlamas.DEEPSEEK_V3.model();
    EditedModel flat = edited();
    model.weights().stream()
        .filter(weight -> weight.name().contains("attn_k_b"))
        .forEach(weight ->
            flat.tensor(weight.name(), weight.type(), Shape.of(4 * 40, 16), weight.bytes()));
    try (var plain = OpenModels.open(model, folder, OpenModels.settings(), Level.SCALAR);
        var other = OpenModels.open(flat.open(), OpenModels.settings(), Level.SCALAR);
        Session expected = plain.session();
        Session found = other.session()) {
      expected.append(7);
      found.append(7);
      assertThat(found.logits()).isEqualTo(expected.logits());
    }
  }
}
