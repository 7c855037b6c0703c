package dev.tonnage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.StorageFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said when somebody names a file that is not GGUF. */
class ForeignFormatTest {

  @TempDir Path folder;

  private void assertNamed(byte[] content, String found, String remedy) throws IOException {
    Path path = Files.write(folder.resolve("file.bin"), content);
    assertThatThrownBy(() -> GgufCheckpoint.open(path).close())
        .isInstanceOf(BadFile.class)
        .hasMessageStartingWith("file.bin: expected a GGUF file, but found " + found)
        .hasMessageContaining(remedy);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          504b030414000000,     a zip archive (PyTorch,  convert the model
          80027d7100,           a Python pickle,         convert the model
          746a676703000000,     a GGJT file,             newer conversion
          666d676701000000,     a GGMF file,             newer conversion
          6c6d676700000000,     a file of the old ggml,  newer conversion
          894844460d0a1a0a,     an HDF5 file,            convert the model
          1f8b080000000000,     a gzip archive,          unpack
          28b52ffd0458,         a Zstandard archive,     unpack
          fd377a585a00,         an xz archive,           unpack
          0000000000000000,     zeros,                   download
          7f454c46020101,       something unknown that starts with the bytes 7f 45 4c 46, name the
          '47',                 a text file that starts 'G', name the
          """)
  void aKnownFormatIsNamed(String hex, String found, String remedy) throws IOException {
    assertNamed(HexFormat.of().parseHex(hex), found, remedy);
  }

  @Test
  void safetensorsIsNamed() throws IOException {
    String json = "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
    var file = new LittleEndianOutput().text(json).uint32(0);
    assertNamed(file.toByteArray(), "a safetensors file", "name the folder that has it");
  }

  @Test
  void textsAreNamed() throws IOException {
    assertNamed(
        "version https://git-lfs.github.com/spec/v1\noid sha256:00\n"
            .getBytes(StandardCharsets.UTF_8),
        "a git-lfs pointer",
        "git lfs pull");
    assertNamed("<!DOCTYPE html><html>".getBytes(StandardCharsets.UTF_8), "a web page", "download");
    assertNamed(
        "Es war einmal\nein Müller".getBytes(StandardCharsets.UTF_8),
        "a text file that starts 'Es war einmal'",
        "name the model's file");
    assertNamed(new byte[0], "an empty file", "download it again");
  }

  @Test
  void aDirectoryIsNamed() {
    assertThatThrownBy(() -> GgufCheckpoint.open(folder).close())
        .isInstanceOf(BadFile.class)
        .hasMessage(
            folder + ": expected a GGUF file, but found a directory; name the .gguf file in it");
  }

  @Test
  void aFileThatIsNotThereIsAFailureOfStorage() {
    Path path = folder.resolve("absent.gguf");
    assertThatThrownBy(() -> GgufCheckpoint.open(path).close())
        .isInstanceOf(StorageFailure.class)
        .hasMessage(path + ": no such file; check the path");
  }

  @Test
  void aFileThatIsRefusedIsNotKeptOpen() throws IOException {
    Path path = Files.writeString(folder.resolve("text.gguf"), "text");
    Path descriptors = Path.of("/proc/self/fd");
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> GgufCheckpoint.open(path).close()).isInstanceOf(BadFile.class);
    }
    if (Files.isDirectory(descriptors)) {
      try (var open = Files.list(descriptors)) {
        assertThat(open.filter(Files::isSymbolicLink).map(ForeignFormatTest::target))
            .doesNotContain(path.toString());
      }
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "closed meanwhile";
    }
  }
}
