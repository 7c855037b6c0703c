package dev.tonnage.text;

import dev.tonnage.error.UnsupportedModel;
import dev.tonnage.file.Metadata;
import java.util.Arrays;
import java.util.Locale;

/**
 * Before which parts of a text, between its special tokens, a vocabulary's encoder puts a space.
 */
enum SpacePrefix {
  NEVER,
  /** Before each, as SentencePiece in llama.cpp, and {@code Prepend} in a tokenizer.json. */
  EACH_PART,
  /** Before each that does not begin with one: {@code Metaspace} with "always". */
  EACH_PART_WITHOUT,
  /** Before the first, if the text begins with it and it with none: with "first". */
  START_WITHOUT;

  /** Said by folders alone, by a name of this list. */
  static final String KEY = "tokenizer.huggingface.space_prefix";

  static SpacePrefix of(Metadata metadata) {
    if (!metadata.has(KEY)) {
      return metadata.flag("tokenizer.ggml.add_space_prefix", true) ? EACH_PART : NEVER;
    }
    String said = metadata.text(KEY).toUpperCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(each -> each.name().equals(said))
        .findFirst()
        .orElseThrow(
            () -> new UnsupportedModel(metadata.where(), KEY + " '" + said + "'", "not known"));
  }

  /**
   * Whether a part gets one.
   *
   * @param isStart whether nothing is before it
   * @param hasOne whether it begins with a space
   */
  boolean isPut(boolean isStart, boolean hasOne) {
    return switch (this) {
      case NEVER -> false;
      case EACH_PART -> true;
      case EACH_PART_WITHOUT -> !hasOne;
      case START_WITHOUT -> isStart && !hasOne;
    };
  }
}
