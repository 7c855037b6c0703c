package dev.tonnage.plan;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.BadRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * What catalogues of models and of machines and what is kept have alike: their form, and how a name
 * is looked up.
 */
final class Catalogues {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** Names that are offered for one that is not known. */
  private static final int MOST_OFFERED = 5;

  private Catalogues() {}

  /** One that comes with the program. */
  static byte[] own(String file) {
    try (InputStream in = Catalogues.class.getResourceAsStream(file)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * An array of entries.
   *
   * @param where for messages
   * @throws BadFile for what is no such array, has other keys, or lacks some
   */
  static <T> List<T> read(String where, byte[] json, Class<T> entry) {
    JavaType type = JSON.getTypeFactory().constructCollectionType(List.class, entry);
    return checked(where, "correct it", () -> JSON.readValue(json, type));
  }

  /**
   * One thing alone.
   *
   * @param remedy what to do about what is no such thing
   */
  static <T> T readOne(String where, String remedy, byte[] json, Class<T> kind) {
    return checked(where, remedy, () -> JSON.readValue(json, kind));
  }

  private static <T> T checked(String where, String remedy, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (JacksonException e) {
      throw new BadFile(where, "its keys and values", e.getOriginalMessage(), remedy);
    }
  }

  static byte[] write(Object value) {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(value);
  }

  /** What is not known, with the names that are nearest. */
  static BadRequest unknown(String what, String name, Collection<String> known) {
    List<String> nearest =
        known.stream()
            .sorted(Comparator.comparingInt(each -> distance(each, name)))
            .limit(MOST_OFFERED)
            .toList();
    return new BadRequest(
        what, "one that is known", name, "did you mean " + String.join(", ", nearest) + "?");
  }

  /** Letters to insert, leave out or change (Levenshtein 1966). */
  private static int distance(String a, String b) {
    int[] costs = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      costs[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int corner = costs[0];
      costs[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = corner + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        corner = costs[j];
        costs[j] = Math.min(changed, 1 + Math.min(costs[j], costs[j - 1]));
      }
    }
    return costs[b.length()];
  }
}
