package dev.tonnage.file;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.UnsupportedModel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * An object of a JSON file. Remembers which keys were read, so that one that nobody understood is
 * an error and not a silent difference. A key whose value is null counts as missing.
 */
final class JsonObject {

  private final String where;
  private final JsonNode node;
  private final Set<String> read = new HashSet<>();

  /**
   * @param where for messages
   */
  JsonObject(String where, JsonNode node) {
    this.where = where;
    this.node = node;
  }

  /** What a value is called in messages. */
  static String kind(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> "an object";
      case ARRAY -> "an array";
      case STRING -> "a text";
      case NUMBER -> "the number " + node.asString();
      case BOOLEAN -> node.asString();
      case NULL -> "null";
      default -> "nothing";
    };
  }

  String where() {
    return where;
  }

  /** Where a key is, for messages. */
  String where(String key) {
    return where + ": " + key;
  }

  Set<String> keys() {
    return Set.copyOf(node.propertyNames());
  }

  boolean has(String key) {
    return find(key).isPresent();
  }

  long integer(String key) {
    return integer(required(key, "an integer"), key);
  }

  long integer(String key, long fallback) {
    return find(key).map(value -> integer(value, key)).orElse(fallback);
  }

  double number(String key) {
    return number(required(key, "a number"), key);
  }

  double number(String key, double fallback) {
    return find(key).map(value -> number(value, key)).orElse(fallback);
  }

  boolean flag(String key, boolean fallback) {
    return find(key)
        .map(value -> {
          if (!value.isBoolean()) {
            throw wrong(key, "true or false", value);
          }
          return value.booleanValue();
        })
        .orElse(fallback);
  }

  String text(String key) {
    return text(required(key, "a text"), key);
  }

  String text(String key, String fallback) {
    return find(key).map(value -> text(value, key)).orElse(fallback);
  }

  JsonObject object(String key) {
    return object(required(key, "an object"), key);
  }

  Optional<JsonObject> findObject(String key) {
    return find(key).map(value -> object(value, key));
  }

  /** The values of an array; empty where there is none. */
  List<JsonNode> list(String key) {
    List<JsonNode> values = new ArrayList<>();
    find(key)
        .ifPresent(value -> {
          if (!value.isArray()) {
            throw wrong(key, "an array", value);
          }
          value.forEach(values::add);
        });
    return values;
  }

  /** The objects of an array. */
  List<JsonObject> objects(String key) {
    List<JsonObject> objects = new ArrayList<>();
    for (JsonNode value : list(key)) {
      objects.add(object(value, key + "[" + objects.size() + "]"));
    }
    return objects;
  }

  /** A value of any kind. */
  Optional<JsonNode> find(String key) {
    read.add(key);
    JsonNode value = node.get(key);
    return value == null || value.isNull() ? Optional.empty() : Optional.of(value);
  }

  /** Keys that say nothing that changes what is computed. */
  void ignore(String... keys) {
    read.addAll(List.of(keys));
  }

  /** Fails unless a key is missing or has this value. */
  void require(String key, String value) {
    find(key)
        .ifPresent(found -> {
          if (!found.asString().equals(value)) {
            throw unsupported(key, found);
          }
        });
  }

  /** For what a key asks and is not done. */
  UnsupportedModel unsupported(String key, JsonNode value) {
    String shown = value.isValueNode() ? value.asString() : value.toString();
    return new UnsupportedModel(
        where,
        key + " = " + (shown.length() > 200 ? shown.substring(0, 200) + "…" : shown),
        "it would be computed wrongly");
  }

  /** Fails if there is a key that was neither read nor ignored. */
  void requireAllRead() {
    List<String> left =
        node.propertyNames().stream().filter(key -> !read.contains(key)).sorted().toList();
    if (!left.isEmpty()) {
      throw new UnsupportedModel(
          where, String.join(", ", left), "what these keys ask for would be computed wrongly");
    }
  }

  private long integer(JsonNode value, String key) {
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw wrong(key, "an integer", value);
    }
    return value.longValue();
  }

  private double number(JsonNode value, String key) {
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw wrong(key, "a number", value);
    }
    return value.doubleValue();
  }

  private String text(JsonNode value, String key) {
    if (!value.isString()) {
      throw wrong(key, "a text", value);
    }
    return value.stringValue();
  }

  private JsonObject object(JsonNode value, String key) {
    if (!value.isObject()) {
      throw wrong(key, "an object", value);
    }
    return new JsonObject(where(key), value);
  }

  private JsonNode required(String key, String expected) {
    return find(key)
        .orElseThrow(() -> new BadFile(where(key), expected, "no such key", JsonFile.REMEDY));
  }

  private BadFile wrong(String key, String expected, JsonNode found) {
    return new BadFile(where(key), expected, kind(found), JsonFile.REMEDY);
  }
}
