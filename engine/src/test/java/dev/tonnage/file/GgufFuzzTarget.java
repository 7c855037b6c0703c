package dev.tonnage.file;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The reader under Jazzer, which looks for inputs that reach new code: {@code ./mvnw verify
 * -Pfuzz}.
 */
@Tag("fuzz")
class GgufFuzzTarget {

  static Stream<byte[]> soundFiles() throws IOException {
    return Stream.of(bytes(GgufSample.everyType()), bytes(GgufSample.llama(1, 5)));
  }

  @MethodSource("soundFiles")
  @FuzzTest(maxDuration = "60s")
  void anyBytesAreRefusedOrSound(byte[] bytes) {
    try (Arena arena = Arena.ofConfined()) {
      GgufProbe.use(arena.allocate(bytes.length, 8).copyFrom(MemorySegment.ofArray(bytes)));
    }
  }

  private static byte[] bytes(GgufWriter writer) throws IOException {
    var bytes = new ByteArrayOutputStream();
    writer.write(Channels.newChannel(bytes));
    return bytes.toByteArray();
  }
}
