package dev.tonnage.eval;

import dev.tonnage.text.SpecialTokens;
import dev.tonnage.text.Tokenizer;
import java.util.OptionalInt;

/** Ids as a model wants a text to begin, and without what it may want behind it. */
final class Beginning {

  private Beginning() {}

  /** What the model wants in front of every text, also of an empty one. */
  static OptionalInt token(Tokenizer tokenizer) {
    int[] frame = tokenizer.encodePrompt("", SpecialTokens.AS_TEXT);
    OptionalInt bos = tokenizer.specialIds().bos();
    return frame.length > 0 && bos.isPresent() && frame[0] == bos.getAsInt()
        ? bos
        : OptionalInt.empty();
  }

  /** A text's ids behind it; no control token is recognised in the text. */
  static int[] ids(Tokenizer tokenizer, String text) {
    int[] ids = tokenizer.encode(text, SpecialTokens.AS_TEXT);
    OptionalInt begin = token(tokenizer);
    if (begin.isEmpty()) {
      return ids;
    }
    int[] begun = new int[ids.length + 1];
    begun[0] = begin.getAsInt();
    System.arraycopy(ids, 0, begun, 1, ids.length);
    return begun;
  }
}
