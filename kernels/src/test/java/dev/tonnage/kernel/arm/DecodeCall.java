package dev.tonnage.kernel.arm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tonnage.kernel.arm.StaticElf.Access;
import dev.tonnage.kernel.arm.StaticElf.Place;
import dev.tonnage.kernel.arm.StaticElf.Region;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What a kernel is called with.
 *
 * @param blocks of the format in a row
 * @param weights rows, {@code rowBytes} from one to the next
 * @param activations tokens' {@link QuantizedActivations}, {@code tokenBytes} from one to the next
 * @param resultBytes from a token's results to the next's
 */
record DecodeCall(
    Format format,
    int rows,
    int blocks,
    int tokens,
    MemorySegment weights,
    long rowBytes,
    MemorySegment activations,
    long tokenBytes,
    long resultBytes) {

  /** Random weights and activations, with or without gaps between rows and tokens. */
  static DecodeCall random(
      Arena arena, Format format, int rows, int blocks, int tokens, RandomGenerator random) {
    return random(arena, format, rows, blocks, tokens, Format::usual, 1, random);
  }

  /**
   * The same with unusual weights and activations.
   *
   * @param scales of the weights
   * @param magnitude of the activations
   */
  static DecodeCall random(
      Arena arena,
      Format format,
      int rows,
      int blocks,
      int tokens,
      Format.Scales scales,
      float magnitude,
      RandomGenerator random) {
    long row = (long) blocks * format.blockBytes();
    long rowBytes = row + gap(random);
    MemorySegment weights = arena.allocate((rows - 1) * rowBytes + row);
    for (int r = 0; r < rows; r++) {
      format.fill(weights.asSlice(r * rowBytes, row), scales, random);
    }
    int elements = blocks * format.blockElements();
    long token = QuantizedActivations.bytes(elements);
    long tokenBytes = token + gap(random);
    MemorySegment activations = arena.allocate((tokens - 1) * tokenBytes + token);
    for (int t = 0; t < tokens; t++) {
      MemorySegment x = arena.allocate(4L * elements, 4);
      for (int k = 0; k < elements; k++) {
        x.setAtIndex(ValueLayout.JAVA_FLOAT, k, magnitude * (float) random.nextGaussian());
      }
      QuantizedActivations.quantize(x.address(), elements, activations.address() + t * tokenBytes);
    }
    long resultBytes = 4L * rows + gap(random);
    return new DecodeCall(
        format, rows, blocks, tokens, weights, rowBytes, activations, tokenBytes, resultBytes);
  }

  private static long gap(RandomGenerator random) {
    return random.nextBoolean() ? 0 : random.nextInt(1, 40);
  }

  /** One of the tokens alone. */
  DecodeCall token(int token) {
    MemorySegment own =
        activations.asSlice(token * tokenBytes, QuantizedActivations.bytes(elements()));
    return new DecodeCall(format, rows, blocks, 1, weights, rowBytes, own, tokenBytes, resultBytes);
  }

  private long elements() {
    return (long) blocks * format.blockElements();
  }

  private int resultsSize() {
    return (int) ((tokens - 1) * resultBytes + 4L * rows);
  }

  /**
   * A call whose buffers are in a program's memory.
   *
   * @param arguments of the kernel
   */
  record Placed(DecodeCall call, Region results, List<Long> arguments) {}

  /** Puts buffers into a program's memory. */
  Placed into(Guest guest, Place weightsPlace, Place activationsPlace, Place resultsPlace) {
    Region w = guest.place(bytes(weights), Access.READ, weightsPlace);
    Region x = guest.place(bytes(activations), Access.READ, activationsPlace);
    byte[] before = new byte[resultsSize()];
    Arrays.fill(before, StaticElf.AROUND);
    Region results = guest.place(before, Access.WRITE, resultsPlace);
    var arguments =
        List.of(
            w.address(),
            rowBytes,
            (long) rows,
            (long) blocks,
            x.address(),
            tokenBytes,
            results.address(),
            resultBytes);
    return new Placed(this, results, arguments);
  }

  private static byte[] bytes(MemorySegment segment) {
    return segment.toArray(ValueLayout.JAVA_BYTE);
  }

  /** What the twin makes of a row and a token. */
  float expected(int row, int token) {
    return DecodeTwin.dot(
        format,
        weights.address() + row * rowBytes,
        elements(),
        activations.address() + token * tokenBytes);
  }

  /** The result for a row and a token, as bits. */
  int result(ByteBuffer pages, Region out, int row, int token) {
    return pages.getInt((int) (out.address() - out.mapped() + token * resultBytes) + 4 * row);
  }

  /** Requires that results are the twin's to the bit, and that nothing beside them was written. */
  void check(ByteBuffer pages, Region out, long seed) {
    for (int token = 0; token < tokens; token++) {
      for (int row = 0; row < rows; row++) {
        float result = Float.intBitsToFloat(result(pages, out, row, token));
        // whose bits are canonical, for there is more than one that is no number
        assertThat(Float.floatToIntBits(result))
            .as("row %d, token %d of %s, seed %d", row, token, this, seed)
            .isEqualTo(Float.floatToIntBits(expected(row, token)));
      }
    }
    int begin = (int) (out.address() - out.mapped());
    for (int at = 0; at < pages.capacity(); at++) {
      int within = at - begin;
      boolean written = within >= 0 && within < resultsSize() && within % resultBytes < 4L * rows;
      if (!written && pages.get(at) != StaticElf.AROUND) {
        throw new AssertionError("byte " + within + " of the results of " + this + " was written");
      }
    }
  }

  @Override
  public String toString() {
    return "%s, %d rows of %d blocks, %d tokens".formatted(format, rows, blocks, tokens);
  }
}
