package dev.tonnage.file;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.UnsupportedModel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A {@code tokenizer.json} of pairs that are merged: of bytes, or of characters that fall back to
 * bytes. Its hundreds of thousands of tokens and merges are taken as they come, the rest as
 * objects.
 *
 * @param tokens ids by text
 * @param merges two tokens with a space between, the first to be merged first
 * @param kind what is merged
 * @param rest everything beside the model
 */
record TokenizerJson(Map<String, Integer> tokens, List<byte[]> merges, Kind kind, JsonObject rest) {

  /** What is merged. */
  sealed interface Kind {

    /**
     * Bytes.
     *
     * @param ignoresMerges whether a word that is a token is taken as it stands
     */
    record Bytes(boolean ignoresMerges) implements Kind {}

    /**
     * Characters; one that is no token is spelled in byte tokens.
     *
     * @param unknown the token of a byte that has none
     */
    record Characters(String unknown) implements Kind {}

    /** Bytes, and any two that are a token together; that of the smallest id first. */
    record Ranks() implements Kind {}
  }

  /** Beyond any vocabulary there is: a larger number is a damaged file. */
  private static final int MOST_TOKENS = 1 << 24;

  /**
   * Reads it.
   *
   * @param name for messages
   */
  static TokenizerJson parse(String name, byte[] json) {
    try (JsonParser parser = JsonFile.mapper().createParser(json)) {
      return new Reader(name, parser).read();
    } catch (JacksonException e) {
      throw JsonFile.malformed(name, e);
    }
  }

  private static final class Reader {

    private final String name;
    private final JsonParser parser;
    private final Map<String, Integer> tokens = new LinkedHashMap<>();
    private final List<byte[]> merges = new ArrayList<>();
    private final ObjectNode model = JsonFile.mapper().createObjectNode();
    private final ObjectNode rest = JsonFile.mapper().createObjectNode();

    Reader(String name, JsonParser parser) {
      this.name = name;
      this.parser = parser;
    }

    TokenizerJson read() {
      require(parser.nextToken(), JsonToken.START_OBJECT, "an object");
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String key = parser.currentName();
        parser.nextToken();
        if (key.equals("model")) {
          readModel();
        } else {
          rest.set(key, parser.<JsonNode>readValueAsTree());
        }
      }
      if (parser.nextToken() != null) {
        throw bad("the end of the file", "more");
      }
      Kind kind = kind();
      if (tokens.isEmpty()) {
        throw bad("a model with tokens", "none");
      }
      return new TokenizerJson(tokens, merges, kind, new JsonObject(name, rest));
    }

    private void readModel() {
      require(parser.currentToken(), JsonToken.START_OBJECT, "a model");
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String key = parser.currentName();
        parser.nextToken();
        switch (key) {
          case "vocab" -> readTokens();
          case "merges" -> readMerges();
          default -> model.set(key, parser.<JsonNode>readValueAsTree());
        }
      }
    }

    private void readTokens() {
      if (parser.currentToken() != JsonToken.START_OBJECT) { // a list, of Unigram
        parser.skipChildren();
        return;
      }
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String token = parser.currentName();
        require(parser.nextToken(), JsonToken.VALUE_NUMBER_INT, "ids");
        long id = parser.getLongValue();
        if (id < 0 || id >= MOST_TOKENS) {
          throw bad("ids from 0 to " + (MOST_TOKENS - 1), id + "");
        }
        tokens.put(token, (int) id);
      }
    }

    private void readMerges() {
      require(parser.currentToken(), JsonToken.START_ARRAY, "merges");
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        String merge;
        if (parser.currentToken() == JsonToken.START_ARRAY) {
          require(parser.nextToken(), JsonToken.VALUE_STRING, "pairs as merges");
          String left = parser.getString();
          require(parser.nextToken(), JsonToken.VALUE_STRING, "pairs as merges");
          merge = left + " " + parser.getString();
          require(parser.nextToken(), JsonToken.END_ARRAY, "pairs as merges");
        } else {
          require(parser.currentToken(), JsonToken.VALUE_STRING, "texts as merges");
          merge = parser.getString();
        }
        merges.add(merge.getBytes(StandardCharsets.UTF_8));
      }
    }

    /** Others than pairs that are merged are refused. */
    private Kind kind() {
      var object = new JsonObject(name + ": model", model);
      String type = object.text("type", "BPE");
      if (!type.equals("BPE")) {
        throw new UnsupportedModel(
            name,
            "a vocabulary of kind " + type,
            "known in folders are those of kind BPE; convert the model to GGUF");
      }
      object.require("dropout", "0.0");
      object.require("continuing_subword_prefix", "");
      object.require("end_of_word_suffix", "");
      boolean fallsBack = object.flag("byte_fallback", false);
      String unknown = object.text("unk_token", "");
      object.ignore("fuse_unk"); // with a token for each byte nothing is unknown
      if (fallsBack) {
        object.require("ignore_merges", "false");
      }
      Kind kind =
          fallsBack
              ? new Kind.Characters(unknown)
              : new Kind.Bytes(object.flag("ignore_merges", false));
      object.requireAllRead();
      return kind;
    }

    private void require(JsonToken found, JsonToken wanted, String expected) {
      if (found != wanted) {
        throw bad(expected, found + "");
      }
    }

    private BadFile bad(String expected, String found) {
      return new BadFile(name, expected, found, JsonFile.REMEDY);
    }
  }
}
