package dev.tonnage.model;

import static dev.tonnage.model.TinyFamilies.broad;
import static dev.tonnage.model.TinyFamilies.commandR;
import static dev.tonnage.model.TinyFamilies.deepseek3;
import static dev.tonnage.model.TinyFamilies.deepseekOfBlocks;
import static dev.tonnage.model.TinyFamilies.deepseekYarn;
import static dev.tonnage.model.TinyFamilies.glm4;
import static dev.tonnage.model.TinyFamilies.gptOss;
import static dev.tonnage.model.TinyFamilies.joined;
import static dev.tonnage.model.TinyFamilies.llama4;
import static dev.tonnage.model.TinyFamilies.odd;
import static dev.tonnage.model.TinyFamilies.plain;
import static dev.tonnage.model.TinyFamilies.qwen3;
import static dev.tonnage.model.TinyFamilies.rope;
import static dev.tonnage.model.TinyFamilies.ropeFactors;
import static dev.tonnage.model.TinyFamilies.scaled;
import static dev.tonnage.model.TinyFamilies.yarn;

import dev.tonnage.model.TinyLlama.ExpertChoice;
import dev.tonnage.model.TinyLlama.ExpertChoice.Norm;
import dev.tonnage.model.TinyLlama.Experts;
import dev.tonnage.model.TinyLlama.Extra;
import dev.tonnage.model.TinyLlama.Heads;
import dev.tonnage.model.TinyLlama.Latent;
import dev.tonnage.model.TinyLlama.Latent.Matrices;
import dev.tonnage.model.TinyLlama.Output;
import dev.tonnage.model.TinyLlama.Rope;
import dev.tonnage.model.TinyLlama.Scaling;
import dev.tonnage.model.TinyLlama.Sizes;
import dev.tonnage.model.TinyLlama.Stream;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The tiny models that another engine's outputs are recorded for ({@link RecordedLogits}), each
 * with what it is there to catch. After a change here the outputs must be recorded again:
 * bench/peers/README.md says how.
 */
public enum TinyLlamas {
  /** Two query heads share a key/value head; key and value widths follow from the hidden width. */
  GROUPED(plain()),

  /** Every query head has its own keys and values. */
  MULTI_HEAD(plain().withHeads(new Heads(4, 4, 16))),

  /** All query heads share one. */
  ONE_KEY_VALUE_HEAD(plain().withHeads(new Heads(4, 1, 16))),

  /** Heads wider together than the hidden width, which only the explicit width keys say. */
  WIDE_HEADS(plain().withHeads(new Heads(4, 2, 32)).withRope(rope(10000, 32))),

  /** Heads narrower together than the hidden width. */
  NARROW_HEADS(plain().withHeads(new Heads(4, 2, 8)).withRope(rope(10000, 8))),

  /** Widths that no vector of more than four numbers divides, and a vocabulary that is odd. */
  ODD_SIZES(odd()),

  /** The same in halves. */
  ODD_SIZES_F16(odd().withStorage(TinyStorage.F16)),

  /** The embedding is the output matrix too; small, so that logits stay moderate. */
  TIED(plain().withOutput(Output.TIED).withStream(new Stream(1e-5f, 0.35))),

  /** One layer: nothing hides behind a later one. */
  ONE_LAYER(plain().withSizes(new Sizes(1, 64, 96, 288, 256))),

  /** Four layers: errors add up. */
  FOUR_LAYERS(plain().withSizes(new Sizes(4, 64, 96, 288, 256))),

  /** Activations so small that the norms' epsilon decides, and not the usual 1e-5. */
  SMALL_EPSILON(plain().withStream(new Stream(1e-6f, 0.002))),

  /** Frequencies divided by rope_freqs.weight, as Llama 3.1 does. */
  ROPE_FACTORS(plain().withRope(new Rope(500000, 16, new Scaling.None(), ropeFactors()))),

