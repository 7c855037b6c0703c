package dev.tonnage.model;

import dev.tonnage.model.TinyLlama.Experts;
import dev.tonnage.model.TinyLlama.Extra;
import dev.tonnage.model.TinyLlama.Heads;
import dev.tonnage.model.TinyLlama.Output;
import dev.tonnage.model.TinyLlama.Rope;
import dev.tonnage.model.TinyLlama.Scaling;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A tiny model's forward pass as the papers write it down, in doubles, one token after the other,
 * with every key and value kept whole: what logits are without rounding. Touvron et al., "LLaMA"
 * (2023); Su et al., "RoFormer" (2021), on adjacent pairs, elsewhere than in {@code llama} on
 * halves; Peng et al., "YaRN" (2023), with the constants 32 and 1 for the ramp.
 *
 * <p>Letters: H hidden width, V vocabulary, T tokens so far.
 */
public final class TextbookLlama {

  private static final double RAMP_FAST = 32;
  private static final double RAMP_SLOW = 1;

  private final TinyLlama model;
  private final Map<String, double[]> weights = new HashMap<>();

  /** Computes with a model's weights. */
  public TextbookLlama(TinyLlama model) {
    this.model = model;
    for (TinyWeight weight : model.weights()) {
      float[] values = weight.values();
      double[] exact = new double[values.length];
      Arrays.setAll(exact, i -> values[i]);
      weights.put(weight.name(), exact);
    }
  }

  /** Logits after each token: [tokens, V]. */
  public double[][] logits(List<Integer> tokens) {
    int layers = model.sizes().layers();
    double[][][] keys = new double[layers][tokens.size()][];
    double[][][] values = new double[layers][tokens.size()][];
    double[][] logits = new double[tokens.size()][];
    for (int position = 0; position < tokens.size(); position++) {
      double[] x = embedding(tokens.get(position)); // [H]
      for (int layer = 0; layer < layers; layer++) {
        String block = "blk." + layer + ".";
        double[] read =
            attention(block, norm(block + "attn_norm", x), position, keys[layer], values[layer]);
        add(linear(block + "attn_output", read), x);
        add(feedForward(block, norm(block + "ffn_norm", x)), x);
      }
      String output = model.output() == Output.TIED ? "token_embd" : "output";
      logits[position] = linear(output, norm("output_norm", x)); // [V]
    }
    return logits;
  }

  private double[] embedding(int id) {
    int hidden = model.sizes().hidden();
    return Arrays.copyOfRange(weights.get("token_embd.weight"), id * hidden, (id + 1) * hidden);
  }

  private double[] norm(String name, double[] x) {
    double squares = 0;
    for (double each : x) {
      squares += each * each;
    }
    double scale = 1 / Math.sqrt(squares / x.length + model.stream().normEpsilon());
    double[] gain = weights.get(name + ".weight");
    double[] y = new double[x.length];
    Arrays.setAll(y, i -> x[i] * scale * gain[i]);
    return y;
  }

  private double[] linear(String name, double[] x) {
    return linear(name, 0, 1, x);
  }

  /** With one of several matrices that are stacked. */
  private double[] linear(String name, int index, int count, double[] x) {
    double[] all = weights.get(name + ".weight");
    int length = all.length / count;
    double[] matrix = Arrays.copyOfRange(all, index * length, (index + 1) * length);
    double[] bias = weights.get(name + ".bias");
    double[] y = new double[matrix.length / x.length];
    for (int row = 0; row < y.length; row++) {
      double sum = bias == null ? 0 : bias[row];
      for (int column = 0; column < x.length; column++) {
        sum += matrix[row * x.length + column] * x[column];
      }
      y[row] = sum;
    }
    return y;
  }

  private double[] attention(
      String block, double[] x, int position, double[][] keys, double[][] values) {
    Heads heads = model.heads();
    int keyWidth = heads.keyWidth();
    int valueWidth = heads.valueWidth();
    double[] query;
    if (model.extra().contains(Extra.FUSED_QUERY_KEY_VALUE)) {
      double[] all = linear(block + "attn_qkv", x);
      int keysFrom = heads.queries() * keyWidth;
      int valuesFrom = keysFrom + heads.keyValues() * keyWidth;
      query = Arrays.copyOfRange(all, 0, keysFrom);
      keys[position] = Arrays.copyOfRange(all, keysFrom, valuesFrom);
      values[position] = Arrays.copyOfRange(all, valuesFrom, all.length);
    } else {
      query = linear(block + "attn_q", x);
      keys[position] = linear(block + "attn_k", x);
      values[position] = linear(block + "attn_v", x);
    }
    if (model.extra().contains(Extra.HEAD_NORMS)) {
      normHeads(block + "attn_q_norm", query);
      normHeads(block + "attn_k_norm", keys[position]);
    }
    rotate(query, position);
    rotate(keys[position], position);
    double[] read = new double[heads.queries() * valueWidth];
    for (int head = 0; head < heads.queries(); head++) {
      int shared = head / (heads.queries() / heads.keyValues());
      double[] weight = new double[position + 1]; // [T]
      double sum = 0;
      for (int at = 0; at <= position; at++) {
        double dot = 0;
        for (int i = 0; i < keyWidth; i++) {
          dot += query[head * keyWidth + i] * keys[at][shared * keyWidth + i];
        }
        weight[at] = Math.exp(dot / Math.sqrt(keyWidth)); // small models: no overflow to avoid
        sum += weight[at];
      }
      for (int at = 0; at <= position; at++) {
        for (int i = 0; i < valueWidth; i++) {
          read[head * valueWidth + i] += weight[at] / sum * values[at][shared * valueWidth + i];
        }
      }
    }
    return read;
  }

