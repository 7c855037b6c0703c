package dev.tonnage.text;

import java.util.List;

/**
 * What the pre-tokenizers of one kind share, as the models' {@code tokenizer.json} publish it.
 *
 * @param names the names of {@code tokenizer.ggml.pre}
 * @param normalization what is done to a text before it is cut
 * @param wholeWords what happens to a word that is a token
 * @param begin whether a prompt begins with the begin token where the file does not say
 * @param expressions what is cut off, each applied to what the one before left
 */
record PreTokenizerFamily(
    List<String> names,
    Normalization normalization,
    PreTokenizer.WholeWords wholeWords,
    PromptFrame.Begin begin,
    List<String> expressions) {

  /** What is done to a text before it is cut. */
  enum Normalization {
    NONE,
    /**
     * The model's own library does; llama.cpp does not. Unicode is the JDK's: the library's own
     * dates from before Unicode 10 and leaves 120 newer combining marks where they stand.
     */
    NFC
  }

  /** The same with another answer to words that are tokens. */
  PreTokenizerFamily with(PreTokenizer.WholeWords others) {
    return new PreTokenizerFamily(names, normalization, others, begin, expressions);
  }

  private static final String CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";

  /** Line ends with the spaces before them, spaces but for the last before a word, other spaces. */
  private static final String SPACES = "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  /** Letters that are not lower case, and those that are not upper case; marks are both. */
  private static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";

  private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";

  /** A word begins with what stands before it and is cut where case rises. */
  private static final String CAPITALISED = "[^\\r\\n\\p{L}\\p{N}]?" + UPPER + "*" + LOWER + "+";

  private static final String IN_CAPITALS = "[^\\r\\n\\p{L}\\p{N}]?" + UPPER + "+" + LOWER + "*";

  private static final String SYMBOLS_AND_SLASHES = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*";

  private static String withoutHan(String word) {
    return word.replace("\\p{M}]", "\\p{M}&&[^\\p{IsHan}]]");
  }

  /** GPT-2's own. */
  static final String BYTE_LEVEL =
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

  /** Han, and what lies between it and Latin, and Hangul. */
  private static final String DEEPSEEK_IDEOGRAPHS =
      "[\\u4e00-\\u9fa5\\u0800-\\u4e00\\uac00-\\ud7ff]+";

  /**
   * The letters with case that there were when it was published. Java asks the ranges of a class
   * one after the other, so they are in groups of which most characters need a look at the bounds
   * alone: five times as fast.
   */
  private static final String DEEPSEEK_LETTERS =
      "A-Za-z"
          + "[\\u00b5-\\u0556&&[\\u00b5\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u01ba"
          + "\\u01bc-\\u01bf\\u01c4-\\u0293\\u0295-\\u02af\\u0370-\\u0373\\u0376\\u0377"
          + "\\u037b-\\u037d\\u037f\\u0386\\u0388-\\u038a\\u038c\\u038e-\\u03a1\\u03a3-\\u03f5"
          + "\\u03f7-\\u0481\\u048a-\\u052f\\u0531-\\u0556]]"
          + "[\\u10a0-\\u1ffc&&[\\u10a0-\\u10c5\\u13a0-\\u13f5\\u13f8-\\u13fd\\u1c90-\\u1cba"
          + "\\u1cbd-\\u1cbf\\u1d00-\\u1d2b\\u1d6b-\\u1d77\\u1d79-\\u1d9a\\u1e00-\\u1f15"
          + "\\u1f18-\\u1f1d\\u1f20-\\u1f45\\u1f48-\\u1f4d\\u1f50-\\u1f57\\u1f59\\u1f5b\\u1f5d"
          + "\\u1f5f-\\u1f7d\\u1f80-\\u1fb4\\u1fb6-\\u1fbc\\u1fbe\\u1fc2-\\u1fc4\\u1fc6-\\u1fcc"
          + "\\u1fd0-\\u1fd3\\u1fd6-\\u1fdb\\u1fe0-\\u1fec\\u1ff2-\\u1ff4\\u1ff6-\\u1ffc]]"
          + "[\\u2102-\\u2184&&[\\u2102\\u2107\\u210a-\\u2113\\u2115\\u2119-\\u211d\\u2124"
          + "\\u2126\\u2128\\u212a-\\u212d\\u212f-\\u2134\\u2139\\u213c-\\u213f\\u2145-\\u2149"
          + "\\u214e\\u2183\\u2184]]"
          + "[\\u2c00-\\u2cf3&&[\\u2c00-\\u2c7b\\u2c7e-\\u2ce4\\u2ceb-\\u2cee\\u2cf2\\u2cf3]]"
          + "[\\ua640-\\uabbf&&[\\ua640-\\ua66d\\ua680-\\ua69b\\ua722-\\ua76f\\ua771-\\ua787"
          + "\\ua78b-\\ua78e\\uab70-\\uabbf]]"
          + "[\\ufb00-\\uff5a&&[\\ufb00-\\ufb06\\ufb13-\\ufb17\\uff21-\\uff3a\\uff41-\\uff5a]]"
          + "[\\x{10400}-\\x{1e943}&&[\\x{10400}-\\x{1044f}\\x{104b0}-\\x{104d3}"
          + "\\x{104d8}-\\x{104fb}\\x{10c80}-\\x{10cb2}\\x{10cc0}-\\x{10cf2}"
          + "\\x{118a0}-\\x{118df}\\x{1e900}-\\x{1e943}]]";

  private static final PreTokenizerFamily GPT_2 =
      new PreTokenizerFamily(
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
          PreTokenizer.WholeWords.MERGED,
          PromptFrame.Begin.LEFT_OUT,
          List.of(BYTE_LEVEL));

  private static final PreTokenizerFamily STARCODER =
      new PreTokenizerFamily(
          List.of("starcoder", "refact"),
          Normalization.NONE,
          PreTokenizer.WholeWords.MERGED,
          PromptFrame.Begin.LEFT_OUT,
          List.of("\\p{N}", BYTE_LEVEL));

  private static final PreTokenizerFamily COMMAND_R =
      new PreTokenizerFamily(
          List.of("command-r"),
          Normalization.NFC,
          PreTokenizer.WholeWords.MERGED,
          PromptFrame.Begin.LEFT_OUT,
          STARCODER.expressions);

  private static final PreTokenizerFamily LLAMA_3 =
      new PreTokenizerFamily(
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
          PreTokenizer.WholeWords.TAKEN,
          PromptFrame.Begin.ADDED,
          List.of(
              CONTRACTION
                  + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
                  + SPACES));

  /** GLM-4 to 4.6, whose words are Llama 3's. */
  private static final PreTokenizerFamily GLM_4 =
      new PreTokenizerFamily(
          List.of("glm4", "chatglm-bpe"),
          Normalization.NONE,
          PreTokenizer.WholeWords.TAKEN,
          PromptFrame.Begin.LEFT_OUT,
          LLAMA_3.expressions);

  private static final PreTokenizerFamily QWEN_2 =
      new PreTokenizerFamily(
          List.of("qwen2", "deepseek-r1-qwen"),
          Normalization.NFC,
          PreTokenizer.WholeWords.MERGED,
          PromptFrame.Begin.LEFT_OUT,
          List.of(
              CONTRACTION
                  + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
                  + SPACES));

  private static final PreTokenizerFamily GPT_4O =
      new PreTokenizerFamily(
          List.of("gpt-4o", "llama4"),
          Normalization.NONE,
          PreTokenizer.WholeWords.TAKEN,
          PromptFrame.Begin.LEFT_OUT,
          List.of(
              CAPITALISED
                  + CONTRACTION
                  + "?|"
                  + IN_CAPITALS
                  + CONTRACTION
                  + "?|\\p{N}{1,3}"
                  + SYMBOLS_AND_SLASHES
                  + SPACES));

  private static final PreTokenizerFamily MINIMAX_M2 =
      new PreTokenizerFamily(
          List.of("minimax-m2"),
          Normalization.NFC,
          PreTokenizer.WholeWords.MERGED,
          PromptFrame.Begin.LEFT_OUT,
          GPT_4O.expressions);

  private static final PreTokenizerFamily KIMI_K2 =
      new PreTokenizerFamily(
          List.of("kimi-k2"),
          Normalization.NONE,
          PreTokenizer.WholeWords.TAKEN,
          PromptFrame.Begin.LEFT_OUT,
          List.of(
              "[\\p{IsHan}]+|"
                  + withoutHan(CAPITALISED)
                  + CONTRACTION
                  + "?|"
                  + withoutHan(IN_CAPITALS)
                  + CONTRACTION
                  + "?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
                  + SPACES));

  private static final PreTokenizerFamily TEKKEN =
      new PreTokenizerFamily(
          List.of("tekken"),
          Normalization.NONE,
          PreTokenizer.WholeWords.TAKEN,
          PromptFrame.Begin.ADDED,
          List.of(CAPITALISED + "|" + IN_CAPITALS + "|\\p{N}" + SYMBOLS_AND_SLASHES + SPACES));

  private static final PreTokenizerFamily DEEPSEEK_LLM =
      new PreTokenizerFamily(
          List.of("deepseek-llm"),
          Normalization.NONE,
          PreTokenizer.WholeWords.MERGED,
          PromptFrame.Begin.LEFT_OUT,
          List.of(
              "[\\r\\n]",
              "\\s?[" + DEEPSEEK_LETTERS + "]+",
              "\\s?[!-/:-~\\uff01-\\uff0f\\uff1a-\\uff5e\\u2018-\\u201f\\u3000-\\u3002]+",
              // published without what looks behind, which changes no match but saves the search
              // from trying again behind each of many spaces
              "(?<!\\s)\\s+\\z",
              DEEPSEEK_IDEOGRAPHS,
              "\\p{N}"));

  private static final PreTokenizerFamily DEEPSEEK_CODER =
      new PreTokenizerFamily(
          List.of("deepseek-coder"),
          Normalization.NONE,
          PreTokenizer.WholeWords.MERGED,
          PromptFrame.Begin.LEFT_OUT,
          List.of("[\\r\\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", DEEPSEEK_IDEOGRAPHS, "\\p{N}"));

  private static final PreTokenizerFamily DEEPSEEK_V3 =
      new PreTokenizerFamily(
          List.of("deepseek-v3", "hunyuan-dense", "joyai-llm", "hy_v4"),
          Normalization.NONE,
          PreTokenizer.WholeWords.MERGED,
          PromptFrame.Begin.LEFT_OUT,
          List.of(
              "\\p{N}{1,3}",
              "[\\u4e00-\\u9fa5\\u3040-\\u309f\\u30a0-\\u30ff]+",
              "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+"
                  + "|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*"
                  + SPACES));

  /** Every family that there is. */
  static final List<PreTokenizerFamily> ALL =
      List.of(
          LLAMA_3,
          GLM_4,
          QWEN_2,
          DEEPSEEK_V3,
          DEEPSEEK_LLM,
          DEEPSEEK_CODER,
          GPT_4O,
          MINIMAX_M2,
          KIMI_K2,
          TEKKEN,
          COMMAND_R,
          STARCODER,
          GPT_2);

  /**
   * Names that llama.cpp knows and whose ids could not be compared with those of the model's own
   * library, for want of its vocabulary or of what it publishes.
   */
  static final List<String> UNCHECKED =
      List.of(
          "afmoe",
          "bailingmoe",
          "bailingmoe2",
          "bloom",
          "chameleon",
          "codeshell",
          "cohere2moe",
          "dbrx",
          "exaone",
          "exaone-moe",
          "f2llmv2",
          "falcon",
          "gpt3-finnish",
          "granite-embed-multi-311m",
          "granite-embed-multi-97m",
          "grok-2",
          "hunyuan",
          "jais-2",
          "jina-de",
          "jina-es",
          "jina-v1-en",
          "jina-v2-code",
          "jina-v2-de",
          "jina-v2-es",
          "kanana2",
          "kormo",
          "laguna",
          "llada-moe",
          "megrez",
          "mellum2",
          "minerva-7b",
          "minicpm5",
          "modern-bert",
          "mpt",
          "olmo",
          "poro-chat",
          "qwen35",
          "roberta-bpe",
          "sarvam-moe",
          "seed-coder",
          "smaug-bpe",
          "smollm",
          "solar-open",
          "stablelm2",
          "superbpe",
          "talkie",
          "tiny_aya",
          "ufakzeka",
          "viking",
          "whitespace",
          "youtu");
}
