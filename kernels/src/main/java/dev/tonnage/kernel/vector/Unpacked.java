package dev.tonnage.kernel.vector;

import static dev.tonnage.kernel.vector.Lanes.L;

import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.Memory;
import java.util.stream.Stream;

/**
 * A format whose rows are unpacked into scratch first, to signed bytes q, a scale for each {@link
 * Group} of neighbours, and where the format has them a min: the numbers are scale · q − min. Most
 * formats are; they only bring the passes that unpack, and the loops over what comes out are
 * shared.
 */
final class Unpacked implements BlockFormat {

  private final Pass[] decode;
  private final Pass[] dot;

  private Unpacked(Pass[] decode, Pass[] dot) {
    this.decode = decode;
    this.dot = dot;
  }

  /** A format without minima. */
  static BlockFormat scaled(Group group, Pass... unpack) {
    return new Unpacked(
        then(unpack, ScaledBytes.decode(group)), then(unpack, ScaledBytes.dot(group)));
  }

  /** A format with minima. */
  static BlockFormat shifted(Group group, Pass... unpack) {
    return new Unpacked(
        then(unpack, ShiftedBytes.decode(group)), then(unpack, ShiftedBytes.dot(group)));
  }

  private static Pass[] then(Pass[] first, Pass last) {
    return Stream.concat(Stream.of(first), Stream.of(last)).toArray(Pass[]::new);
  }

  /** Whether two vectors that lie side by side have one scale. */
  static boolean pairs(Group group) {
    return 2 * L <= 1 << group.shift();
  }

  /** Where the bytes of a row begin. */
  static long quants(long scratch) {
    return Memory.plain(scratch);
  }

  /** Where the scales of a row begin. */
  static long scales(long scratch, int elements) {
    return Memory.plain(scratch + elements);
  }

  /** Where the minima of a row begin, behind the most scales there may be. */
  static long minima(long scratch, int elements) {
    return Memory.plain(scratch + elements + elements / 4);
  }

  /** Where a row's dot product is left, behind the most minima there may be. */
  static long result(long scratch, int elements) {
    return Memory.plain(scratch + elements + elements / 2);
  }

  @Override
  public void decode(long blocks, int elements, long out, long scratch) {
    run(decode, blocks, elements, out, scratch);
  }

  @Override
  public float dot(long blocks, int elements, long x, long scratch) {
    run(dot, blocks, elements, x, scratch);
    return Memory.f32(result(scratch, elements));
  }

  private static void run(Pass[] passes, long blocks, int elements, long floats, long scratch) {
    for (Pass pass : passes) {
      pass.run(blocks, elements, floats, scratch);
    }
  }
}