  private void normHeads(String name, double[] heads) {
    int width = model.heads().keyWidth();
    for (int start = 0; start < heads.length; start += width) {
      double[] normed = norm(name, Arrays.copyOfRange(heads, start, start + width));
      System.arraycopy(normed, 0, heads, start, width);
    }
  }

  /** Turns the pairs of every head by angles that grow with the position. */
  private void rotate(double[] heads, int position) {
    Rope rope = model.rope();
    for (int start = 0; start < heads.length; start += model.heads().keyWidth()) {
      for (int pair = 0; pair < rope.width() / 2; pair++) {
        double angle = position * Math.pow(rope.base(), -2.0 * pair / rope.width());
        if (!rope.factors().isEmpty()) {
          angle /= rope.factors().get(pair);
        }
        double magnitude = 1;
        switch (rope.scaling()) {
          case Scaling.None() -> {}
          case Scaling.Linear(float factor) -> angle /= factor;
          case Scaling.Yarn yarn -> {
            double kept = ramp(yarn.originalContextTokens(), pair);
            angle = angle / yarn.factor() * (1 - kept) + angle * kept;
            magnitude = yarn.attentionFactor() * (1 + 0.1 * Math.log(yarn.factor()));
          }
        }
        boolean adjacent = model.architecture().equals("llama");
        int a = start + (adjacent ? 2 * pair : pair);
        int b = start + (adjacent ? 2 * pair + 1 : pair + rope.width() / 2);
        double cos = Math.cos(angle) * magnitude;
        double sin = Math.sin(angle) * magnitude;
        double first = heads[a];
        heads[a] = first * cos - heads[b] * sin;
        heads[b] = first * sin + heads[b] * cos;
      }
    }
  }

  /** How much of a pair's frequency YaRN keeps: 1 for those that turn often, 0 for the slow. */
  private double ramp(int originalContextTokens, int pair) {
    double low = Math.max(0, Math.floor(pairThatTurns(RAMP_FAST, originalContextTokens)));
    double high =
        Math.min(
            model.rope().width() - 1, Math.ceil(pairThatTurns(RAMP_SLOW, originalContextTokens)));
    return 1 - Math.clamp((pair - low) / Math.max(0.001, high - low), 0, 1);
  }

  /** The pair, as a fraction, that turns so many times within the original context. */
  private double pairThatTurns(double turns, int originalContextTokens) {
    Rope rope = model.rope();
    return rope.width()
        * Math.log(originalContextTokens / (turns * 2 * Math.PI))
        / (2 * Math.log(rope.base()));
  }

  private double[] feedForward(String block, double[] x) {
    return model.experts().count() > 0 ? experts(block, x) : gated(block, "", 0, 1, x);
  }

  /** Those with the largest scores, by their probabilities among each other. */
  private double[] experts(String block, double[] x) {
    Experts experts = model.experts();
    double[] scores = linear(block + "ffn_gate_inp", x);
    List<Integer> chosen =
        IntStream.range(0, experts.count())
            .boxed()
            .sorted(Comparator.comparingDouble(expert -> -scores[expert]))
            .limit(experts.used())
            .toList();
    double sum = chosen.stream().mapToDouble(expert -> Math.exp(scores[expert])).sum();
    double[] y = new double[x.length];
    for (int expert : chosen) {
      double share = Math.exp(scores[expert]) / sum;
      double[] part = gated(block, "_exps", expert, experts.count(), x);
      for (int i = 0; i < y.length; i++) {
        y[i] += share * part[i];
      }
    }
    return y;
  }

  private double[] gated(String block, String kind, int index, int count, double[] x) {
    double[] gate = linear(block + "ffn_gate" + kind, index, count, x);
    double[] up = linear(block + "ffn_up" + kind, index, count, x);
    for (int i = 0; i < gate.length; i++) {
      up[i] *= gate[i] / (1 + Math.exp(-gate[i]));
    }
    return linear(block + "ffn_down" + kind, index, count, up);
  }

  private static void add(double[] y, double[] x) {
    for (int i = 0; i < x.length; i++) {
      x[i] += y[i];
    }
  }
}
