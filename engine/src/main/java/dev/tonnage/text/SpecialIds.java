package dev.tonnage.text;

import java.util.Arrays;
import java.util.OptionalInt;

/**
 * The tokens with a role: where a text begins and ends, where a turn and a message end, what stands
 * for the unknown, and which of them end a generation. How they are found is told in {@link
 * SpecialRoles}.
 */
public final class SpecialIds {

  private final int bos;
  private final int eos;
  private final int eot;
  private final int eom;
  private final int unknown;
  private final int[] ends;

  /** Ids or {@link Vocabulary#NONE}; {@code ends} ascending. */
  SpecialIds(int bos, int eos, int eot, int eom, int unknown, int[] ends) {
    this.bos = bos;
    this.eos = eos;
    this.eot = eot;
    this.eom = eom;
    this.unknown = unknown;
    this.ends = ends;
  }

  /** Begins a text. */
  public OptionalInt bos() {
    return optional(bos);
  }

  /** Ends a text. */
  public OptionalInt eos() {
    return optional(eos);
  }

  /** Ends a turn in a chat. */
  public OptionalInt eot() {
    return optional(eot);
  }

  /** Ends a message that another of the same turn follows, the answer to a tool call. */
  public OptionalInt eom() {
    return optional(eom);
  }

  /** Stands where text has no piece. */
  public OptionalInt unknown() {
    return optional(unknown);
  }

  /** Whether a generation ends with this token. */
  public boolean endsGeneration(int id) {
    return Arrays.binarySearch(ends, id) >= 0;
  }

  /** Every token that a generation ends with, ascending. */
  public int[] endOfGeneration() {
    return ends.clone();
  }

  private static OptionalInt optional(int id) {
    return id == Vocabulary.NONE ? OptionalInt.empty() : OptionalInt.of(id);
  }
}
