package dev.tonnage.text;

import dev.tonnage.error.UnsupportedModel;
import dev.tonnage.file.Metadata;

/**
 * Text to token ids and back, as a checkpoint's metadata ({@code tokenizer.ggml.*}) says.
 * Immutable: any number of threads may use one.
 *
 * <p>Text is any {@link String}; half a surrogate pair in it counts as U+FFFD.
 */
public sealed interface Tokenizer permits ByteLevelTokenizer, SentencePieceTokenizer {

  /**
   * The tokenizer of a checkpoint. {@code tokenizer.ggml.model} may be {@code llama} (SentencePiece
   * byte pair encoding with scores) or {@code gpt2} (byte-level byte pair encoding with merges).
   *
   * @throws dev.tonnage.error.BadFile if something is missing, of the wrong type or length, or
   *     contradicts itself; the message names key and index
   * @throws UnsupportedModel for another model or pre-tokenizer, by its name
   */
  static Tokenizer of(Metadata metadata) {
    String model = metadata.text("tokenizer.ggml.model");
    return switch (model) {
      case "gpt2" -> ByteLevelTokenizer.of(metadata);
      case "llama" -> SentencePieceTokenizer.of(metadata);
      default ->
          throw new UnsupportedModel(
              metadata.where(), "tokenizer model '" + model + "'", "known: gpt2, llama");
    };
  }

  /** The tokens. */
  Vocabulary vocabulary();

  /** The tokens with a role, and which end a generation. */
  SpecialIds specialIds();

  /** The ids of a text, and nothing added to it. */
  int[] encode(String text, SpecialTokens specialTokens);

  /**
   * The ids of a prompt: the text's, with a begin and an end token where the file asks for them
   * ({@code tokenizer.ggml.add_bos_token}, {@code add_eos_token}). Not for a chat template's
   * output, which has its own.
   */
  int[] encodePrompt(String text, SpecialTokens specialTokens);

  /**
   * The bytes of text that a token stands for, alone not always whole characters. Unused tokens
   * stand for none.
   *
   * @throws dev.tonnage.error.BadRequest if there is no such token
   */
  byte[] bytes(int id, ControlTokens controlTokens);

  /**
   * Whether encoding puts a space before a text ({@code tokenizer.ggml.add_space_prefix}), which
   * {@link TextStream} takes away again.
   */
  boolean addsSpacePrefix();

  /**
   * The text of ids, from the start of a text. For ids as they come, and for those that continue a
   * prompt, see {@link TextStream}.
   *
   * @throws dev.tonnage.error.BadRequest if there is no such token
   */
  default String decode(int[] ids, ControlTokens controlTokens) {
    TextStream stream = new TextStream(this, TextStream.Start.OF_TEXT, controlTokens);
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      text.append(stream.accept(id));
    }
    return text.append(stream.end()).toString();
  }
}
