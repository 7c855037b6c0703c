package dev.tonnage.kernel;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.tonnage.tensor.DType;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Blocks of every format, always the same, of which it is recorded what the format's reference
 * implementation decodes them to: {@code digests.txt} in the test resources, whose README says how.
 */
final class RandomBlocks {

  /** So many that every point of every grid is hit many times. */
  static final int COUNT = 4096;

  private RandomBlocks() {}

  /** The blocks of a format: random bytes, but scales that are numbers. */
  static byte[] of(DType type) {
    byte[] bytes = new byte[COUNT * type.blockBytes()];
    var random = new SplittableRandom(type.id());
    random.nextBytes(bytes);
    MemorySegment blocks = MemorySegment.ofArray(bytes);
    if (type.blockElements() > 1 && type != DType.MXFP4 && type != DType.NVFP4) {
      for (int at = 0; at < bytes.length; at += type.blockBytes()) {
        for (int scale = 0; scale < Samples.scales(type); scale++) {
          float usual = (random.nextInt(2001) - 1000) / 8192f;
          Samples.setScale(blocks, type, at, scale, Float.floatToFloat16(usual));
        }
      }
    }
    if (type == DType.F16 || type == DType.BF16) {
      for (int at = 0; at < bytes.length; at += 2) { // neither infinities nor what is no number
        short bits = blocks.get(ValueLayout.JAVA_SHORT_UNALIGNED, at);
        blocks.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, (short) (bits & 0xbfff));
      }
    }
    return bytes;
  }

  /** Numbers to encode: of every magnitude that a half's scale can hold, and of either sign. */
  static float[] floats() {
    var random = new SplittableRandom(1);
    float[] floats = new float[COUNT * 32];
    for (int block = 0; block < COUNT; block++) {
      int exponent = random.nextInt(-30, 10);
      for (int k = 0; k < 32; k++) {
        floats[32 * block + k] = Math.scalb((float) random.nextInt(-8192, 8193), exponent - 10);
      }
    }
    return floats;
  }

  /** The recorded digest of a format. */
  static String digest(String file, DType type) throws IOException {
    for (String line : lines(file)) {
      if (line.startsWith(type + " ")) {
        return line.substring(line.indexOf(' ') + 1);
      }
    }
    throw new IllegalArgumentException(file + " has no " + type);
  }

  /** A line for each format: its name and the digest. */
  static List<String> lines(String file) throws IOException {
    try (InputStream in = RandomBlocks.class.getResourceAsStream("blocks/" + file)) {
      return new String(in.readAllBytes(), US_ASCII).lines().toList();
    }
  }

  /**
   * Writes them for another implementation to decode.
   *
   * @param arguments a folder
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    for (DType type : Samples.FORMATS) {
      Files.write(folder.resolve(type.id() + " " + type + ".bin"), of(type));
    }
    ByteBuffer floats = ByteBuffer.allocate(4 * 32 * COUNT).order(ByteOrder.LITTLE_ENDIAN);
    floats.asFloatBuffer().put(floats());
    Files.write(folder.resolve("floats.f32"), floats.array());
  }
}
