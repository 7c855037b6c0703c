package dev.tonnage.kernel;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Assumptions;

/**
 * Memory with nothing behind it: a mapping of a file that was cut short afterwards, so that a
 * kernel that reads or writes one byte too far fails at once. The bytes before are a canary.
 */
final class Cliff implements AutoCloseable {

  private static final int PAGE = 64 << 10; // a multiple of every system's
  private static final byte CANARY = 0x5a;

  private final Arena arena = Arena.ofShared();
  private final Path file;
  private final MemorySegment mapped;

  Cliff(long bytes) throws IOException {
    Assumptions.assumeFalse(
        System.getProperty("os.name").startsWith("Windows"),
        "Windows does not cut a file that is mapped");
    file = Files.createTempFile("tonnage-cliff", null);
    long solid = (bytes + PAGE) / PAGE * PAGE;
    try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      mapped =
          channel.map(FileChannel.MapMode.READ_WRITE, 0, solid + PAGE, arena).asSlice(0, solid);
      channel.truncate(solid);
    }
    mapped.fill(CANARY);
  }

  /** The last bytes before the cliff. */
  MemorySegment last(long bytes) {
    return mapped.asSlice(mapped.byteSize() - bytes);
  }

  /** The last bytes before the cliff, with a copy of other memory. */
  MemorySegment last(MemorySegment content) {
    return last(content.byteSize()).copyFrom(content);
  }

  /** Whether what lies before the last bytes is untouched. */
  boolean untouchedBefore(long bytes) {
    long canaries = mapped.byteSize() - bytes;
    for (long at = 0; at < canaries; at++) {
      if (mapped.get(ValueLayout.JAVA_BYTE, at) != CANARY) {
        return false;
      }
    }
    return true;
  }

  /** Makes the last bytes as if nobody had written there, for a next turn with fewer of them. */
  void restore(long bytes) {
    last(bytes).fill(CANARY);
  }

  @Override
  public void close() throws IOException {
    arena.close();
    Files.delete(file);
  }
}
