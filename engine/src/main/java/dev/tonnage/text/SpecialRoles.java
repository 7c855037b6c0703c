package dev.tonnage.text;

import dev.tonnage.file.Metadata;
import java.util.List;
import java.util.TreeSet;

/**
 * Finds the tokens with a role.
 *
 * <p>A role's token is what the file says under {@code tokenizer.ggml.…_token_id}. Published files
 * name ids that the vocabulary does not have (llama.cpp issue 3634); such an id counts as not said,
 * as in llama.cpp. Where the file does not say, a {@code llama} vocabulary has 1, 2 and 0 for
 * begin, end and unknown, and a {@code gpt2} one has none (llama.cpp takes Falcon's 11 for any,
 * which elsewhere is a comma).
 *
 * <p>A generation ends with the end of text, of turn and of message, with the fill-in-the-middle
 * tokens for padding, repository and file separator, and with every token that has one of the names
 * below, as in llama.cpp and, for Llama 4's, in its own tokenizer: files seldom say which they are.
 * Files are often wrong about the type of such a token, so it is a control token whatever they say.
 * But one that pieces of text join to stays text: Qwen2.5 has an ordinary piece {@code </s>}.
 *
 * @param joined what text can spell
 */
record SpecialRoles(Metadata metadata, Vocabulary vocabulary, Joined joined) {

  /** Which tokens are two others together. */
  interface Joined {

    /** Whether pieces of text can be joined to this token. */
    boolean makes(int id);
  }

  /** Where any two tokens join to a third that is their text together. */
  static SpecialRoles ofAnyTwo(Metadata metadata, Vocabulary vocabulary) {
    return new SpecialRoles(metadata, vocabulary, id -> isTwo(vocabulary.bytes(id), vocabulary));
  }

  private static boolean isTwo(byte[] token, Vocabulary vocabulary) {
    for (int cut = 1; cut < token.length; cut++) {
      if (vocabulary.spell(token, 0, cut) != Vocabulary.NONE
          && vocabulary.spell(token, cut, token.length) != Vocabulary.NONE) {
        return true;
      }
    }
    return false;
  }

  /** What else ends a generation, as folders say it. */
  private static final String ENDS = "tokenizer.ggml.eog_token_ids";

  private static final int NONE = Vocabulary.NONE;

  /** A role that files name by key, or else by the text of the token, most telling first. */
  private record Role(String key, List<String> names) {}

  private static final Role END_OF_TURN =
      new Role(
          "tokenizer.ggml.eot_token_id",
          List.of(
              "<|eot_id|>",
              "<|eot|>",
              "<|im_end|>",
              "<|end|>",
              "<end_of_turn>",
              "<|endoftext|>",
              "<|end_of_text|>",
              "<EOT>",
              "_<EOT>",
              "[EOT]",
              "<｜end▁of▁sentence｜>",
              "<end_of_utterance>"));

  private static final Role END_OF_MESSAGE =
      new Role("tokenizer.ggml.eom_token_id", List.of("<|eom_id|>", "<|eom|>"));

  private static final List<Role> FILL_IN_THE_MIDDLE =
      List.of(
          new Role(
              "tokenizer.ggml.fim_pad_token_id",
              List.of("<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<PAD>", "[PAD]")),
          new Role(
              "tokenizer.ggml.fim_rep_token_id",
              List.of("<|fim_repo|>", "<|repo_name|>", "<fim-repo>", "<REPO>", "<reponame>")),
          new Role("tokenizer.ggml.fim_sep_token_id", List.of("<|file_sep|>")));

  private static final List<String> OTHER_ENDS =
      List.of(
          "</s>",
          "[EOS]",
          "<eos>",
          "<turn|>",
          "<|tool_response>",
          "<|return|>",
          "<|call|>",
          "<|calls|>",
          "<|flush|>",
          "[e~[");

  /** The roles of a {@code llama} vocabulary. */
  SpecialIds sentencePiece() {
    return ids(1, 2, 0);
  }

  /** The roles of a {@code gpt2} vocabulary. */
  SpecialIds byteLevel() {
    return ids(NONE, NONE, NONE);
  }

  private SpecialIds ids(int defaultBos, int defaultEos, int defaultUnknown) {
    TreeSet<Integer> ends = namedEnds();
    for (int id : ends) {
      vocabulary.markControl(id);
    }
    int eos = said("tokenizer.ggml.eos_token_id", defaultEos);
    ends.add(eos);
    if (metadata.has(ENDS)) {
      for (int id : metadata.array(ENDS).ints()) {
        ends.add(id >= 0 && id < vocabulary.size() ? id : NONE);
      }
    }
    ends.add(said(END_OF_TURN.key(), NONE));
    ends.add(said(END_OF_MESSAGE.key(), NONE));
    for (Role role : FILL_IN_THE_MIDDLE) {
      ends.add(said(role.key(), NONE));
    }
    ends.remove(NONE);
    return new SpecialIds(
        said("tokenizer.ggml.bos_token_id", defaultBos),
        eos,
        find(END_OF_TURN),
        find(END_OF_MESSAGE),
        said("tokenizer.ggml.unknown_token_id", defaultUnknown),
        ascending(ends));
  }

  private TreeSet<Integer> namedEnds() {
    TreeSet<Integer> ends = new TreeSet<>();
    for (List<String> names : List.of(END_OF_TURN.names(), END_OF_MESSAGE.names(), OTHER_ENDS)) {
      for (String name : names) {
        ends.add(named(name));
      }
    }
    for (Role role : FILL_IN_THE_MIDDLE) {
      if (said(role.key(), NONE) == NONE) {
        ends.add(find(role));
      }
    }
    leaveOut(ends);
    ends.remove(NONE);
    return ends;
  }

  private static int[] ascending(TreeSet<Integer> ids) {
    int[] ascending = new int[ids.size()];
    int end = 0;
    for (int id : ids) {
      ascending[end++] = id;
    }
    return ascending;
  }

  /** Where one token ends a turn, a like-named one ends less: gpt-oss, Solar Open, Gemma 4. */
  private void leaveOut(TreeSet<Integer> ends) {
    boolean call = named("<|call|>") != NONE || named("<|calls|>") != NONE;
    boolean answer = named("<|return|>") != NONE || named("<|flush|>") != NONE;
    if (call && answer) {
      ends.remove(named("<|end|>"));
    }
    if (named("<|tool_response>") != NONE) {
      ends.remove(named("</s>"));
    }
  }

  private int find(Role role) {
    int said = said(role.key(), NONE);
    if (said != NONE) {
      return said;
    }
    for (String name : role.names()) {
      int id = named(name);
      if (id != NONE) {
        return id;
      }
    }
    return NONE;
  }

  /** The token of this name, unless it is ordinary text. */
  private int named(String name) {
    int id = vocabulary.id(name).orElse(NONE);
    return id == NONE || isText(id) ? NONE : id;
  }

  private boolean isText(int id) {
    return switch (vocabulary.type(id)) {
      case NORMAL, USER_DEFINED, UNDEFINED, UNUSED -> joined.makes(id);
      case CONTROL, UNKNOWN, BYTE -> false;
    };
  }

  private int said(String key, int fallback) {
    long id = metadata.integer(key, fallback);
    if (id < 0 || id >= vocabulary.size()) {
      id = fallback;
    }
    return id < vocabulary.size() ? (int) id : NONE;
  }
}
