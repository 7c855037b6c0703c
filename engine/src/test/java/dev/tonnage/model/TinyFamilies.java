package dev.tonnage.model;

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
import java.util.Set;

/** What the models of {@link TinyLlamas} start from, and parts of theirs. */
final class TinyFamilies {

  private TinyFamilies() {}

  static TinyLlama plain() {
    return TinyLlama.named("plain");
  }

  static TinyLlama qwen3(String architecture) {
    return plain().withArchitecture(architecture).withExtra(Set.of(Extra.HEAD_NORMS));
  }

  static TinyLlama commandR() {
    return plain()
        .withArchitecture("command-r")
        .withOutput(Output.TIED)
        .withStream(new Stream(1e-5f, 0.35));
  }

  static TinyLlama gptOss() {
    return plain()
        .withArchitecture("gpt-oss")
        .withSizes(new Sizes(4, 64, 96, 288, 256))
        .withHeads(new Heads(6, 2, 16))
        .withRope(rope(150000, 16))
        .withExtra(Set.of(Extra.QUERY_KEY_VALUE_BIASES, Extra.ATTENTION_OUTPUT_BIAS))
        .withExperts(new Experts(8, 3, 40));
  }

  /** Experts in every so manieth layer, beside one that all tokens share. */
  static TinyLlama llama4(int interleaved, int experts) {
    return plain()
        .withArchitecture("llama4")
        .withSizes(new Sizes(4, 64, 96, 288, 131072))
        .withRope(new Rope(500000, 16, new Scaling.None(), ropeFactors()))
        .withExperts(
            new Experts(
                experts, 1, 40, new ExpertChoice(2, 0, 0, Norm.UNSAID, 0, 0, 1, 0, interleaved)));
  }

  static TinyLlama glm4() {
    return plain()
        .withArchitecture("glm4moe")
        .withSizes(new Sizes(3, 64, 96, 288, 256))
        .withHeads(new Heads(4, 2, 16))
        .withRope(rope(1000000, 8))
        .withExtra(Set.of(Extra.QUERY_KEY_VALUE_BIASES))
        .withExperts(
            new Experts(10, 3, 40, new ExpertChoice(2, 1, 1, Norm.SUM_OF_ONE, 2.5f, 0.1, 1, 1)));
  }

  static TinyLlama deepseek3() {
    return plain()
        .withArchitecture("deepseek2")
        .withSizes(new Sizes(3, 64, 96, 288, 256))
        .withHeads(new Heads(4, 1, 24, 20))
        .withRope(rope(10000, 8))
        .withStream(new Stream(1e-6f, 1))
        .withLatent(new Latent(24, 40, Matrices.APART))
        .withExperts(
            new Experts(12, 3, 40, new ExpertChoice(2, 4, 2, Norm.SUM_OF_ONE, 2.5f, 0.1, 1, 1)));
  }

  /** Such files say that every head has keys and values of its own. */
  static TinyLlama joined(Latent latent) {
    return deepseek3().withHeads(new Heads(4, 4, 24, 20)).withLatent(latent);
  }

  /** In widths that blocks of 32 divide; all experts, so that rounding changes no choice. */
  static TinyLlama deepseekOfBlocks(Matrices matrices) {
    return deepseek3()
        .withSizes(new Sizes(3, 128, 192, 288, 256))
        .withHeads(new Heads(4, matrices == Matrices.JOINED ? 4 : 1, 48, 32))
        .withRope(rope(10000, 16))
        .withLatent(new Latent(96, 64, matrices))
        .withExperts(
            new Experts(4, 4, 64, new ExpertChoice(2, 1, 1, Norm.SUM_OF_ONE, 2.5f, 0.1, 1, 1)));
  }

  static Rope deepseekYarn(float logMultiplier) {
    return new Rope(10000, 8, new Scaling.Yarn(4, 64, 1, logMultiplier), List.of());
  }

  static TinyLlama odd() {
    return plain()
        .withSizes(new Sizes(2, 100, 172, 301, 256))
        .withHeads(new Heads(5, 1, 20))
        .withRope(rope(10000, 20));
  }

  /** As wide as a block of the K formats. */
  static TinyLlama broad() {
    return plain()
        .withSizes(new Sizes(2, 256, 256, 288, 256))
        .withHeads(new Heads(4, 1, 64))
        .withRope(rope(10000, 64));
  }

  static Rope rope(float base, int width) {
    return new Rope(base, width, new Scaling.None(), List.of());
  }

  static Rope scaled(Scaling scaling) {
    return new Rope(10000, 16, scaling, List.of());
  }

  static Rope yarn(float attentionFactor) {
    return new Rope(10000, 32, new Scaling.Yarn(4, 64, attentionFactor), List.of());
  }

  static List<Float> ropeFactors() {
    return List.of(1f, 1f, 1.25f, 2f, 3.5f, 6f, 8f, 8f);
  }
}
