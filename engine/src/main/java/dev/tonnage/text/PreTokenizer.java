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
 * <p>The names are those of {@code tokenizer.ggml.pre} to which llama.cpp gives the same
 * expressions and the same treatment of whole words. Names whose model normalises otherwise or is
 * not known to are not among them.
 */
final class PreTokenizer {

  private static final String KEY = "tokenizer.ggml.pre";

  /** What is done to a text before it is cut. */
  private enum Normalization {
    NONE,
    /**
     * The model's own library does; llama.cpp does not. Unicode is the JDK's: the library's own
     * dates from before Unicode 10 and leaves 120 newer combining marks where they stand.
     */
    NFC
  }

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

  /** What the names of one family share. */
  private record Family(
      List<String> names,
      Normalization normalization,
      WholeWords wholeWords,
      PromptFrame.Begin begin,
      List<String> expressions) {}

  private static final Family GPT_2 =
      new Family(
          List.of(
              "gpt-2",
              "phi-2",
              "jais",
              "gigachat",
              "a.x-4.0",
              "mellum",
              "trillion",
              "granite-docling",
              "exaone4"),
          Normalization.NONE,
          WholeWords.MERGED,
          PromptFrame.Begin.LEFT_OUT,
          List.of(
              "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+"
                  + "|\\s+(?!\\S)|\\s+"));

  private static final Family LLAMA_3 =
      new Family(
          List.of(
              "llama-bpe",
              "llama3",
              "llama-v3",
              "falcon3",
              "falcon-h1",
              "pixtral",
              "midm-2.0",
              "lfm2",
              "jina-v5-nano"),
          Normalization.NONE,
          WholeWords.TAKEN,
          PromptFrame.Begin.ADDED,
          List.of(
              "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
                  + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"));

  private static final Family QWEN_2 =
      new Family(
          List.of("qwen2", "deepseek-r1-qwen"),
          Normalization.NFC,
          WholeWords.MERGED,
          PromptFrame.Begin.LEFT_OUT,
          List.of(
              "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
                  + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"));

  private static final Family DEEPSEEK_V3 =
      new Family(
          List.of("deepseek-v3", "hunyuan-dense", "joyai-llm", "hy_v4"),
          Normalization.NONE,
          WholeWords.MERGED,
          PromptFrame.Begin.LEFT_OUT,
          List.of(
              "\\p{N}{1,3}",
              "[\\u4e00-\\u9fa5\\u3040-\\u309f\\u30a0-\\u30ff]+",
              "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+"
                  + "|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*"
                  + "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"));

  private static final List<Family> FAMILIES = List.of(LLAMA_3, QWEN_2, DEEPSEEK_V3, GPT_2);

  private final Family family;

  /** Compiled when first needed: a model that is only looked at never does. */
  private List<Pattern> patterns = List.of();

  private PreTokenizer(Family family) {
    this.family = family;
  }

  /**
   * The one that {@code tokenizer.ggml.pre} names.
   *
   * @throws UnsupportedModel for a name that is not known, listing those that are, and for none:
   *     files of before May 2024 have none, and guessing would give another model's words
   */
  static PreTokenizer of(Metadata metadata) {
    String name = metadata.text(KEY, "");
    for (Family family : FAMILIES) {
      if (family.names.contains(name)) {
        return new PreTokenizer(family);
      }
    }
    throw new UnsupportedModel(
        metadata.where(),
        name.isEmpty() ? "a gpt2 vocabulary without " + KEY : KEY + " '" + name + "'",
        "known: "
            + FAMILIES.stream()
                .flatMap(family -> family.names.stream())
                .collect(Collectors.joining(", ")));
  }

  /** What happens to a word that is a token. */
  WholeWords wholeWords() {
    return family.wholeWords;
  }

  /** Whether a prompt begins with the begin token where the file does not say. */
  PromptFrame.Begin begin() {
    return family.begin;
  }

  /** The text as it is cut: normalised where the model was trained so. */
  String normalize(String text) {
    return switch (family.normalization) {
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
          family.expressions.stream()
              .map(expression -> Pattern.compile(expression, Pattern.UNICODE_CHARACTER_CLASS))
              .toList();
    }
    return patterns;
  }
}
