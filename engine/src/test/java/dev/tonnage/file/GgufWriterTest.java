package dev.tonnage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tonnage.error.StorageFailure;
import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufWriterTest {

  @TempDir Path folder;

  private static byte[] bytes(GgufWriter writer) {
    var bytes = new ByteArrayOutputStream();
    try {
      writer.write(Channels.newChannel(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Byte for byte, from the specification by hand: reader and writer could share a mistake. */
  @Test
  void theFileIsWhatTheSpecificationSays() {
    var writer =
        new GgufWriter()
            .put("a", GgufValue.uint16(0x0102))
            .put("b", GgufValue.texts(List.of("x")))
            .alignment(8)
            .tensor(
                "t",
                DType.F16,
                Shape.of(2, 3),
                MemorySegment.ofArray(new short[] {1, 2, 3, 4, 5, 6}))
            .tensor("u", DType.I8, Shape.of(1), MemorySegment.ofArray(new byte[] {7}));
    String expected =
        """
        47475546 03000000 0200000000000000 0300000000000000
        0100000000000000 61 02000000 0201
        0100000000000000 62 09000000 08000000 0100000000000000 0100000000000000 78
        1100000000000000 67656e6572616c2e616c69676e6d656e74 04000000 08000000
        0100000000000000 74 02000000 0300000000000000 0200000000000000 01000000 0000000000000000
        0100000000000000 75 01000000 0100000000000000 18000000 1000000000000000
        00000000
        0100 0200 0300 0400 0500 0600 00000000
        07 00000000000000
        """;
    assertThat(HexFormat.of().formatHex(bytes(writer))).isEqualTo(expected.replaceAll("\\s", ""));
    assertThat(writer.fileBytes()).isEqualTo(bytes(writer).length);
  }

  @Test
  void mistakesOfTheCallerAreRefused() {
    var writer = new GgufWriter().put("key", GgufValue.flag(true));
    MemorySegment four = MemorySegment.ofArray(new byte[4]);
    writer.tensor("t", DType.I8, Shape.of(4), four);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.put("key", GgufValue.flag(true)))
        .withMessageContaining("'key'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.put("general.alignment", GgufValue.uint32(64)));
    assertThatIllegalArgumentException().isThrownBy(() -> writer.alignment(24));
    assertThatIllegalArgumentException().isThrownBy(() -> writer.alignment(4));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.tensor("t", DType.I8, Shape.of(4), four));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.tensor("u", DType.I8, Shape.of(5), four));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.tensor("u", DType.I8, Shape.of(1, 1, 1, 1, 4), four));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.tensor("u", DType.Q8_0, Shape.of(32, 31), channel -> {}));
    assertThatIllegalArgumentException().isThrownBy(() -> GgufValue.uint8(256));
    assertThatIllegalArgumentException().isThrownBy(() -> GgufValue.int8(-129));
    assertThatIllegalArgumentException().isThrownBy(() -> GgufValue.uint32(-1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GgufValue.array(GgufType.INT8, List.of(GgufValue.uint8(1))));
  }

  @Test
  void contentOfAnotherLengthIsRefusedAndLeavesNoFile() {
    for (int bytes : new int[] {3, 5}) {
      var writer =
          new GgufWriter()
              .tensor(
                  "t", DType.I8, Shape.of(4), channel -> channel.write(ByteBuffer.allocate(bytes)));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> writer.write(folder.resolve("model.gguf")))
          .withMessageStartingWith("t: ");
      assertThat(folder).isEmptyDirectory();
    }
  }

  @Test
  void aFolderThatIsNotThereIsNamed() {
    Path path = folder.resolve("absent").resolve("model.gguf");
    assertThatThrownBy(() -> new GgufWriter().write(path))
        .isInstanceOf(StorageFailure.class)
        .hasMessageStartingWith(path.toString());
  }

  @Test
  void nothingIsLeftBesideAFinishedFile() throws IOException {
    GgufSample.llama(1, 10).write(folder.resolve("model.gguf"));
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(folder.resolve("model.gguf"));
    }
  }
}
