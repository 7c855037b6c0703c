package dev.tonnage.text;

import dev.tonnage.error.UnsupportedModel;
import dev.tonnage.file.Metadata;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How a byte-level vocabulary's text is cut into words before pairs are merged: the regular
 * expressions that the models' {@code tokenizer.json} publish, each applied to what the one before
 * left, with what lies between matches a word of its own. They are written for engines whose
 * classes are Unicode's, so they run with {@link Pattern#UNICODE_CHARACTER_CLASS}.
 *
 * <p>A family does what the models' own library does, Hugging Face's tokenizers, and for Llama 4
 * and Kimi-K2 tiktoken: with a published vocabulary for a name of each and 25,000 random strings
 * there is no difference. For GLM-4, Kimi-K2 and MiniMax-M2 the vocabulary was another model's: how
 * they cut text is checked, their ids are the file's. A family's other names are those to which
 * llama.cpp gives the same, unless their model is known to normalise. Classes of characters are
 * Unicode 16's in both, but digits that are cut off one by one ({@code Digits}) are Unicode 17's in
 * the library: 13 more, U+11DE0 to U+11DE9 and U+16FF4, U+16FF5, U+16FF6. llama.cpp differs where
 * it does not normalise (Qwen2, Command-R) and where it leaves marks out of words, Hindi's and
 * Thai's among them (GPT-4o, Tekken).
 */
final class PreTokenizer {

  private static final String KEY = "tokenizer.ggml.pre";

  /** What happens to a word that is a token as it stands. */
  enum WholeWords {
    /** It is taken, whatever the merges would make of it ({@code ignore_merges}). */
    TAKEN,
    /** Its pairs are merged like any other's. */
    MERGED
  }

  /** Takes the words of a text, from left to right. */
  interface Words {

    /** A word, from one offset to another; never empty, and no gap between words. */
    void word(int from, int to);
  }

  private final PreTokenizerFamily family;

  /** Compiled when first needed: a model that is only looked at never does. */
  private List<Pattern> patterns = List.of();

  private PreTokenizer(PreTokenizerFamily family) {
    this.family = family;
  }

  /**
   * The one that {@code tokenizer.ggml.pre} names.
   *
   * @throws UnsupportedModel for a name that is not known or could not be checked, saying which,
   *     and for none: files of before May 2024 have none, and guessing would give another model's
   *     words
   */
  static PreTokenizer of(Metadata metadata) {
    if (metadata.has(PublishedWords.EXPRESSIONS)) {
      return new PreTokenizer(PublishedWords.of(metadata).family());
    }
    String name = metadata.text(KEY, "");
    for (PreTokenizerFamily family : PreTokenizerFamily.ALL) {
      if (family.names().contains(name)) {
        return new PreTokenizer(family);
      }
    }
    String supported =
        "supported: "
            + PreTokenizerFamily.ALL.stream()
                .flatMap(family -> family.names().stream())
                .collect(Collectors.joining(", "));
    throw new UnsupportedModel(
        metadata.where(),
        name.isEmpty() ? "a gpt2 vocabulary without " + KEY : KEY + " '" + name + "'",
        PreTokenizerFamily.UNCHECKED.contains(name)
            ? "the name is known, but no ids of the model's own library were at hand to check"
                + " against, and unchecked ids would be guesses; "
                + supported
            : supported);
  }

  /** What happens to a word that is a token. */
  WholeWords wholeWords() {
    return family.wholeWords();
  }

  /** Whether a prompt begins with the begin token where the file does not say. */
  PromptFrame.Begin begin() {
    return family.begin();
  }

  /** The text as it is cut: normalised where the model was trained so. */
  String normalize(String text) {
    return switch (family.normalization()) {
      case NONE -> text;
      case NFC -> CompositionForm.of(text);
    };
  }

  /** Cuts a normalised text into words. */
  void cut(String text, Words words) {
    List<Matcher> matchers = patterns().stream().map(pattern -> pattern.matcher(text)).toList();
    cut(matchers, 0, 0, text.length(), words);
  }

  /** A region's bounds are opaque: what an earlier expression cut off is not looked ahead at. */
  private static void cut(List<Matcher> matchers, int stage, int from, int to, Words words) {
    if (stage == matchers.size()) {
      words.word(from, to);
      return;
    }
    Matcher matcher = matchers.get(stage).region(from, to);
    int end = from;
    while (matcher.find()) {
      if (end < matcher.start()) {
        cut(matchers, stage + 1, end, matcher.start(), words);
      }
      cut(matchers, stage + 1, matcher.start(), matcher.end(), words);
      end = matcher.end();
    }
    if (end < to) {
      cut(matchers, stage + 1, end, to, words);
    }
  }

  private synchronized List<Pattern> patterns() {
    if (patterns.isEmpty()) {
      patterns =
          family.expressions().stream()
              .map(expression -> Pattern.compile(expression, Pattern.UNICODE_CHARACTER_CLASS))
              .toList();
    }
    return patterns;
  }
}
