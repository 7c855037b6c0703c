package dev.tonnage.kernel.scalar;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * The points that a format of one to three bits rounds vectors of weights to: a fact of the format
 * like its layout, kept in a file of its name.
 *
 * <p>The file's first line is the levels that coordinates have; then come the points as hexadecimal
 * numbers whose digits of {@code bits} bits are coordinates, the lowest the first.
 */
public enum Grid {
  /** Magnitudes: 256 points of 8. */
  IQ2_XXS(8, 2),
  /** Magnitudes: 512 points of 8. */
  IQ2_XS(8, 2),
  /** Magnitudes: 1024 points of 8. */
  IQ2_S(8, 2),
  /** Magnitudes: 256 points of 4. */
  IQ3_XXS(4, 3),
  /** Magnitudes: 512 points of 4. */
  IQ3_S(4, 3),
  /** Ternary numbers, also of IQ1_M: 2048 points of 8. */
  IQ1_S(8, 2);

  private final int coordinates;
  private final int bits;

  Grid(int coordinates, int bits) {
    this.coordinates = coordinates;
    this.bits = bits;
  }

  /** The points, a signed byte a coordinate, the first lowest. */
  public long[] points() {
    List<String> lines = lines();
    long[] levels =
        words(lines.subList(0, 1)).mapToLong(level -> Byte.parseByte(level) & 0xff).toArray();
    return words(lines.subList(1, lines.size()))
        .mapToLong(digits -> point(Integer.parseInt(digits, 16), levels))
        .toArray();
  }

  private long point(int digits, long[] levels) {
    long point = 0;
    for (int c = 0; c < coordinates; c++) {
      point |= levels[(digits >> (bits * c)) & ((1 << bits) - 1)] << (8 * c);
    }
    return point;
  }

  private List<String> lines() {
    try (InputStream in = Grid.class.getResourceAsStream(this + ".grid")) {
      return new String(in.readAllBytes(), US_ASCII).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<String> words(List<String> lines) {
    return lines.stream().flatMap(line -> Stream.of(line.split(" ")));
  }

  /** A coordinate of a point. */
  static int coordinate(long point, int index) {
    return (byte) (point >>> (8 * index));
  }
}
