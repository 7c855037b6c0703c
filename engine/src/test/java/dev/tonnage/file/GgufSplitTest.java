package dev.tonnage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.StorageFailure;
import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Tensor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufSplitTest {

  @TempDir Path folder;

  private Path path(int number) {
    return folder.resolve("story-0000" + number + "-of-00003.gguf");
  }

  /** A part as gguf-split writes it. */
  private static GgufWriter part(int index, int count, int tensors) {
    return new GgufWriter()
        .put("split.no", GgufValue.uint16(index))
        .put("split.count", GgufValue.uint16(count))
        .put("split.tensors.count", GgufValue.int32(tensors));
  }

  private static GgufWriter first(int tensors) {
    GgufWriter writer = part(0, 3, tensors).put("general.architecture", GgufValue.text("llama"));
    return GgufSample.tensor(writer, "a", DType.F32, 8);
  }

  private static GgufWriter second() {
    GgufWriter writer = GgufSample.tensor(part(1, 3, 4), "b", DType.Q8_0, 2, 32);
    return GgufSample.tensor(writer, "c", DType.F32, 8);
  }

  private static GgufWriter third() {
    return GgufSample.tensor(part(2, 3, 4), "d", DType.F32, 8).alignment(64);
  }

  private void writeAll() {
    first(4).write(path(1));
    second().write(path(2));
    third().write(path(3));
  }

  @Test
  void anyPartOpensTheWholeModel() {
    writeAll();
    for (int number = 1; number <= 3; number++) {
      try (var checkpoint = GgufCheckpoint.open(path(number))) {
        assertThat(checkpoint.name()).isEqualTo("story-00001-of-00003.gguf");
        assertThat(checkpoint.metadata().text("general.architecture")).isEqualTo("llama");
        assertThat(checkpoint.tensors())
            .extracting(Tensor::name)
            .containsExactly("a", "b", "c", "d");
        assertThat(checkpoint.tensor("b").orElseThrow().type()).isEqualTo(DType.Q8_0);
        assertThat(checkpoint.parts())
            .extracting(part -> part.tensors().size())
            .containsExactly(1, 2, 1);
        assertThat(checkpoint.parts())
            .extracting(GgufPart::alignment)
            .containsExactly(32L, 32L, 64L);
      }
    }
  }

  @Test
  void theFolderNeedNotBeNamed() {
    writeAll();
    Path here = Path.of("").toAbsolutePath();
    if (here.getRoot().equals(folder.toAbsolutePath().getRoot())) {
      try (var checkpoint = GgufCheckpoint.open(here.relativize(path(2).toAbsolutePath()))) {
        assertThat(checkpoint.tensors()).hasSize(4);
      }
    }
  }

  @Test
  void aMissingPartIsNamed() throws IOException {
    writeAll();
    Files.delete(path(3));
    assertThatThrownBy(() -> GgufCheckpoint.open(path(1)).close())
        .isInstanceOf(StorageFailure.class)
        .hasMessageStartingWith(path(3) + ": no such file, but the model is split into 3");
  }

  @Test
  void aPartThatIsNoModelIsNamed() throws IOException {
    writeAll();
    Files.write(path(2), new byte[0]);
    assertThatThrownBy(() -> GgufCheckpoint.open(path(1)).close())
        .isInstanceOf(BadFile.class)
        .hasMessageStartingWith("story-00002-of-00003.gguf: ");
  }

  @Test
  void partsInEachOthersPlaceAreRefused() {
    writeAll();
    third().write(path(2));
    assertThatThrownBy(() -> GgufCheckpoint.open(path(1)).close())
        .isInstanceOf(BadFile.class)
        .hasMessageStartingWith("story-00002-of-00003.gguf: split.no: expected 1, but found 2;");
  }

  @Test
  void aPartOfAnotherSplitIsRefused() {
    writeAll();
    GgufSample.tensor(part(1, 4, 4), "b", DType.F32, 8).write(path(2));
    assertThatThrownBy(() -> GgufCheckpoint.open(path(1)).close())
        .isInstanceOf(BadFile.class)
        .hasMessageStartingWith("story-00002-of-00003.gguf: split.count: expected 3, but found 4;");
  }

  @Test
  void aNameThatContradictsTheFileIsRefused() {
    second().write(path(3));
    assertThatThrownBy(() -> GgufCheckpoint.open(path(3)).close())
        .isInstanceOf(BadFile.class)
        .hasMessageContaining("expected a name that ends in -00002-of-00003.gguf");
    Path plain = folder.resolve("model.gguf");
    second().write(plain);
    assertThatThrownBy(() -> GgufCheckpoint.open(plain).close())
        .hasMessageStartingWith("model.gguf: expected a name that ends in -00002-of-00003.gguf");
  }

  @Test
  void aSumOfTensorsThatContradictsTheFirstPartIsRefused() {
    writeAll();
    first(5).write(path(1));
    assertThatThrownBy(() -> GgufCheckpoint.open(path(2)).close())
        .isInstanceOf(BadFile.class)
        .hasMessageContaining(
            "story-00001-of-00003.gguf: split.tensors.count: expected 5 tensors in all parts"
                + " together, but found 4;");
  }

  @Test
  void aTensorInTwoPartsIsRefused() {
    writeAll();
    GgufSample.tensor(part(2, 3, 4), "a", DType.F32, 8).write(path(3));
    assertThatThrownBy(() -> GgufCheckpoint.open(path(1)).close())
        .isInstanceOf(BadFile.class)
        .hasMessageContaining("story-00003-of-00003.gguf: a: expected a tensor only once");
  }

  @Test
  void numbersThatAreNoneAreRefused() {
    GgufSample.tensor(part(3, 3, 4), "a", DType.F32, 8).write(path(1));
    assertThatThrownBy(() -> GgufCheckpoint.open(path(1)).close())
        .hasMessageContaining("split.no: expected 0 to 2, but found 3");
    new GgufWriter().put("split.count", GgufValue.int32(-1)).write(path(1));
    assertThatThrownBy(() -> GgufCheckpoint.open(path(1)).close())
        .hasMessageContaining("split.count: expected 0 to 99999, but found -1");
    new GgufWriter().put("split.count", GgufValue.uint32(100_000)).write(path(1));
    assertThatThrownBy(() -> GgufCheckpoint.open(path(1)).close())
        .hasMessageContaining("split.count: expected 0 to 99999, but found 100000");
    new GgufWriter().put("split.count", GgufValue.uint16(3)).write(path(1));
    assertThatThrownBy(() -> GgufCheckpoint.open(path(1)).close())
        .hasMessageContaining("split.no: expected an integer, but found no such key");
  }

  @Test
  void aNameLikeAPartsIsJustANameWhereTheFileSaysNothing() {
    GgufSample.llama(1, 10).write(path(2));
    try (var checkpoint = GgufCheckpoint.open(path(2))) {
      assertThat(checkpoint.parts()).hasSize(1);
    }
  }

  @Test
  void onePartInMemoryIsRefused() {
    try (Arena arena = Arena.ofConfined()) {
      var memory = first(4).toMemory(arena);
      assertThatThrownBy(() -> GgufCheckpoint.of("embedded", memory))
          .isInstanceOf(BadFile.class)
          .hasMessageContaining("embedded: split.count: expected a whole model");
    }
  }

  @Test
  void aPartThatShrankIsNoticed() throws IOException {
    writeAll();
    try (var checkpoint = GgufCheckpoint.open(path(1))) {
      checkpoint.verifyUnchanged();
      try (var file = new RandomAccessFile(path(2).toFile(), "rw")) {
        file.setLength(100);
      }
      assertThatThrownBy(checkpoint::verifyUnchanged)
          .isInstanceOf(StorageFailure.class)
          .hasMessageContaining(path(2).toString());
    }
  }
}
