package dev.tonnage.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Rows;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every level decodes every format bit for bit as the format defines. */
@Tag("width")
class DecodeTest {

  private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED;

  private final Arena arena = Arena.ofConfined();

  @AfterEach
  void close() {
    arena.close();
  }

  static List<Arguments> levelsAndRecordedFormats() {
    return Samples.levelsAndFormats().stream()
        .filter(both -> both.get()[1] != DType.F32 && both.get()[1] != DType.F16)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("levelsAndRecordedFormats")
  void blocksDecodeAsTheReferenceImplementationDecodesThem(Kernels level, DType type)
      throws IOException {
    decodesAs(level, type, resource(type + ".bin"), resource(type + ".f32"));
  }

  @ParameterizedTest
  @MethodSource("levelsAndRecordedFormats")
  void allSharedBlocksDecodeAsTheReferenceImplementationDecodesThem(Kernels level, DType type)
      throws IOException {
    Path blocks = Samples.shared().resolve("reference-outputs/blocks");
    Assumptions.assumeTrue(Files.isDirectory(blocks), "no " + blocks);
    decodesAs(
        level,
        type,
        Files.readAllBytes(blocks.resolve(type + ".bin")),
        Files.readAllBytes(blocks.resolve(type + ".f32")));
  }

  /** Where a format has tables, every entry of them. */
  @ParameterizedTest
  @MethodSource("levelsAndDigests")
  void thousandsOfBlocksDecodeAsTheReferenceImplementationDecodesThem(
      Kernels level, DType type, String digest) throws NoSuchAlgorithmException {
    byte[] blocks = RandomBlocks.of(type);
    int elements = RandomBlocks.COUNT * type.blockElements();
    MemorySegment weights = arena.allocate(blocks.length).copyFrom(MemorySegment.ofArray(blocks));
    ByteBuffer floats = ByteBuffer.allocate(4 * elements).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : Samples.decode(level, type, weights, elements)) {
      floats.putFloat(value);
    }
    byte[] found = MessageDigest.getInstance("SHA-256").digest(floats.array());
    assertThat(HexFormat.of().formatHex(found)).isEqualTo(digest);
  }

  static List<Arguments> levelsAndDigests() throws IOException {
    var all = new ArrayList<Arguments>();
    for (String line : RandomBlocks.lines("decoded.txt")) {
      DType type = DType.valueOf(line.substring(0, line.indexOf(' ')));
      for (Kernels level : Samples.LEVELS) {
        String digest = RandomBlocks.digest("decoded.txt", type);
        all.add(Arguments.argumentSet(level.level() + " " + type, level, type, digest));
      }
    }
    return all;
  }

