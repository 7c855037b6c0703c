package dev.tonnage.plan;

import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Shape;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which type a tensor of a mix has. Source: llama.cpp's {@code llama-quant.cpp} as of November
 * 2026, with a matrix of importance, as most files are published; for MLX its {@code quantize}. So
 * the sizes of files follow from a model's shapes.
 *
 * @param layers of the model
 * @param experts of a layer; 0 for none
 * @param group query heads that share a head of keys
 * @param isTied whether the embedding is the output, too
 * @param isOf80 whether it is a Llama or Qwen2 of 80 layers, whose values get more bits
 */
record MixRules(QuantMix mix, int layers, int experts, int group, boolean isTied, boolean isOf80) {

  private static final Pattern LAYER = Pattern.compile("blk\\.(\\d{1,6})\\..+");

  private static final int FEW_EXPERTS = 8;

  /** What a tensor of this name and shape has. */
  DType type(String name, Shape shape) {
    if (mix.isOfGroups()) {
      return shape.rank() > 1 && QuantMix.isWhole(shape.columns()) ? mix.most() : DType.BF16;
    }
    if (shape.rank() == 1 || name.contains("_norm.") || name.contains("ffn_gate_inp.")) {
      return DType.F32;
    }
    if (mix.isFloat()) {
      return mix.most();
    }
    Matcher layer = LAYER.matcher(name);
    int index = layer.matches() ? Integer.parseInt(layer.group(1)) : 0;
    return fallback(wanted(name, shape, index), shape.columns());
  }

  private DType wanted(String name, Shape shape, int layer) {
    boolean isEmbedding = name.equals("token_embd.weight");
    if (name.equals("output.weight") || (isEmbedding && isTied)) {
      return output(shape.columns());
    }
    if (mix == QuantMix.MXFP4_MOE) {
      return shape.rank() == 3 ? DType.MXFP4 : DType.Q8_0;
    }
    if (isEmbedding) {
      return embedding();
    }
    if (name.contains("attn_v.") || name.contains("attn_kv_b.")) {
      return value(layer);
    }
    if (name.contains("attn_k.")) {
      return key();
    }
    if (name.contains("attn_q.")) {
      return query();
    }
    if (name.contains("attn_output.")) {
      return attentionOutput();
    }
    if (name.contains("ffn_down")) {
      return down(layer);
    }
    boolean isMiddle = layer >= layers / 8 && layer < 7 * layers / 8;
    boolean isInner = name.contains("ffn_up") || name.contains("ffn_gate");
    return mix == QuantMix.IQ3_XS && isInner && isMiddle ? DType.IQ3_XXS : mix.most();
  }

  private DType output(long columns) {
    if (mix == QuantMix.MXFP4_MOE || columns % mix.most().blockElements() != 0) {
      return DType.Q8_0;
    }
    return switch (mix) {
      case IQ1_S, IQ1_M, IQ2_XXS, IQ2_XS, IQ2_S, IQ2_M, IQ3_XXS -> DType.Q5_K;
      case Q8_0 -> DType.Q8_0;
      default -> DType.Q6_K;
    };
  }

  private DType embedding() {
    return switch (mix) {
      case IQ1_S, IQ1_M, IQ2_XXS, IQ2_XS -> DType.Q2_K;
      case IQ2_S, IQ2_M, IQ3_XXS -> DType.IQ3_S;
      default -> mix.most();
    };
  }

