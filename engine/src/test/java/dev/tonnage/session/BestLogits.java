package dev.tonnage.session;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The best logits at each position of a prompt, as llama.cpp computed them with a cache of halves.
 *
 * @param logitDeviation of all logits
 * @param greedy ids that follow the prompt
 * @param rmsError of that engine against the same weights dequantised, over all logits; NaN where
 *     the weights are not of a block format
 * @param top20 per position
 * @param top20Exact of the same weights dequantised; empty where the weights are not of a block
 *     format
 */
record BestLogits(
    List<Integer> tokens,
    double logitDeviation,
    List<Integer> greedy,
    double rmsError,
    List<List<Entry>> top20,
    List<List<Entry>> top20Exact) {

  record Entry(int id, double logit) {}

  static BestLogits read(InputStream json) {
    JsonNode root = JsonMapper.shared().readTree(json);
    return new BestLogits(
        ids(root.get("tokens")),
        root.get("logit_std").asDouble(),
        ids(root.get("greedy")),
        root.path("rms_vs_dequantised").asDouble(Double.NaN),
        entries(root.get("top20")),
        entries(root.path("top20_dequantised")));
  }

  /** Root mean square difference between a model's logits and recorded ones. */
  double rms(LoadedModel model, List<List<Entry>> expected) {
    double[] sums = new double[2]; // squares, entries
    try (Session session = model.session()) {
      session.readEach(
          OpenModels.ints(tokens),
          (position, logits) -> {
            for (Entry entry : expected.get(position)) {
              double difference = logits[entry.id()] - entry.logit();
              sums[0] += difference * difference;
              sums[1]++;
            }
          });
    }
    return Math.sqrt(sums[0] / sums[1]);
  }

  private static List<Integer> ids(JsonNode array) {
    List<Integer> ids = new ArrayList<>();
    array.forEach(id -> ids.add(id.asInt()));
    return ids;
  }

  private static List<List<Entry>> entries(JsonNode positions) {
    List<List<Entry>> all = new ArrayList<>();
    for (JsonNode position : positions) {
      List<Entry> entries = new ArrayList<>();
      position.forEach(pair -> entries.add(new Entry(pair.get(0).asInt(), pair.get(1).asDouble())));
      all.add(entries);
    }
    return all;
  }
}
