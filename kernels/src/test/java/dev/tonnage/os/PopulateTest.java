package dev.tonnage.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Asks Linux which of a file's pages this process has mapped. */
@EnabledOnOs(OS.LINUX)
class PopulateTest {

  private static final int BYTES = 8 << 20;

  @TempDir Path folder;

  @Test
  void allPagesOfAPieceAreMappedWhereverItBegins() throws IOException {
    Path path = Files.write(folder.resolve("weights"), new byte[BYTES]);
    try (var file = MappedFile.open(path)) {
      assertThat(residentKibibytes(path)).isZero();
      MemorySegment half = file.bytes().asSlice(100, BYTES / 2);
      Populate.pages(half);
      assertThat(residentKibibytes(path)).isBetween(BYTES / 2048L, BYTES / 1024L - 1);
      Populate.pages(file.bytes().asSlice(BYTES / 2));
      assertThat(residentKibibytes(path)).isEqualTo(BYTES / 1024);
      assertThat(half.get(ValueLayout.JAVA_BYTE, 0)).isZero();
    }
  }

  @Test
  void aPageThatIsGoneIsAnErrorAndNoCrash() throws IOException {
    Path path = Files.write(folder.resolve("cut"), new byte[BYTES]);
    try (var file = MappedFile.open(path);
        var other = new RandomAccessFile(path.toFile(), "rw")) {
      other.setLength(10);
      assertThatThrownBy(() -> Populate.pages(file.bytes())).isInstanceOf(InternalError.class);
    }
  }

  /** What {@code /proc/self/smaps} says of a file's mapping. */
  private static long residentKibibytes(Path path) throws IOException {
    String[] lines = Files.readString(Path.of("/proc/self/smaps")).split("\\n");
    int mapping = 0;
    while (!lines[mapping].endsWith(path.toString())) {
      mapping++;
    }
    return Arrays.stream(lines)
        .skip(mapping)
        .filter(line -> line.startsWith("Rss:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