  private void decodesAs(Kernels level, DType type, byte[] blocks, byte[] floats) {
    float[] expected = new float[floats.length / 4];
    ByteBuffer.wrap(floats).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(expected);
    MemorySegment weights = arena.allocate(blocks.length + 1);
    for (int offset = 0; offset < 2; offset++) { // rows of a file need not be aligned
      MemorySegment at =
          weights.asSlice(offset, blocks.length).copyFrom(MemorySegment.ofArray(blocks));
      assertThat(Samples.bits(Samples.decode(level, type, at, expected.length)))
          .as("%s at an address + %d", type, offset)
          .isEqualTo(Samples.bits(expected));
    }
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = DecodeTest.class.getResourceAsStream("blocks/" + name)) {
      return in.readAllBytes();
    }
  }

  /** Signalling NaNs may come out quiet, as conversion instructions make them. */
  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.Samples#levels")
  void everyHalfPrecisionPatternDecodesToItsNumber(Kernels level) {
    float[] expected = new float[1 << 16];
    for (int bits = 0; bits < expected.length; bits++) {
      int exponent = bits >> 10 & 31;
      int fraction = bits & 1023;
      float magnitude =
          switch (exponent) {
            case 0 -> Math.scalb((float) fraction, -24);
            case 31 -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
            default -> Math.scalb((float) (1024 + fraction), exponent - 25);
          };
      expected[bits] = bits < 0x8000 ? magnitude : -magnitude;
    }
    everyPattern(level, DType.F16, expected);
  }

  /** Signalling NaNs may come out quiet, as conversion instructions make them. */
  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.Samples#levels")
  void everyBrainFloatPatternDecodesToItsNumber(Kernels level) {
    float[] expected = new float[1 << 16];
    for (int bits = 0; bits < expected.length; bits++) {
      expected[bits] = Float.intBitsToFloat(bits << 16);
    }
    everyPattern(level, DType.BF16, expected);
  }

  private void everyPattern(Kernels level, DType type, float[] expected) {
    MemorySegment all = arena.allocate(2L << 16);
    for (int bits = 0; bits < 1 << 16; bits++) {
      all.set(HALF, 2L * bits, (short) bits);
    }
    float[] found = Samples.decode(level, type, all, 1 << 16);
    for (int bits = 0; bits < 1 << 16; bits++) {
      if (Float.isNaN(expected[bits])) {
        assertThat(found[bits]).as("%s %04x", type, bits).isNaN();
      } else {
        assertThat(Float.floatToRawIntBits(found[bits]))
            .as("%s %04x: %s", type, bits, found[bits])
            .isEqualTo(Float.floatToRawIntBits(expected[bits]));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.Samples#levelsAndFormats")
  void randomBlocksDecodeAsTheSpecificationDoes(Kernels level, DType type) {
    var random = new SplittableRandom(Samples.SEED);
    for (int blocks = 1; blocks <= 40; blocks++) {
      int elements = blocks * type.blockElements();
      MemorySegment weights = arena.allocate(type.bytes(elements));
      Samples.fill(weights, type, random);
      assertThat(Samples.bits(Samples.decode(level, type, weights, elements)))
          .as("%d blocks, seed %d", blocks, Samples.SEED)
          .isEqualTo(Samples.bits(Samples.decode(Samples.SCALAR, type, weights, elements)));
    }
  }

  /** Infinite and undefined scales: any result, the same NaNs and infinities, no exception. */
  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.Samples#levelsAndFormats")
  void hostileBlocksDecodeWithoutAnException(Kernels level, DType type) {
    short[] hostile = {0x7c00, (short) 0xfc00, 0x7e00, 0x7c01, (short) 0xffff, 0x7bff, 0, 1};
    int elements = Math.max(type.blockElements(), 64);
    MemorySegment weights = arena.allocate(type.bytes(elements));
    var random = new SplittableRandom(Samples.SEED);
    for (short first : hostile) {
      for (short second : hostile) {
        for (long at = 0; at < weights.byteSize(); at++) {
          weights.set(ValueLayout.JAVA_BYTE, at, (byte) random.nextInt());
        }
        for (long at = 0; at < weights.byteSize(); at += type.blockBytes()) {
          for (int scale = 0; scale < Samples.scales(type); scale++) {
            Samples.setScale(weights, type, at, scale, scale == 0 ? first : second);
          }
        }
        assertThat(numbers(Samples.decode(level, type, weights, elements)))
            .as("%s, scales %04x %04x, seed %d", type, first, second, Samples.SEED)
            .isEqualTo(numbers(Samples.decode(Samples.SCALAR, type, weights, elements)));
      }
    }
  }

  /** Bits, but one pattern for every NaN. */
  private static int[] numbers(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      bits[i] = Float.floatToIntBits(values[i]);
    }
    return bits;
  }

  /** The last block of a file may end where the mapping ends. */
  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.Samples#levelsAndFormats")
  void nothingBesideARowIsReadOrWritten(Kernels level, DType type) throws IOException {
    var random = new SplittableRandom(Samples.SEED);
    BlockFormat format = level.format(type).orElseThrow();
    try (var weights = new Cliff(64 << 10);
        var out = new Cliff(64 << 10);
        var scratch = new Cliff(64 << 10)) {
      for (int blocks = 1; blocks <= 33; blocks++) {
        int elements = blocks * type.blockElements();
        MemorySegment row = weights.last(type.bytes(elements));
        Samples.fill(row, type, random);
        long scratchBytes = (long) BlockFormat.SCRATCH_BYTES_PER_ELEMENT * Rows.padded(elements);
        MemorySegment numbers = out.last(4L * elements);
        format.decode(
            row.address(), elements, numbers.address(), scratch.last(scratchBytes).address());
        assertThat(numbers.toArray(ValueLayout.JAVA_INT))
            .as("%s, %d blocks", type, blocks)
            .isEqualTo(Samples.bits(Samples.decode(Samples.SCALAR, type, row, elements)));
        assertThat(out.untouchedBefore(4L * elements)).as("%d blocks", blocks).isTrue();
        assertThat(scratch.untouchedBefore(scratchBytes)).as("%d blocks", blocks).isTrue();
        assertThat(weights.untouchedBefore(row.byteSize())).as("%d blocks", blocks).isTrue();
      }
    }
  }
}
