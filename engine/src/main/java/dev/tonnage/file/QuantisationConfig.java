package dev.tonnage.file;

import dev.tonnage.error.UnsupportedModel;
import dev.tonnage.file.Quantisation.Float8;
import dev.tonnage.file.Quantisation.Group;
import dev.tonnage.file.Quantisation.Groups;
import dev.tonnage.file.Quantisation.Mode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What {@code config.json} says of how matrices are stored. */
final class QuantisationConfig {

  private static final List<Integer> BITS = List.of(2, 3, 4, 5, 6, 8);
  private static final List<Integer> SIZES = List.of(32, 64, 128);

  private QuantisationConfig() {}

  static Quantisation read(JsonObject config) {
    Optional<JsonObject> mlx = config.findObject("quantization");
    Optional<JsonObject> other = config.findObject("quantization_config");
    if (mlx.isPresent()) { // which MLX says twice
      return groups(mlx.get());
    }
    return other.map(QuantisationConfig::other).orElseGet(Quantisation.None::new);
  }

  private static Quantisation other(JsonObject said) {
    if (said.has("group_size") && !said.has("quant_method")) {
      return groups(said);
    }
    String method = said.text("quant_method");
    return switch (method) {
      case "fp8" -> float8(said);
      case "mxfp4" -> {
        said.ignore("modules_to_not_convert"); // tensors say
        said.requireAllRead();
        yield new Quantisation.Blocks();
      }
      default ->
          throw new UnsupportedModel(
              said.where(),
              "quant_method '" + method + "'",
              "known in folders are fp8, mxfp4 and MLX's");
    };
  }

  private static Quantisation groups(JsonObject said) {
    Group usual = group(said, new Group(4, 64, Mode.AFFINE));
    Map<String, Group> others = new HashMap<>();
    for (String key : said.keys()) {
      JsonNode value = said.find(key).orElse(null);
      if (value != null && value.isObject()) {
        JsonObject own = said.object(key);
        others.put(key, group(own, usual));
        own.requireAllRead();
      } else if (value != null
          && !value.isBoolean() // plain floats, or as usual: the tensor's type says which
          && !List.of("group_size", "bits", "mode").contains(key)) {
        throw said.unsupported(key, value);
      }
    }
    return new Groups(usual, others);
  }

  private static Group group(JsonObject said, Group fallback) {
    long bits = said.integer("bits", fallback.bits());
    long size = said.integer("group_size", fallback.size());
    Mode mode =
        switch (said.text("mode", "affine")) {
          case "affine" -> Mode.AFFINE;
          case "mxfp4" -> Mode.MXFP4;
          default ->
              throw new UnsupportedModel(
                  said.where(), "mode '" + said.text("mode") + "'", "known: affine, mxfp4");
        };
    boolean isKnown =
        switch (mode) {
          case AFFINE -> BITS.contains((int) bits) && SIZES.contains((int) size);
          case MXFP4 -> bits == 4 && size == 32;
        };
    if (!isKnown || bits != (int) bits || size != (int) size) {
      throw new UnsupportedModel(
          said.where(),
          mode + " of " + bits + " bits in groups of " + size,
          "known are " + BITS + " bits in groups of " + SIZES + ", and mxfp4 of 32");
    }
    return new Group((int) bits, (int) size, mode);
  }

  private static Quantisation float8(JsonObject said) {
    String format = said.text("fmt", "e4m3");
    if (!List.of("e4m3", "float8_e4m3fn").contains(format)) {
      throw new UnsupportedModel(said.where(), "fmt '" + format + "'", "known is e4m3");
    }
    said.require("activation_scheme", "dynamic"); // how others quantise activations
    List<JsonNode> block = said.list("weight_block_size");
    said.ignore("modules_to_not_convert"); // tensors say
    said.requireAllRead();
    if (block.size() != 2
        || !block.stream().allMatch(each -> each.isIntegralNumber() && isExtent(each.intValue()))) {
      throw new UnsupportedModel(
          said.where(), "weight_block_size " + block, "blocks of rows and columns are known");
    }
    return new Float8(block.get(0).intValue(), block.get(1).intValue());
  }

  private static boolean isExtent(int number) {
    return number >= 1 && number <= 1 << 20;
  }
}
