package dev.tonnage.text;

import dev.tonnage.error.BadFile;
import dev.tonnage.file.Metadata;
import java.util.OptionalInt;

/**
 * The tokens that a prompt gets in front and behind ({@code tokenizer.ggml.add_bos_token}, {@code
 * add_eos_token}), with llama.cpp's defaults where a file does not say: in front in a {@code llama}
 * vocabulary and where the pre-tokenizer is Llama 3's or Tekken, behind never.
 *
 * @param bos the token in front, or {@link Vocabulary#NONE}
 * @param eos the token behind, or {@link Vocabulary#NONE}
 */
record PromptFrame(int bos, int eos) {

  /** What a prompt gets in front where the file does not say. */
  enum Begin {
    ADDED,
    LEFT_OUT
  }

  private static final String ADD_BOS = "tokenizer.ggml.add_bos_token";
  private static final String ADD_EOS = "tokenizer.ggml.add_eos_token";

  /**
   * Reads what the file says.
   *
   * @throws BadFile if it asks for a token that it does not name
   */
  static PromptFrame of(Metadata metadata, SpecialIds ids, Begin begin) {
    boolean bosAdded = metadata.flag(ADD_BOS, begin == Begin.ADDED && ids.bos().isPresent());
    boolean eosAdded = metadata.flag(ADD_EOS, false);
    return new PromptFrame(
        bosAdded ? required(metadata, ADD_BOS, ids.bos(), "bos") : Vocabulary.NONE,
        eosAdded ? required(metadata, ADD_EOS, ids.eos(), "eos") : Vocabulary.NONE);
  }

  /** The ids with what stands around them. */
  int[] around(int[] ids) {
    int front = bos == Vocabulary.NONE ? 0 : 1;
    int behind = eos == Vocabulary.NONE ? 0 : 1;
    int[] framed = new int[front + ids.length + behind];
    System.arraycopy(ids, 0, framed, front, ids.length);
    if (front > 0) {
      framed[0] = bos;
    }
    if (behind > 0) {
      framed[framed.length - 1] = eos;
    }
    return framed;
  }

  private static int required(Metadata metadata, String key, OptionalInt id, String role) {
    return id.orElseThrow(() ->
        new BadFile(
            metadata.where() + ": " + key,
            "a tokenizer.ggml." + role + "_token_id of the vocabulary, for the flag is set",
            "none",
            "convert the model again"));
  }
}