  /** A base other than 10000. */
  ROPE_BASE(plain().withRope(rope(1000000, 16))),

  /** Half of each head is rotated; the reference computes it under another architecture's name. */
  PARTIAL_ROTARY(plain().withRope(rope(10000, 8)), "nanbeige"),

  /** Positions divided by four. */
  LINEAR_SCALING(plain().withRope(scaled(new Scaling.Linear(4)))),

  /** YaRN from 64 tokens by four, in heads wide enough for its ramp to have a slope. */
  YARN(plain().withHeads(new Heads(2, 1, 32)).withRope(yarn(1))),

  /** YaRN whose magnitude the file corrects. */
  YARN_ATTENTION_FACTOR(plain().withHeads(new Heads(2, 1, 32)).withRope(yarn(0.7f))),

  /** Biases in the attention, as some models of the family have. */
  ATTENTION_BIASES(
      plain().withExtra(Set.of(Extra.QUERY_KEY_VALUE_BIASES, Extra.ATTENTION_OUTPUT_BIAS))),

  /** Biases in the feed-forward. */
  FEED_FORWARD_BIASES(plain().withExtra(Set.of(Extra.FEED_FORWARD_BIASES))),

  /** Queries, keys and values from one matrix. */
  FUSED_QUERY_KEY_VALUE(plain().withExtra(Set.of(Extra.FUSED_QUERY_KEY_VALUE))),

  /** Queries, keys and values with biases, halves of heads turned together, tied. */
  QWEN2(
      plain()
          .withArchitecture("qwen2")
          .withExtra(Set.of(Extra.QUERY_KEY_VALUE_BIASES))
          .withOutput(Output.TIED)
          .withStream(new Stream(1e-6f, 0.35))),

  /** The same architecture with a base of a million, YaRN and an output matrix of its own. */
  QWEN2_YARN(
      plain()
          .withArchitecture("qwen2")
          .withExtra(Set.of(Extra.QUERY_KEY_VALUE_BIASES))
          .withHeads(new Heads(2, 1, 32))
          .withRope(new Rope(1000000, 32, new Scaling.Yarn(4, 64, 1), List.of()))),

  /** Queries and keys normed head by head. */
  QWEN3(qwen3("qwen3").withOutput(Output.TIED).withStream(new Stream(1e-6f, 0.35))),

  /** The same in heads that no line of floats divides, with YaRN. */
  QWEN3_NARROW_YARN(
      qwen3("qwen3")
          .withHeads(new Heads(4, 1, 24))
          .withRope(new Rope(1000000, 24, new Scaling.Yarn(4, 64, 1), List.of()))),

  /** Experts in place of feed-forwards. */
  QWEN3_MOE(qwen3("qwen3moe").withExperts(new Experts(8, 3, 40))),

  /** The usual mix of four and six bits, of experts. */
  QWEN3_MOE_Q4_K_M(
      qwen3("qwen3moe")
          .withSizes(new Sizes(2, 256, 512, 288, 256))
          .withHeads(new Heads(4, 1, 64))
          .withRope(rope(1000000, 64))
          .withExperts(new Experts(6, 2, 256))
          .withStorage(TinyStorage.Q4_K_M)),

  /** Experts as wide as the file says feed-forwards are, as Mixtral has them. */
  MIXTRAL(plain().withExperts(new Experts(8, 2, 96))),

  /** One expert for each token. */
  MIXTRAL_ONE_USED(plain().withExperts(new Experts(5, 1, 96))),

  /** All of them for each. */
  MIXTRAL_ALL_USED(plain().withExperts(new Experts(4, 4, 96)).withStorage(TinyStorage.F16)),

  /** Experts of eight bits. */
  MIXTRAL_Q8_0(
      plain()
          .withSizes(new Sizes(2, 128, 192, 288, 256))
          .withHeads(new Heads(4, 2, 32))
          .withRope(rope(10000, 32))
          .withExperts(new Experts(8, 2, 192))
          .withStorage(TinyStorage.Q8_0)),

