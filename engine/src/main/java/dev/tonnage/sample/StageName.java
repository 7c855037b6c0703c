package dev.tonnage.sample;

import dev.tonnage.error.BadRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The stages of the chain by the names that users know, in the order in which they happen where
 * nobody says otherwise.
 */
public enum StageName {
  /** Penalties for tokens that were there before. */
  PENALTIES("penalties"),
  /** Penalties for tokens that would continue a repetition. */
  DRY("dry"),
  /** Only what is not many standard deviations below the most probable. */
  TOP_N_SIGMA("top_n_sigma"),
  /** Only the most probable. */
  TOP_K("top_k"),
  /** Only what surprises as one expects. */
  TYPICAL("typ_p"),
  /** Only the nucleus. */
  TOP_P("top_p"),
  /** Only what is not far less probable than the most probable. */
  MIN_P("min_p"),
  /** Now and then without the most probable. */
  XTC("xtc"),
  /** Logits divided by the temperature. */
  TEMPERATURE("temperature");

  /** All of them. */
  public static final List<StageName> DEFAULT_ORDER = List.of(values());

  private final String name;

  StageName(String name) {
    this.name = name;
  }

  /**
   * Reads an order: names joined by semicolons. A hyphen is as good as an underscore. No names are
   * no stages.
   *
   * @throws BadRequest for a name that is none or stands there twice
   */
  public static List<StageName> order(String names) {
    List<StageName> order = new ArrayList<>();
    if (!names.isBlank()) {
      for (String name : names.split(";", -1)) {
        order.add(named(name.strip()));
      }
    }
    requireOnce(order);
    return List.copyOf(order);
  }

  /**
   * Refuses a stage that would happen twice.
   *
   * @throws BadRequest if there is one
   */
  static void requireOnce(List<StageName> order) {
    for (StageName stage : values()) {
      if (order.indexOf(stage) != order.lastIndexOf(stage)) {
        throw new BadRequest(
            "samplers", "each stage once", "'" + stage + "' twice", "leave out one of them");
      }
    }
  }

  private static StageName named(String written) {
    String plain = written.replace('-', '_');
    String name =
        switch (plain) {
          case "typ", "typical", "typical_p" -> TYPICAL.name;
          case "nucleus" -> TOP_P.name;
          case "temp" -> TEMPERATURE.name;
          default -> plain;
        };
    for (StageName stage : values()) {
      if (stage.name.equals(name)) {
        return stage;
      }
    }
    throw new BadRequest(
        "samplers",
        "names from "
            + Arrays.stream(values()).map(StageName::toString).collect(Collectors.joining(", ")),
        "'" + written + "'",
        "join them by semicolons");
  }

  /** The name that users know. */
  @Override
  public String toString() {
    return name;
  }
}
