package dev.tonnage.file;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.UnsupportedModel;
import dev.tonnage.file.TokenizerJson.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * What {@code tokenizer.json} and the files beside it say, under the keys that a GGUF file would
 * have; how text is cut into words, which GGUF files say by a name, under keys of its own.
 *
 * <p>Source: the serialised form of Hugging Face's tokenizers.
 */
final class FolderTokenizer {

  private static final int NORMAL = 1;
  private static final int UNKNOWN = 2;
  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;
  private static final int UNUSED = 5;
  private static final int BYTE = 6;

  /** Classes of transformers that add begin and end by flags and not by the template. */
  private static final List<String> ADDING_BY_FLAGS = List.of("LlamaTokenizer", "CohereTokenizer");

  private final TokenizerJson json;
  private final JsonObject config;
  private final FolderMetadata metadata;
  private final byte[][] tokens;
  private final int[] types;

  private FolderTokenizer(
      TokenizerJson json, JsonObject config, int vocabulary, FolderMetadata metadata) {
    this.json = json;
    this.config = config;
    this.metadata = metadata;
    this.tokens = new byte[vocabulary][];
    this.types = new int[tokens.length];
  }

  /**
   * Reads everything.
   *
   * @param json tokenizer.json
   * @param config tokenizer_config.json
   * @param ends ids that end a generation, as generation_config.json or config.json say
   * @param vocabulary rows of the embedding
   */
  static void read(
      TokenizerJson json,
      JsonObject config,
      List<Integer> ends,
      int vocabulary,
      FolderMetadata metadata) {
    new FolderTokenizer(json, config, vocabulary, metadata).readAll(ends);
  }

  private void readAll(List<Integer> ends) {
    json.tokens().forEach((text, id) -> put(text, id, NORMAL, json.rest().where("vocab")));
    for (JsonObject added : json.rest().objects("added_tokens")) {
      addedToken(added);
    }
    for (int id = 0; id < tokens.length; id++) {
      if (tokens[id] == null) { // as llama.cpp's converter calls them
        put("[PAD" + id + "]", id, UNUSED, "");
      }
    }
    switch (json.kind()) {
      case Kind.Bytes(boolean ignoresMerges) -> {
        metadata.put("tokenizer.ggml.model", "gpt2");
        metadata.put("tokenizer.huggingface.ignore_merges", ignoresMerges);
        words();
      }
      case Kind.Characters(String unknown) -> {
        metadata.put("tokenizer.ggml.model", "llama");
        metadata.put("tokenizer.huggingface.space_prefix", new SpaceRules(json.rest()).prefix());
        characters(unknown);
      }
      case Kind.Ranks() -> {
        metadata.put("tokenizer.ggml.model", "gpt2");
        metadata.put("tokenizer.ggml.pre", "kimi-k2");
        metadata.put("tokenizer.tiktoken.ranks", true);
      }
    }
    metadata.put("tokenizer.ggml.tokens", tokens);
    metadata.put("tokenizer.ggml.token_type", types);
    metadata.put("tokenizer.ggml.merges", json.merges().toArray(byte[][]::new));
    ends(ends);
    frame();
    template();
  }

  private void put(String text, long id, int type, String where) {
    if (id < 0 || id >= tokens.length) {
      throw new BadFile(
          where, "ids of the embedding's " + tokens.length + " rows", id + "", JsonFile.REMEDY);
    }
    tokens[(int) id] = text.getBytes(StandardCharsets.UTF_8);
    types[(int) id] = type;
  }

  private void addedToken(JsonObject added) {
    String content = added.text("content");
    for (String side : List.of("single_word", "lstrip", "rstrip")) {
      if (added.flag(side, false)) {
        throw new UnsupportedModel(
            added.where(), side + " of '" + content + "'", "its ids would differ");
      }
    }
    int type = added.flag("special", false) ? CONTROL : USER_DEFINED;
    put(content, added.integer("id"), type, added.where("id"));
  }

  /** How a text is normalised and cut. */
  private void words() {
    JsonObject rest = json.rest();
    List<String> normalizers = new ArrayList<>();
    rest.findObject("normalizer").ifPresent(each -> normalizers(each, normalizers));
    List<String> expressions = new ArrayList<>();
    rest.findObject("pre_tokenizer").ifPresent(each -> expressions(each, expressions));
    metadata.put("tokenizer.huggingface.normalizers", texts(normalizers));
    metadata.put("tokenizer.huggingface.expressions", texts(expressions));
  }

  /** Byte tokens, of which there must be all, and the unknown one. */
  private void characters(String unknown) {
    for (int value = 0; value < 256; value++) {
      String name = "<0x%02X>".formatted(value);
      int id =
          idOf(name)
              .orElseThrow(() ->
                  new UnsupportedModel(
                      json.rest().where(),
                      "byte_fallback without " + name,
                      "its ids would differ"));
      types[id] = BYTE;
    }
    idOf(unknown)
        .ifPresent(id -> {
          types[id] = UNKNOWN;
          metadata.put("tokenizer.ggml.unknown_token_id", id);
        });
  }