  private DType value(int layer) {
    boolean isShared = group >= 4;
    boolean isCheap = isShared || experts >= 4;
    DType type =
        switch (mix) {
          case IQ1_S, IQ1_M, IQ2_XXS, IQ2_XS -> isCheap ? DType.Q4_K : DType.Q2_K;
          case IQ2_S, IQ2_M -> isCheap ? DType.Q4_K : DType.IQ3_S;
          case Q2_K -> isShared ? DType.Q4_K : DType.Q3_K;
          case IQ3_XXS, IQ3_XS, IQ3_S -> isShared ? DType.Q4_K : mix.most();
          case IQ3_M -> DType.Q4_K;
          case Q3_K_M -> layer < 2 ? DType.Q5_K : DType.Q4_K;
          case Q3_K_L -> DType.Q5_K;
          case IQ4_NL, IQ4_XS -> isShared ? DType.Q5_K : mix.most();
          case Q4_K_M, Q5_K_M -> hasMoreBits(layer) ? DType.Q6_K : mix.most();
          case Q4_K_S -> layer < 4 ? DType.Q5_K : mix.most();
          default -> mix.most();
        };
    if (isLow()) {
      return type;
    }
    if (experts == FEW_EXPERTS) {
      return DType.Q8_0;
    }
    return isOf80 && (type == DType.Q3_K || type == DType.Q4_K) ? DType.Q5_K : type;
  }

  private DType key() {
    if (experts == FEW_EXPERTS) {
      return isLow() ? DType.Q4_K : DType.Q8_0;
    }
    return query();
  }

  private DType query() {
    return switch (mix) {
      case IQ3_XS -> DType.IQ3_XXS;
      case IQ3_XXS -> DType.IQ2_S;
      default -> mix.most();
    };
  }

  private DType attentionOutput() {
    if (experts == FEW_EXPERTS) {
      return switch (mix) {
        case Q8_0, Q6_K, Q5_K_M, Q5_K_S, Q4_0, Q3_K_L -> mix.most();
        default -> DType.Q5_K;
      };
    }
    return switch (mix) {
      case IQ1_S, IQ1_M -> DType.IQ2_XXS;
      case IQ2_S, IQ2_M, IQ3_XXS -> DType.IQ3_S;
      case Q2_K -> DType.Q3_K;
      case Q3_K_M, IQ3_M -> DType.Q4_K;
      case Q3_K_L -> DType.Q5_K;
      default -> mix.most();
    };
  }

  private DType down(int layer) {
    boolean isFirst = layer < layers / 8;
    return switch (mix) {
      case IQ1_S, IQ1_M, IQ2_XXS, IQ2_XS -> isFirst ? DType.Q2_K : mix.most();
      case IQ2_S, IQ2_M -> isFirst ? DType.IQ3_S : mix.most();
      case Q2_K -> DType.Q3_K;
      case Q3_K_M -> layer < layers / 16 ? DType.Q5_K : DType.Q4_K;
      case IQ3_M ->
          isFirst || (experts == FEW_EXPERTS && hasMoreBits(layer)) ? DType.Q4_K : mix.most();
      case Q3_K_L -> DType.Q5_K;
      case Q4_K_M, Q5_K_M -> hasMoreBits(layer) ? DType.Q6_K : mix.most();
      case Q4_K_S -> isFirst ? DType.Q5_K : mix.most();
      case Q4_0 -> isFirst ? DType.Q4_1 : mix.most();
      default -> mix.most();
    };
  }

  /** Of one or two bits. */
  private boolean isLow() {
    return switch (mix) {
      case IQ1_S, IQ1_M, IQ2_XXS, IQ2_XS, IQ2_S, IQ2_M -> true;
      default -> false;
    };
  }

  /** The first and the last eighth of the layers, and every third between. */
  private boolean hasMoreBits(int layer) {
    int eighth = layers / 8;
    return layer < eighth || layer >= 7 * layers / 8 || (layer - eighth) % 3 == 2;
  }

  /** Rows that are no whole blocks have a type of smaller ones. */
  private static DType fallback(DType wanted, long columns) {
    if (columns % wanted.blockElements() == 0) {
      return wanted;
    }
    DType smaller =
        switch (wanted) {
          case Q2_K, Q3_K -> DType.Q4_0;
          case Q4_K -> DType.Q5_0;
          case Q5_K -> DType.Q5_1;
          case Q6_K -> DType.Q8_0;
          default -> DType.IQ4_NL;
        };
    return columns % smaller.blockElements() == 0 ? smaller : DType.F16;
  }
}