  /** Latent attention and leading dense layers, gate, biases, groups as DeepSeek-V3 has them. */
  DEEPSEEK_V3(deepseek3()),

  /** Older files: one matrix makes keys and values of latents. */
  DEEPSEEK_V3_JOINED(joined(new Latent(24, 40, Matrices.JOINED))),

  /** YaRN, whose magnitude is in the scale of scores. */
  DEEPSEEK_V3_YARN(deepseek3().withRope(deepseekYarn(0.1f))),

  /**
   * As DeepSeek-V2-Lite: queries from the stream, softmax, shares as they are, no groups. That it
   * is one the reference knows by the number of layers.
   */
  DEEPSEEK_V2_LITE(
      joined(new Latent(0, 40, Matrices.JOINED))
          .withSizes(new Sizes(27, 64, 96, 288, 256))
          .withRope(deepseekYarn(0.0707f))
          .withExperts(new Experts(8, 3, 40, new ExpertChoice(0, 0, 0, Norm.ANY_SUM, 1, 0, 2, 1)))),

  /** As DeepSeek-V2: softmax in groups, and a scale. */
  DEEPSEEK_V2(
      deepseek3()
          .withExperts(new Experts(12, 3, 40, new ExpertChoice(1, 4, 2, Norm.UNSAID, 4, 0, 2, 1)))),

  /** As Kimi-K2: no groups. */
  KIMI_K2(
      deepseek3()
          .withExperts(
              new Experts(
                  12, 4, 40, new ExpertChoice(2, 1, 1, Norm.SUM_OF_ONE, 2.827f, 0.1, 1, 1)))),

  /** Every layer has experts, without biases; in widths that nothing divides. */
  DEEPSEEK_ODD(
      deepseek3()
          .withSizes(new Sizes(2, 100, 172, 301, 256))
          .withHeads(new Heads(5, 1, 21, 11))
          .withRope(rope(10000, 6))
          .withLatent(new Latent(19, 37, Matrices.APART))
          .withExperts(
              new Experts(6, 2, 34, new ExpertChoice(2, 3, 2, Norm.SUM_OF_ONE, 1.5f, 0, 1, 0)))),

  /** Eight bits, in both kinds of files. */
  DEEPSEEK_V3_Q8_0(deepseekOfBlocks(Matrices.APART).withStorage(TinyStorage.Q8_0)),

  DEEPSEEK_V3_JOINED_Q8_0(deepseekOfBlocks(Matrices.JOINED).withStorage(TinyStorage.Q8_0)),

  /** As GLM-4.5: biases and norms of heads, of which half turns, and a last layer for itself. */
  GLM4_MOE(
      glm4()
          .withExtra(
              Set.of(Extra.QUERY_KEY_VALUE_BIASES, Extra.HEAD_NORMS, Extra.PREDICTION_LAYER))),

  /** As GLM-4.5-Air: no norms; of what the gate is, nothing is said. */
  GLM4_MOE_AIR(
      glm4()
          .withExperts(
              new Experts(10, 3, 40, new ExpertChoice(0, 1, 1, Norm.SUM_OF_ONE, 1, 0.1, 1, 1)))),

  /** Norms over all heads at once, half of a head turns, experts alone. */
  MINIMAX_M2(
      plain()
          .withArchitecture("minimax-m2")
          .withSeed(20262)
          .withHeads(new Heads(6, 2, 16))
          .withRope(rope(5000000, 8))
          .withExtra(Set.of(Extra.JOINT_NORMS))
          .withExperts(
              new Experts(10, 3, 96, new ExpertChoice(2, 0, 0, Norm.UNSAID, 0, 0.1, 0, 0)))),

  /** Layer norms, halves of a layer that read the same, tied and scaled logits. */
  COMMAND_R(commandR()),