  private static byte[][] texts(List<String> texts) {
    return texts.stream().map(each -> each.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
  }

  private static void normalizers(JsonObject normalizer, List<String> all) {
    String type = normalizer.text("type");
    if (type.equals("Sequence")) {
      normalizer.objects("normalizers").forEach(each -> normalizers(each, all));
    } else {
      all.add(type);
    }
  }

  /** Of the parts of a pre-tokenizer, what each cuts off; {@code ByteLevel} for GPT-2's own. */
  private static void expressions(JsonObject cutter, List<String> all) {
    String type = cutter.text("type");
    switch (type) {
      case "Sequence" -> cutter.objects("pretokenizers").forEach(each -> expressions(each, all));
      case "Split" -> {
        boolean isMatch = cutter.flag("invert", false);
        String behaviour = cutter.text("behavior");
        // expressions that match all of a text: what is not removed are the matches
        if (!behaviour.equals("Isolated") && !(isMatch && behaviour.equals("Removed"))) {
          throw new UnsupportedModel(
              cutter.where(), "Split with behavior " + behaviour, "its ids would differ");
        }
        all.add(cutter.object("pattern").text("Regex"));
      }
      case "Digits" -> {
        if (!cutter.flag("individual_digits", false)) {
          throw new UnsupportedModel(cutter.where(), "Digits together", "its ids would differ");
        }
        all.add("\\p{N}");
      }
      case "ByteLevel" -> {
        if (cutter.flag("add_prefix_space", true)) {
          throw new UnsupportedModel(
              cutter.where(), "ByteLevel with add_prefix_space", "its ids would differ");
        }
        if (cutter.flag("use_regex", true)) {
          all.add("ByteLevel");
        }
      }
      default ->
          throw new UnsupportedModel(
              cutter.where(), "pre-tokenizer " + type, "its ids would differ");
    }
  }

  private void ends(List<Integer> ends) {
    var all = new TreeSet<Integer>(ends);
    id("bos_token").ifPresent(id -> metadata.put("tokenizer.ggml.bos_token_id", id));
    id("eos_token")
        .ifPresent(id -> {
          metadata.put("tokenizer.ggml.eos_token_id", id);
          all.add(id);
        });
    all.removeIf(id -> id < 0 || id >= tokens.length);
    metadata.put(
        "tokenizer.ggml.eog_token_ids", all.stream().mapToInt(Integer::intValue).toArray());
  }

  /** The id of a token that the configuration names by its text. */
  private Optional<Integer> id(String role) {
    return config
        .find(role)
        .map(token -> token.isObject() ? token.path("content").asString("") : token.asString(""))
        .flatMap(this::idOf);
  }

  private Optional<Integer> idOf(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int id = 0; id < tokens.length; id++) {
      if (Arrays.equals(tokens[id], bytes)) {
        return Optional.of(id);
      }
    }
    return Optional.empty();
  }

  /** What a prompt gets in front and behind. */
  private void frame() {
    String type = config.text("tokenizer_class", "");
    boolean byFlags = ADDING_BY_FLAGS.stream().anyMatch(type::startsWith);
    boolean begin = byFlags && config.flag("add_bos_token", true);
    boolean end = byFlags && config.flag("add_eos_token", false);
    if (!byFlags) {
      Optional<JsonObject> template =
          json.rest().findObject("post_processor").flatMap(FolderTokenizer::template);
      if (template.isPresent()) {
        List<String> special = new ArrayList<>();
        for (JsonObject piece : template.get().objects("single")) {
          special.add(piece.findObject("SpecialToken").map(each -> each.text("id")).orElse(""));
        }
        int text = special.indexOf("");
        begin = text > 0;
        end = text < special.size() - 1;
        requireRole(special.subList(0, Math.max(text, 0)), "bos_token", template.get());
        requireRole(special.subList(text + 1, special.size()), "eos_token", template.get());
      }
    }
    metadata.put("tokenizer.ggml.add_bos_token", begin);
    metadata.put("tokenizer.ggml.add_eos_token", end);
  }

  private static Optional<JsonObject> template(JsonObject processor) {
    return switch (processor.text("type")) {
      case "TemplateProcessing" -> Optional.of(processor);
      case "Sequence" ->
          processor.objects("processors").stream()
              .flatMap(each -> template(each).stream())
              .findFirst();
      case "ByteLevel" -> Optional.empty();
      default ->
          throw new UnsupportedModel(
              processor.where(),
              "post-processor " + processor.text("type"),
              "its ids would differ");
    };
  }

  /** Of what a template adds, that it is nothing or the token of a role. */
  private void requireRole(List<String> added, String role, JsonObject template) {
    if (added.isEmpty()) {
      return;
    }
    Optional<Integer> id = id(role);
    if (added.size() > 1 || id.isEmpty() || !idOf(added.getFirst()).equals(id)) {
      throw new UnsupportedModel(
          template.where("single"), "adding " + added, "known is the " + role + " alone");
    }
  }

  private void template() {
    Optional<JsonNode> template = config.find("chat_template");
    template
        .filter(JsonNode::isString)
        .ifPresent(text -> metadata.put("tokenizer.chat_template", text.stringValue()));
    if (template.filter(JsonNode::isArray).isPresent()) {
      for (JsonObject each : config.objects("chat_template")) {
        if (each.text("name").equals("default")) {
          metadata.put("tokenizer.chat_template", each.text("template"));
        }
      }
    }
  }
}
