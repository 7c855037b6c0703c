package dev.tonnage.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tonnage.error.StorageFailure;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedFileTest {

  @TempDir Path folder;

  @Test
  void aFileIsReadOnlyMemoryUntilItIsClosed() throws IOException {
    Path path = Files.write(folder.resolve("file"), new byte[] {1, 2, 3});
    MemorySegment bytes;
    try (var file = MappedFile.open(path)) {
      bytes = file.bytes();
      assertThat(file.path()).isEqualTo(path);
      assertThat(bytes.isReadOnly()).isTrue();
      assertThat(bytes.toArray(ValueLayout.JAVA_BYTE)).containsExactly(1, 2, 3);
    }
    assertThatThrownBy(() -> bytes.get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anEmptyFileIsEmptyMemory() throws IOException {
    Path path = Files.write(folder.resolve("empty"), new byte[0]);
    try (var file = MappedFile.open(path)) {
      assertThat(file.bytes().byteSize()).isZero();
      file.verifyUnchanged();
    }
  }

  @Test
  void aFileOfAnotherLengthIsNoticed() throws IOException {
    Path path = Files.write(folder.resolve("file"), new byte[10_000]);
    try (var file = MappedFile.open(path);
        var other = new RandomAccessFile(path.toFile(), "rw")) {
      for (long length : new long[] {9_999, 0, 10_001}) {
        other.setLength(length);
        assertThatThrownBy(file::verifyUnchanged)
            .isInstanceOf(StorageFailure.class)
            .hasMessageStartingWith(
                path + ": was 10000 bytes long when it was opened and is now " + length + ";")
            .hasMessageContaining("write a new file beside it and rename");
      }
      other.setLength(10_000);
      file.verifyUnchanged();
    }
  }

  @Test
  void aFileThatIsDeletedOrReplacedStaysWhatItWas() throws IOException {
    Path path = Files.write(folder.resolve("file"), new byte[] {1, 2, 3});
    try (var file = MappedFile.open(path)) {
      Files.delete(path);
      Files.write(path, new byte[] {4});
      file.verifyUnchanged();
      assertThat(file.bytes().get(ValueLayout.JAVA_BYTE, 2)).isEqualTo((byte) 3);
    }
  }

  /** A channel asked by an interrupted thread would close itself. */
  @Test
  void anInterruptedThreadMayAsk() throws IOException {
    Path path = Files.write(folder.resolve("file"), new byte[10]);
    try (var file = MappedFile.open(path)) {
      Thread.currentThread().interrupt();
      try {
        file.verifyUnchanged();
      } finally {
        assertThat(Thread.interrupted()).isTrue();
      }
      file.verifyUnchanged();
    }
  }

  @Test
  void whatIsNotThereOrNoFileIsNamed() {
    Path absent = folder.resolve("absent");
    assertThatThrownBy(() -> MappedFile.open(absent).close())
        .isInstanceOf(StorageFailure.class)
        .hasMessage(absent + ": no such file; check the path");
    assertThatThrownBy(() -> MappedFile.open(folder).close())
        .isInstanceOf(StorageFailure.class)
        .hasMessageContaining("is not a regular file");
    Path device = Path.of("/dev/null");
    assumeTrue(Files.exists(device), "no /dev/null here");
    assertThatThrownBy(() -> MappedFile.open(device).close())
        .isInstanceOf(StorageFailure.class)
        .hasMessageContaining("is not a regular file");
  }

  @Test
  void aFileThatMayNotBeReadIsNamed() throws IOException {
    Path path = Files.write(folder.resolve("secret"), new byte[10]);
    assumeTrue(path.toFile().setReadable(false), "the file system knows no permissions");
    assumeFalse(Files.isReadable(path), "this user may read everything");
    assertThatThrownBy(() -> MappedFile.open(path).close())
        .isInstanceOf(StorageFailure.class)
        .hasMessage(path + ": may not be read; check its permissions");
  }
}
