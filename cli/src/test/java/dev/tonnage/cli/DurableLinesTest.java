package dev.tonnage.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tonnage.error.BadRequest;
import dev.tonnage.error.StorageFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableLinesTest {

  @TempDir private Path folder;

  @Test
  void linesAreThereWhenTheFileIsOpenedAgain() throws IOException {
    Path file = folder.resolve("lines");
    try (var lines = new DurableLines(file)) {
      assertThat(lines.whole()).isEmpty();
      lines.append("one");
      assertThat(Files.readString(file)).isEqualTo("one\n");
      lines.append("zwölf");
    }
    try (var lines = new DurableLines(file)) {
      assertThat(lines.whole()).containsExactly("one", "zwölf");
      lines.append("three");
    }
    assertThat(Files.readString(file)).isEqualTo("one\nzwölf\nthree\n");
  }

  @Test
  void aLineTornAnywhereIsOverwrittenByTheNext() throws IOException {
    byte[] whole = "first\nlängere\n".getBytes(StandardCharsets.UTF_8);
    for (int length = 0; length <= whole.length; length++) {
      Path file = folder.resolve("torn");
      byte[] cut = Arrays.copyOf(whole, length);
      Files.write(file, cut);
      int complete = length < 6 ? 0 : length < whole.length ? 1 : 2;
      try (var lines = new DurableLines(file)) {
        assertThat(lines.whole()).as("%d bytes", length).hasSize(complete);
        assertThat(lines.torn().isEmpty()).isEqualTo(length == 0 || length == 6 || complete == 2);
        assertThat(Files.readAllBytes(file)).as("nothing is written before it must").isEqualTo(cut);
        lines.append("new");
      }
      try (var lines = new DurableLines(file)) {
        assertThat(lines.whole())
            .as("%d bytes", length)
            .hasSize(complete + 1)
            .last()
            .isEqualTo("new");
        assertThat(lines.torn()).isEmpty();
      }
    }
  }

  @Test
  void twoRunsDoNotShareAFile() {
    Path file = folder.resolve("shared");
    try (var first = new DurableLines(file)) {
      first.append("mine");
      assertThatThrownBy(() -> new DurableLines(file))
          .isInstanceOf(BadRequest.class)
          .hasMessageContaining("shared")
          .hasMessageContaining("another run");
    }
    try (var second = new DurableLines(file)) {
      assertThat(second.whole()).containsExactly("mine");
    }
  }

  @Test
  void aFolderThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> new DurableLines(folder.resolve("none").resolve("lines")))
        .isInstanceOf(StorageFailure.class)
        .hasMessageContaining("none");
  }
}
