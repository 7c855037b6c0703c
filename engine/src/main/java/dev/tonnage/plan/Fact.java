package dev.tonnage.plan;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * A number of a catalogue. In its file it is an array of these three.
 *
 * @param value in the unit that its key names
 * @param source where it was read
 * @param date when, as YYYY-MM-DD
 */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
@JsonPropertyOrder({"value", "source", "date"})
public record Fact(double value, String source, String date) {

  /** Where it was read, and when. */
  public String origin() {
    return source + ", " + date;
  }
}
