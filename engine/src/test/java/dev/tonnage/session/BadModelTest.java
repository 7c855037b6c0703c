package dev.tonnage.session;

import static dev.tonnage.file.GgufValue.flag;
import static dev.tonnage.file.GgufValue.float32;
import static dev.tonnage.file.GgufValue.int32;
import static dev.tonnage.file.GgufValue.int32s;
import static dev.tonnage.file.GgufValue.text;
import static dev.tonnage.file.GgufValue.uint32;
import static dev.tonnage.file.GgufValue.uint64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.TonnageException;
import dev.tonnage.error.UnsupportedModel;
import dev.tonnage.kernel.Level;
import dev.tonnage.model.TinyLlama;
import dev.tonnage.model.TinyLlama.Experts;
import dev.tonnage.model.TinyLlamas;
import dev.tonnage.model.TinyStorage;
import dev.tonnage.model.TinyWeight;
import dev.tonnage.sample.Penalties;
import dev.tonnage.sample.SamplerSettings;
import dev.tonnage.tensor.DType;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files that cannot be run: each is an error that names what is wrong, and nothing stays behind.
 */
class BadModelTest {

  private static final TinyLlama MODEL =
      TinyLlama.named("bad").withSizes(new TinyLlama.Sizes(1, 64, 96, 288, 256));

  @TempDir private static Path folder;

  @Test
  void withNothingChangedItIsRead() {
    OpenModels.open(edited().open(), OpenModels.settings(), Level.SCALAR).close();
  }

