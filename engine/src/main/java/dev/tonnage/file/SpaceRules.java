package dev.tonnage.file;

import dev.tonnage.error.UnsupportedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a {@code tokenizer.json} of characters writes spaces: as U+2581, and with one more before
 * some parts of a text. Of the ways to say it those are known that published files have.
 *
 * @param rest everything beside the model
 */
record SpaceRules(JsonObject rest) {

  private static final String SPACE = "▁";

  /** Which parts of a text get one more, by the names of {@code tokenizer.huggingface}. */
  String prefix() {
    Optional<JsonObject> normalizer = rest.findObject("normalizer");
    Optional<JsonObject> cutter = rest.findObject("pre_tokenizer");
    if (normalizer.isPresent() == cutter.isPresent()) {
      throw unsupported(rest, "spaces written by both or none of normalizer and pre_tokenizer");
    }
    return normalizer.isPresent() ? byNormalizer(normalizer.get()) : byCutter(cutter.get());
  }

  private String byNormalizer(JsonObject normalizer) {
    List<JsonObject> steps = new ArrayList<>();
    flatten(normalizer, steps);
    boolean prepends = steps.size() == 2 && isPrepending(steps.getFirst());
    if (steps.size() != (prepends ? 2 : 1) || !isReplacing(steps.getLast())) {
      throw unsupported(normalizer, "normalizer " + steps.stream().map(this::type).toList());
    }
    for (JsonObject added : rest.objects("added_tokens")) {
      if (added.flag("normalized", false)) { // then the space before it would be a part of it
        throw unsupported(added, "normalized of '" + added.text("content") + "'");
      }
    }
    return prepends ? "each_part" : "never";
  }

  private void flatten(JsonObject normalizer, List<JsonObject> steps) {
    if (type(normalizer).equals("Sequence")) {
      normalizer.objects("normalizers").forEach(each -> flatten(each, steps));
    } else {
      steps.add(normalizer);
    }
  }

  private String type(JsonObject step) {
    return step.text("type");
  }

  private boolean isPrepending(JsonObject step) {
    return type(step).equals("Prepend") && step.text("prepend").equals(SPACE);
  }

  private boolean isReplacing(JsonObject step) {
    return type(step).equals("Replace")
        && step.text("content").equals(SPACE)
        && step.object("pattern").text("String", "").equals(" ");
  }

  private String byCutter(JsonObject cutter) {
    if (!type(cutter).equals("Metaspace")
        || !cutter.text("replacement").equals(SPACE)
        || cutter.flag("split", true)) {
      throw unsupported(cutter, "pre_tokenizer " + type(cutter) + ", or its split");
    }
    String scheme = cutter.text("prepend_scheme");
    return switch (scheme) {
      case "always" -> "each_part_without";
      case "first" -> "start_without";
      case "never" -> "never";
      default -> throw unsupported(cutter, "prepend_scheme '" + scheme + "'");
    };
  }

  private static UnsupportedModel unsupported(JsonObject where, String what) {
    return new UnsupportedModel(where.where(), what, "its ids would differ");
  }
}
