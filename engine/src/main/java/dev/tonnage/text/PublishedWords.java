package dev.tonnage.text;

import dev.tonnage.error.UnsupportedModel;
import dev.tonnage.file.Metadata;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a {@code tokenizer.json} says that text is cut into words, of which the known kinds are found
 * again: by what they cut off, written in the same way.
 *
 * @param where for messages
 * @param normalizers what is done to a text before it is cut, in their order
 * @param expressions what is cut off, each applied to what the one before left
 * @param ignoresMerges whether a word that is a token is taken as it stands
 */
record PublishedWords(
    String where, List<String> normalizers, List<String> expressions, boolean ignoresMerges) {

  static final String EXPRESSIONS = "tokenizer.huggingface.expressions";

  private static final Pattern ESCAPED =
      Pattern.compile("\\\\(?:u([0-9a-fA-F]{4})|x\\{([0-9a-fA-F]{1,5})\\})");

  /** Ranges with their bounds, as the program has them to be quicker. */
  private static final Pattern GROUPED =
      Pattern.compile("\\[[^\\[\\]]-[^\\[\\]]&&\\[([^\\[\\]]*)\\]\\]");

  /** Spaces up to the end, in the program without a search behind each of them. */
  private static final String LAST_SPACES = "(?<!\\s)\\s+\\z";

  static PublishedWords of(Metadata metadata) {
    return new PublishedWords(
        metadata.where(),
        texts(metadata, "tokenizer.huggingface.normalizers"),
        texts(metadata, EXPRESSIONS),
        metadata.flag("tokenizer.huggingface.ignore_merges", false));
  }

  private static List<String> texts(Metadata metadata, String key) {
    return Arrays.stream(metadata.array(key).utf8())
        .map(each -> new String(each, StandardCharsets.UTF_8))
        .toList();
  }

  /**
   * The known kind.
   *
   * @throws UnsupportedModel if there is none, or it does something else to the text before
   */
  PreTokenizerFamily family() {
    List<String> plain = expressions.stream().map(PublishedWords::plain).toList();
    for (PreTokenizerFamily family : PreTokenizerFamily.ALL) {
      List<String> known = family.expressions().stream().map(PublishedWords::plain).toList();
      if (known.equals(plain) && normalizes(family)) {
        return family.with(
            ignoresMerges ? PreTokenizer.WholeWords.TAKEN : PreTokenizer.WholeWords.MERGED);
      }
    }
    throw new UnsupportedModel(
        where,
        "text cut into words by "
            + expressions
            + (normalizers.isEmpty() ? "" : " after " + normalizers),
        "no ids of the model's own library were at hand to check against, and unchecked ids would"
            + " be guesses");
  }

  private boolean normalizes(PreTokenizerFamily family) {
    return switch (family.normalization()) {
      case NONE -> normalizers.isEmpty();
      case NFC -> normalizers.equals(List.of("NFC"));
    };
  }

  /**
   * With characters for escapes, escapes for ends of lines, Java's name for Han, and what the
   * program writes otherwise to be quicker.
   */
  private static String plain(String expression) {
    if (expression.equals("ByteLevel")) {
      return PreTokenizerFamily.BYTE_LEVEL;
    }
    if (expression.equals("\\s+$")) {
      return LAST_SPACES;
    }
    String characters =
        ESCAPED
            .matcher(expression)
            .replaceAll(escape ->
                Matcher.quoteReplacement(
                    Character.toString(
                        Integer.parseInt(
                            escape.group(1) != null ? escape.group(1) : escape.group(2), 16))));
    return GROUPED
        .matcher(characters)
        .replaceAll("$1")
        .replace("\r", "\\r")
        .replace("\n", "\\n")
        .replace("\\p{Han}", "\\p{IsHan}");
  }
}
