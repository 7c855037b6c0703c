package dev.tonnage.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What docs/decisions/0003-files-that-shrink.md says the JVM does. */
@EnabledOnOs(OS.LINUX)
class ShrunkenFileTest {

  @TempDir Path folder;

  @Test
  void aScalarReadBeyondTheCutCanBeCaught() throws IOException {
    Path path = Files.write(folder.resolve("file"), new byte[1 << 20]);
    try (var file = MappedFile.open(path);
        var other = new RandomAccessFile(path.toFile(), "rw")) {
      other.setLength(10);
      assertThat(file.bytes().get(ValueLayout.JAVA_BYTE, 11)).isZero();
      assertThatThrownBy(() -> file.bytes().get(ValueLayout.JAVA_BYTE, 1 << 19))
          .isInstanceOf(InternalError.class);
    }
  }

  @Test
  void aCompiledVectorReadBeyondTheCutCanBeCaughtIfAScalarReadStandsBesideIt()
      throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    Process program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-TieredCompilation", // C2 compiles alone, and
                "-Xbatch", // the loop waits for it
                "-XX:ErrorFile=" + folder.resolve("hs_err.log"),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                ShrunkenFile.class.getName(),
                folder.resolve("file").toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    int exit = program.waitFor();
    assertThat(Files.readString(output, StandardCharsets.UTF_8)).contains("caught\nexplained");
    assertThat(exit).isZero();
  }
}
