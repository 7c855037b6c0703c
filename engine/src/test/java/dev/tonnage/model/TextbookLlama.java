package dev.tonnage.model;

import dev.tonnage.model.TinyLlama.Experts;
import dev.tonnage.model.TinyLlama.Extra;
import dev.tonnage.model.TinyLlama.Heads;
import dev.tonnage.model.TinyLlama.Output;
import dev.tonnage.model.TinyLlama.Scaling;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A tiny model's forward pass as the papers write it down, in doubles, one token after the other,
 * with every key and value kept whole: what logits are without rounding. Touvron et al., "LLaMA"
 * (2023); how heads turn is {@link TextbookRotary}'s.
 *
 * <p>Letters: H hidden width, V vocabulary, T tokens so far.
 */
public final class TextbookLlama {

  private final TinyLlama model;
  private final TextbookRotary rotary;
  private final Map<String, double[]> weights = new HashMap<>();

  /** Computes with a model's weights. */
  public TextbookLlama(TinyLlama model) {
    this.model = model;
    this.rotary = new TextbookRotary(model);
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
        double[] normed = norm(block + "attn_norm", x);
        double[] read =
            model.latent().isPresent()
                ? latentAttention(block, normed, position, keys[layer], values[layer])
                : attention(block, normed, position, keys[layer], values[layer]);
        add(linear(block + "attn_output", read), x);
        double[] second = model.isParallel() ? normed : norm(block + model.feedForwardNorm(), x);
        add(feedForward(block, second), x);
      }
      String output = model.output() == Output.TIED ? "token_embd" : "output";
      logits[position] = linear(output, norm("output_norm", x)); // [V]
      if (model.isParallel()) {
        logits[position] =
            Arrays.stream(logits[position]).map(l -> l * TinyMetadata.LOGIT_SCALE).toArray();
      }
    }
    return logits;
  }

  private double[] embedding(int id) {
    int hidden = model.sizes().hidden();
    return Arrays.copyOfRange(weights.get("token_embd.weight"), id * hidden, (id + 1) * hidden);
  }

  private double[] norm(String name, double[] x) {
    return norm(weights.get(name + ".weight"), x);
  }

  /** Root mean square, or layer norm. */
  private double[] norm(double[] gain, double[] x) {
    double mean = model.isParallel() ? Arrays.stream(x).average().orElseThrow() : 0;
    double squares = 0;
    for (double each : x) {
      squares += (each - mean) * (each - mean);
    }
    double scale = 1 / Math.sqrt(squares / x.length + model.stream().normEpsilon());
    double[] y = new double[x.length];
    Arrays.setAll(y, i -> (x[i] - mean) * scale * gain[i]);
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
      double sum = bias == null ? 0 : bias[index * y.length + row];
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
    if (model.extra().contains(Extra.JOINT_NORMS)) {
      query = norm(block + "attn_q_norm", query);
      keys[position] = norm(block + "attn_k_norm", keys[position]);
    }
    double sharpness = 1;
    if (turnsNothing(block)) {
      sharpness += 0.1 * Math.log(1 + Math.floor((position + 1) / 8192.0));
    } else {
      rotate(query, position);
      rotate(keys[position], position);
      if (model.isLlama4() && model.experts().count() != 128) {
        normHeads(query);
        normHeads(keys[position]);
      }
    }
    double scale = sharpness / Math.sqrt(keyWidth);
    return read(block, query, keys, values, position, scale);
  }

  /**
   * Keys and values of all heads, made of the latent as in DeepSeek-AI, "DeepSeek-V2" (2024);
   * YaRN's magnitude is in the scale of scores.
   */
  private double[] latentAttention(
      String block, double[] x, int position, double[][] keys, double[][] values) {
    Heads heads = model.heads();
    int turning = model.rope().width();
    int plain = heads.keyWidth() - turning;
    int latent = model.latent().orElseThrow().width();
    double[] query =
        model.latent().orElseThrow().queryRank() == 0
            ? linear(block + "attn_q", x)
            : linear(
                block + "attn_q_b", norm(block + "attn_q_a_norm", linear(block + "attn_q_a", x)));
    double[] both = linear(block + "attn_kv_a_mqa", x);
    double[] normed = norm(block + "attn_kv_a_norm", Arrays.copyOfRange(both, 0, latent));
    double[] turned = Arrays.copyOfRange(both, latent, latent + turning);
    rotary.turn(turned, 0, position);
    keys[position] = new double[heads.queries() * heads.keyWidth()];
    values[position] = new double[heads.queries() * heads.valueWidth()];
    for (int head = 0; head < heads.queries(); head++) {
      int key = head * heads.keyWidth();
      rotary.turn(query, key + plain, position);
      System.arraycopy(keyOf(block, head, normed), 0, keys[position], key, plain);
      System.arraycopy(turned, 0, keys[position], key + plain, turning);
      double[] value = valueOf(block, head, normed);
      System.arraycopy(value, 0, values[position], head * value.length, value.length);
    }
    double magnitude =
        model.rope().scaling() instanceof Scaling.Yarn yarn
            ? 1 + yarn.logMultiplier() * Math.log(yarn.factor())
            : 1;
    double scale = magnitude * magnitude / Math.sqrt(heads.keyWidth());
    return read(block, query, keys, values, position, scale);
  }

  /** The part of a head's key that does not turn. */
  private double[] keyOf(String block, int head, double[] latent) {
    int plain = model.heads().keyWidth() - model.rope().width();
    double[] key = new double[plain];
    double[] apart = weights.get(block + "attn_k_b.weight"); // [heads, latent, plain]
    double[] joined = weights.get(block + "attn_kv_b.weight"); // [heads · (plain + value), latent]
    for (int n = 0; n < plain; n++) {
      for (int c = 0; c < latent.length; c++) {
        int row = head * (plain + model.heads().valueWidth()) + n;
        key[n] +=
            latent[c]
                * (apart == null
                    ? joined[row * latent.length + c]
                    : apart[(head * latent.length + c) * plain + n]);
      }
    }
    return key;
  }

  private double[] valueOf(String block, int head, double[] latent) {
    int heads = model.heads().queries();
    if (weights.containsKey(block + "attn_v_b.weight")) {
      return linear(block + "attn_v_b", head, heads, latent);
    }
    double[] both = linear(block + "attn_kv_b", head, heads, latent);
    return Arrays.copyOfRange(both, both.length - model.heads().valueWidth(), both.length);
  }

  /** What all heads read, each from the key/value head that it shares. */
  private double[] read(
      String block,
      double[] query,
      double[][] keys,
      double[][] values,
      int position,
      double scale) {
    Heads heads = model.heads();
    int keyWidth = heads.keyWidth();
    int valueWidth = heads.valueWidth();
    int keyValueHeads = keys[position].length / keyWidth;
    int first = firstSeen(block, position);
    double[] sinks = weights.get(block + "attn_sinks.weight");
    double[] read = new double[heads.queries() * valueWidth];
    for (int head = 0; head < heads.queries(); head++) {
      int shared = head / (heads.queries() / keyValueHeads);
      double[] weight = new double[position + 1]; // [T]
      double sum = sinks == null ? 0 : Math.exp(sinks[head]);
      for (int at = first; at <= position; at++) {
        double dot = 0;
        for (int i = 0; i < keyWidth; i++) {
          dot += query[head * keyWidth + i] * keys[at][shared * keyWidth + i];
        }
        weight[at] = Math.exp(dot * scale); // small models: no overflow to avoid
        sum += weight[at];
      }
      for (int at = first; at <= position; at++) {
        for (int i = 0; i < valueWidth; i++) {
          read[head * valueWidth + i] += weight[at] / sum * values[at][shared * valueWidth + i];
        }
      }
    }
    return read;
  }

  private boolean turnsNothing(String block) {
    return model.isLlama4() && (layer(block) + 1) % 4 == 0;
  }

  private static int layer(String block) {
    return Integer.parseInt(block.replaceAll("\\D", ""));
  }

  /** Of gpt-oss, the last layer of a period sees everything and others no further than a window. */
  private int firstSeen(String block, int position) {
    if (model.isLlama4()) {
      return turnsNothing(block) ? 0 : position / 8192 * 8192;
    }
    boolean isLast = (layer(block) + 1) % model.windowPeriod() == 0;
    return model.isGptOss() && !isLast ? Math.max(0, position + 1 - TinyMetadata.WINDOW) : 0;
  }

  private void normHeads(double[] heads) {
    double[] ones = new double[model.heads().keyWidth()];
    Arrays.fill(ones, 1);
    normHeads(ones, heads);
  }

  private void normHeads(String name, double[] heads) {
    normHeads(weights.get(name + ".weight"), heads);
  }

  /** With the gains of one head or of all. */
  private void normHeads(double[] gains, double[] heads) {
    int width = model.heads().keyWidth();
    for (int start = 0; start < heads.length; start += width) {
      int from = start % gains.length;
      double[] gain = Arrays.copyOfRange(gains, from, from + width);
      double[] normed = norm(gain, Arrays.copyOfRange(heads, start, start + width));
      System.arraycopy(normed, 0, heads, start, width);
    }
  }

  private void rotate(double[] heads, int position) {
    for (int start = 0; start < heads.length; start += model.heads().keyWidth()) {
      rotary.turn(heads, start, position);
    }
  }

  private double[] feedForward(String block, double[] x) {
    if (!weights.containsKey(block + "ffn_gate_inp.weight")) {
      return gated(block, "", 0, 1, x);
    }
    double[] y = experts(block, x);
    if (model.experts().choice().shared() > 0) {
      add(gated(block, "_shexp", 0, 1, x), y);
    }
    return y;
  }

  private double[] experts(String block, double[] x) {
    Experts experts = model.experts();
    double[] scores = linear(block + "ffn_gate_inp", x);
    double[] shares = TextbookRouter.shares(model, scores, weights.get(block + "exp_probs_b.bias"));
    double[] y = new double[x.length];
    for (int expert = 0; expert < shares.length; expert++) {
      if (shares[expert] != 0) {
        double share = shares[expert];
        boolean isBefore = model.isLlama4();
        double[] read = Arrays.stream(x).map(each -> isBefore ? share * each : each).toArray();
        double[] part = gated(block, "_exps", expert, experts.count(), read);
        for (int i = 0; i < y.length; i++) {
          y[i] += isBefore ? part[i] : share * part[i];
        }
      }
    }
    return y;
  }

  private double[] gated(String block, String kind, int index, int count, double[] x) {
    double[] gate = linear(block + "ffn_gate" + kind, index, count, x);
    double[] up = linear(block + "ffn_up" + kind, index, count, x);
    for (int i = 0; i < gate.length; i++) {
      up[i] = model.isGptOss() ? clamped(gate[i], up[i]) : silu(gate[i]) * up[i];
    }
    return linear(block + "ffn_down" + kind, index, count, up);
  }

  private static double silu(double gate) {
    return gate / (1 + Math.exp(-gate));
  }

  /** OpenAI, "gpt-oss-120b & gpt-oss-20b Model Card" (2025), and its torch/model.py. */
  private static double clamped(double gate, double up) {
    double least = Math.min(gate, 7);
    return least / (1 + Math.exp(-1.702 * least)) * (Math.clamp(up, -7, 7) + 1);
  }

  private static void add(double[] y, double[] x) {
    for (int i = 0; i < x.length; i++) {
      x[i] += y[i];
    }
  }
}