  @Test
  void anUnknownArchitectureIsNamedBesideTheKnownOnes() {
    assertRefused(
        edited().put("general.architecture", text("mamba")),
        UnsupportedModel.class,
        "bad-edited.gguf",
        "architecture 'mamba'",
        "known are: llama");
    assertRefused(edited().without("general.architecture"), BadFile.class, "general.architecture");
    assertRefused(
        edited().put("general.architecture", uint32(1)), BadFile.class, "general.architecture");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "block_count",
        "context_length",
        "embedding_length",
        "feed_forward_length",
        "attention.head_count",
        "attention.layer_norm_rms_epsilon"
      })
  void aMissingKeyIsNamed(String key) {
    assertRefused(edited().without("llama." + key), BadFile.class, "llama." + key, "no such key");
  }

  static Stream<String> counts() {
    return Stream.of(
        "block_count",
        "context_length",
        "embedding_length",
        "feed_forward_length",
        "attention.head_count",
        "attention.head_count_kv",
        "attention.key_length",
        "attention.value_length",
        "rope.dimension_count");
  }

  @ParameterizedTest
  @MethodSource("counts")
  void aCountThatIsNoneIsNamedWithWhatWasFound(String name) {
    String key = "llama." + name;
    assertRefused(edited().put(key, text("two")), BadFile.class, key, "an integer", "text");
    assertRefused(edited().put(key, float32(2)), BadFile.class, key, "an integer", "number");
    assertRefused(edited().put(key, int32s(2, 2)), BadFile.class, key, "an integer", "array");
    assertRefused(edited().put(key, uint32(0)), BadFile.class, key, "found 0");
    assertRefused(edited().put(key, int32(-2)), BadFile.class, key, "found -2");
    assertRefused(edited().put(key, uint32(0xFFFF_FFFFL)), BadFile.class, key, "4294967295");
    assertRefused(edited().put(key, uint64(1L << 62)), BadFile.class, key, "4611686018427387904");
    assertRefused(edited().put(key, uint64(-1)), BadFile.class, key);
  }

  /** Whatever products of such counts overflow, the refusal is one of ours and comes at once. */
  @ParameterizedTest
  @MethodSource("counts")
  void aCountBeyondWhatTheTensorsHoldIsRefused(String name) {
    for (long count : new long[] {1L << 28, 1L << 26, (1L << 24) + 2, 65_536}) {
      EditedModel model = edited().put("llama." + name, uint32(count));
      if (name.equals("context_length") || name.equals("attention.value_length")) {
        model.put("llama.block_count", uint32(count));
      }
      assertRefused(model, TonnageException.class, "bad-edited.gguf");
    }
    EditedModel all = edited();
    counts().forEach(each -> all.put("llama." + each, uint32(1L << 28)));
    assertRefused(all, TonnageException.class, "bad-edited.gguf");
  }

  @Test
  void headsThatCannotBeSharedAreRefused() {
    assertRefused(
        edited().put("llama.attention.head_count_kv", uint32(3)),
        BadFile.class,
        "llama.attention.head_count_kv",
        "a divisor of the 4 query heads");
    assertRefused(
        edited().put("llama.attention.head_count", uint32(2)),
        BadFile.class,
        "blk.0.attn_k.weight");
  }

  @ParameterizedTest
  @ValueSource(ints = {7, 18})
  void aRotaryWidthThatIsOddOrWiderThanTheHeadIsRefused(int width) {
    assertRefused(
        edited().put("llama.rope.dimension_count", uint32(width)),
        BadFile.class,
        "llama.rope.dimension_count",
        "an even number up to the head width 16",
        "found " + width);
  }

  @Test
  void numbersThatAreNoneAreRefused() {
    for (String name : new String[] {"attention.layer_norm_rms_epsilon", "rope.freq_base"}) {
      String key = "llama." + name;
      assertRefused(edited().put(key, text("1e-5")), BadFile.class, key, "a number");
      assertRefused(edited().put(key, float32(Float.NaN)), BadFile.class, key, "NaN");
      assertRefused(edited().put(key, float32(1 / 0f)), BadFile.class, key, "Infinity");
      assertRefused(edited().put(key, float32(-1)), BadFile.class, key, "-1.0");
    }
    assertRefused(edited().put("llama.rope.freq_base", float32(0)), BadFile.class, "freq_base");
  }

  static Stream<String> tensors() {
    return MODEL.weights().stream().map(TinyWeight::name);
  }

  @ParameterizedTest
  @MethodSource("tensors")
  void aMissingTensorIsNamed(String name) {
    if (name.equals("output.weight")) { // then the embedding is the output, too
      OpenModels.open(edited().withoutTensor(name).open(), OpenModels.settings(), Level.SCALAR)
          .close();
    } else {
      assertRefused(edited().withoutTensor(name), BadFile.class, "bad-edited.gguf", name);
    }
  }

  @ParameterizedTest
  @MethodSource("tensors")
  void aTensorOfAnotherShapeIsNamedWithItsShape(String name) {
    assertRefused(edited().zeros(name, DType.F32, 288, 60), BadFile.class, name, "[288, 60]");
    assertRefused(edited().zeros(name, DType.F32, 288, 4, 16), BadFile.class, name);
    assertRefused(edited().zeros(name, DType.F32, 60), BadFile.class, name);
  }

  @Test
  void aTensorOfATypeWithoutKernelsIsNamedWithItsType() {
    TinyLlama broad = TinyLlamas.Q4_K.model().withName("broad").withStorage(TinyStorage.F32);
    assertRefused(
        new EditedModel(broad, folder).zeros("blk.1.ffn_down.weight", DType.Q8_K, 256, 256),
        UnsupportedModel.class,
        "broad-edited.gguf",
        "blk.1.ffn_down.weight",
        "Q8_K");
    assertRefused(
        new EditedModel(broad, folder).zeros("token_embd.weight", DType.Q8_K, 288, 256),
        UnsupportedModel.class,
        "token_embd.weight",
        "Q8_K");
  }

  @Test
  void aTensorThatNobodyUsesIsNamed() {
    for (String name : new String[] {"blk.1.attn_norm.weight", "blk.0.attn_q_norm.weight", "v"}) {
      assertRefused(edited().zeros(name, DType.F32, 64), UnsupportedModel.class, name);
    }
  }

  @Test
  void rotaryDivisorsOfAnotherNumberAreNamed() {
    assertRefused(
        edited().zeros("rope_freqs.weight", DType.F32, 16), BadFile.class, "rope_freqs.weight");
  }

  @Test
  void aKeyThatNobodyUnderstandsIsNamed() {
    assertRefused(
        edited().put("llama.attention.temperature_scale", float32(2)),
        UnsupportedModel.class,
        "llama.attention.temperature_scale");
    // keys of other architectures are none of ours
    OpenModels.open(
            edited().put("mamba.state", uint32(2)).put("llamas", uint32(1)).open(),
            OpenModels.settings(),
            Level.SCALAR)
        .close();
  }

  @Test
  void whatIsNotComputedIsRefusedByItsName() {
    var qwen2 =
        new EditedModel(MODEL.withName("bad-qwen2").withArchitecture("qwen2"), folder)
            .put("qwen2.expert_count", uint32(8));
    assertRefused(
        qwen2.put("qwen2.expert_used_count", uint32(2)),
        UnsupportedModel.class,
        "qwen2.expert_count");
    assertRefused(
        edited().put("llama.rope.scaling.type", text("longrope")),
        UnsupportedModel.class,
        "rope scaling 'longrope'");
    assertRefused(
        edited().put("llama.attention.causal", flag(false)), UnsupportedModel.class, "causal");
    for (float factor : new float[] {0, -4}) {
      EditedModel linear = edited().put("llama.rope.scaling.type", text("linear"));
      assertRefused(
          linear.put("llama.rope.scaling.factor", float32(factor)), BadFile.class, "rope.scaling");
    }
  }

  @Test
  void expertsThatCannotBeAreRefused() {
    TinyLlama mixture = MODEL.withName("bad-mixture").withExperts(new Experts(4, 2, 96));
    OpenModels.open(new EditedModel(mixture, folder).open(), OpenModels.settings(), Level.SCALAR)
        .close();
    for (int used : new int[] {0, 5, 1 << 30}) {
      assertRefused(
          new EditedModel(mixture, folder).put("llama.expert_used_count", uint32(used)),
          BadFile.class,
          "llama.expert_used_count");
    }
    for (int count : new int[] {0, 1 << 20}) {
      assertRefused(
          new EditedModel(mixture, folder).put("llama.expert_count", uint32(count)),
          BadFile.class,
          "llama.expert_used_count");
    }
    assertRefused(
        new EditedModel(mixture, folder).put("llama.expert_count", uint32(3)),
        BadFile.class,
        "blk.0.ffn_gate_inp.weight",
        "shape [3, 64]");
    assertRefused(
        new EditedModel(mixture, folder).zeros("blk.0.ffn_down_exps.weight", DType.F32, 4, 96, 64),
        BadFile.class,
        "blk.0.ffn_down_exps.weight",
        "shape [4, 64, 96]");
    assertRefused( // the reference reads neither of these keys here
        new EditedModel(mixture, folder).put("llama.expert_weights_scale", float32(2)),
        UnsupportedModel.class,
        "llama.expert_weights_scale");
    assertRefused(
        new EditedModel(mixture, folder).put("llama.expert_feed_forward_length", uint32(96)),
        UnsupportedModel.class,
        "llama.expert_feed_forward_length");
    TinyLlama qwen3 = TinyLlamas.QWEN3_MOE.model().withName("bad-qwen3moe");
    assertRefused(
        new EditedModel(qwen3, folder).without("qwen3moe.expert_feed_forward_length"),
        BadFile.class,
        "qwen3moe.expert_feed_forward_length");
    assertRefused(
        edited().put("llama.expert_count", uint32(8)).put("llama.expert_used_count", uint32(2)),
        BadFile.class,
        "blk.0.ffn_gate_inp.weight");
  }

  @Test
  void aVocabularyOfAnotherSizeThanTheEmbeddingIsRefusedWithBothNumbers() {
    assertRefused(
        edited()
            .zeros("token_embd.weight", DType.F32, 300, 64)
            .zeros("output.weight", DType.F32, 300, 64),
        BadFile.class,
        "tokenizer.ggml.tokens",
        "288",
        "300");
  }

  @Test
  void aVocabularyAloneIsRefused() {
    assertRefused(
        edited().withoutTensors(),
        BadFile.class,
        "token_embd.weight",
        "a vocabulary alone cannot run");
    assertRefused(edited().without("tokenizer.ggml.model"), BadFile.class, "tokenizer.ggml.model");
  }

  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.KernelChoice#levels")
  void weightsThatAreNoNumbersAreAnErrorWhenATokenIsDrawn(Level level) {
    for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      for (String name : new String[] {"token_embd.weight", "blk.0.attn_k.weight"}) {
        try (LoadedModel model =
            OpenModels.open(edited().fill(name, value).open(), OpenModels.settings(), level)) {
          for (double temperature : new double[] {0, 1}) {
            SamplerSettings settings =
                SamplerSettings.defaults()
                    .withTemperature(temperature)
                    .withPenalties(Penalties.NONE.withRepeat(1.1));
            assertThatThrownBy(() ->
                    new Generator(model)
                        .generate(new int[] {1, 5, 7}, settings, 5, new HeardPieces()))
                .as("%s full of %s", name, value)
                .isInstanceOf(BadFile.class)
                .hasMessageContaining("logits");
          }
        }
      }
    }
  }

  private static EditedModel edited() {
    return new EditedModel(MODEL, folder);
  }

  private static void assertRefused(
      EditedModel edited, Class<? extends TonnageException> error, String... parts) {
    Set<String> threads = teamThreads();
    var checkpoint = new WatchedCheckpoint(edited.open());
    Throwable thrown =
        catchThrowable(() -> OpenModels.open(checkpoint, OpenModels.settings(), Level.SCALAR));
    assertThat(thrown).isInstanceOf(error).hasMessageContainingAll(parts);
    assertThat(checkpoint.closings()).as("closings").isEqualTo(1);
    assertThat(teamThreads()).as("threads of compute teams").isEqualTo(threads);
  }

  private static Set<String> teamThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("tonnage-"))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