  /** As R+: heads are normed, which the reference knows by the number of layers. */
  COMMAND_R_PLUS(
      commandR()
          .withSizes(new Sizes(64, 48, 64, 288, 256))
          .withHeads(new Heads(4, 2, 12))
          .withRope(rope(10000, 12))
          .withExtra(Set.of(Extra.HEAD_NORMS))),

  /** Windows in every second layer, sinks, biases and a gate that is clamped. */
  GPT_OSS(gptOss()),

  /** The same where every third layer sees everything. */
  GPT_OSS_PERIOD(
      gptOss()
          .withExtra(
              Set.of(
                  Extra.QUERY_KEY_VALUE_BIASES,
                  Extra.ATTENTION_OUTPUT_BIAS,
                  Extra.PERIOD_OF_THREE))),

  /** The same with YaRN, across several blocks of the cache. */
  GPT_OSS_YARN(
      gptOss()
          .withHeads(new Heads(4, 2, 32))
          .withRope(new Rope(150000, 32, new Scaling.Yarn(4, 64, 1), List.of()))
          .withPromptTokens(150)),

  /** Experts of four bits with powers of two; all of them, so that rounding changes no choice. */
  GPT_OSS_MXFP4(
      gptOss()
          .withSizes(new Sizes(2, 128, 64, 288, 256))
          .withHeads(new Heads(4, 2, 32))
          .withRope(rope(150000, 32))
          .withExperts(new Experts(4, 4, 64))
          .withStorage(TinyStorage.MXFP4)),

  /** Chunks that a short prompt stays in, every fourth layer without positions, and experts. */
  LLAMA4(llama4(1, 6)),

  /** As Maverick, whose heads are not normed, which the reference knows by its 128 experts. */
  LLAMA4_MAVERICK(llama4(2, 128)),

  /** A prompt across several blocks of the cache, in a model that claims a large context. */
  LONG_PROMPT(plain().withSizes(new Sizes(2, 64, 96, 288, 131072)).withPromptTokens(150)),

  /** Halves. */
  F16(plain().withStorage(TinyStorage.F16)),

  /** The upper halves of floats. */
  BF16(plain().withStorage(TinyStorage.BF16)),

  /** Eight bits in blocks of 32. */
  Q8_0(
      plain()
          .withSizes(new Sizes(2, 128, 192, 288, 256))
          .withHeads(new Heads(4, 2, 32))
          .withRope(rope(10000, 32))
          .withStorage(TinyStorage.Q8_0)),

  /** Four bits in blocks of 256, for every matrix. */
  Q4_K(broad().withStorage(TinyStorage.Q4_K)),

  /** Six bits in blocks of 256, for every matrix. */
  Q6_K(broad().withStorage(TinyStorage.Q6_K)),

  /** The usual mix of the two. */
  Q4_K_M(broad().withStorage(TinyStorage.Q4_K_M)),

  /** The mix with a tied output, which is then a Q6_K embedding. */
  Q4_K_M_TIED(
      broad()
          .withStorage(TinyStorage.Q4_K_M)
          .withOutput(Output.TIED)
          .withStream(new Stream(1e-5f, 0.18)));

  // a record of records and lists that nobody can change
  @SuppressWarnings("ImmutableEnumChecker")
  private final TinyLlama model;

  private final String referenceArchitecture;

  TinyLlamas(TinyLlama model) {
    this(model, model.architecture());
  }

  TinyLlamas(TinyLlama model, String referenceArchitecture) {
    this.model = model.withName(name().toLowerCase(Locale.ROOT).replace('_', '-'));
    this.referenceArchitecture = referenceArchitecture;
  }

  /** The model. */
  public TinyLlama model() {
    return model;
  }

  /** The same model under the architecture's name that the reference computes it for. */
  public TinyLlama referenceModel() {
    return model.withArchitecture(referenceArchitecture);
  }
}
