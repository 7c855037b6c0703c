package dev.tonnage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.tonnage.error.BadFile;
import dev.tonnage.error.StorageFailure;
import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Shape;
import dev.tonnage.tensor.Tensor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufCheckpointTest {

  @TempDir Path folder;

  private Path write(GgufWriter writer) {
    Path path = folder.resolve("model.gguf");
    writer.write(path);
    return path;
  }

  @Test
  void everyMetadataTypeIsReadAsItWasWritten() {
    try (var checkpoint = GgufCheckpoint.open(write(GgufSample.everyType()))) {
      Metadata metadata = checkpoint.metadata();
      assertThat(metadata.integer("sample.uint8")).isEqualTo(200);
      assertThat(metadata.integer("sample.int8")).isEqualTo(-100);
      assertThat(metadata.integer("sample.uint16")).isEqualTo(60_000);
      assertThat(metadata.integer("sample.int16")).isEqualTo(-30_000);
      assertThat(metadata.integer("sample.uint32")).isEqualTo(4_000_000_000L);
      assertThat(metadata.integer("sample.int32")).isEqualTo(-2_000_000_000);
      assertThat(metadata.integer("sample.uint64")).isEqualTo(1L << 40);
      assertThat(metadata.integer("sample.int64")).isEqualTo(Long.MIN_VALUE);
      assertThat(metadata.number("sample.float32")).isEqualTo(0.1f);
      assertThat(metadata.number("sample.float64")).isEqualTo(0.1);
      assertThat(metadata.number("sample.uint8")).isEqualTo(200);
      assertThat(metadata.flag("sample.yes", false)).isTrue();
      assertThat(metadata.flag("sample.no", true)).isFalse();
      assertThat(metadata.text("sample.empty")).isEmpty();
      assertThat(metadata.find("sample.huge"))
          .contains(new Metadata.Huge(BigInteger.TWO.pow(64).subtract(BigInteger.ONE)));
      assertThat(metadata.find("sample.absent")).isEmpty();
      assertThat(metadata.keys()).startsWith("general.architecture", "sample.uint8");
    }
  }

  @Test
  void arraysOfEveryTypeAreReadAsTheyWereWritten() {
    try (var checkpoint = GgufCheckpoint.open(write(GgufSample.everyType()))) {
      Metadata metadata = checkpoint.metadata();
      assertThat(metadata.array("sample.bytes").ints()).containsExactly(0, 255);
      assertThat(metadata.array("sample.ints").ints()).containsExactly(3, -4, 5);
      assertThat(metadata.array("sample.ints").floats()).containsExactly(3, -4, 5);
      assertThat(metadata.array("sample.floats").floats()).containsExactly(0.5f, -1.5f);
      assertThat(metadata.array("sample.doubles").floats()).containsExactly(0.1f);
      assertThat(metadata.array("sample.longs").get(0)).isEqualTo(new Metadata.Int(7));
      assertThat(metadata.array("sample.flags").get(1)).isEqualTo(new Metadata.Flag(false));
      assertThat(metadata.array("sample.none").size()).isZero();
      assertThat(metadata.array("sample.none").utf8()).isEmpty();
      Metadata.Array texts = metadata.array("sample.texts");
      assertThat(texts.kind()).isEqualTo("array of text");
      assertThat(texts.get(2)).isEqualTo(new Metadata.Text("größer 😀"));
      assertThat(new String(texts.utf8()[2], StandardCharsets.UTF_8)).isEqualTo("größer 😀");
      Metadata.Array nested = metadata.array("sample.nested");
      assertThat(((Metadata.Array) nested.get(0)).ints()).containsExactly(1, 2);
      assertThat(((Metadata.Array) nested.get(1)).get(1)).isEqualTo(new Metadata.Text("b"));
      assertThat(((Metadata.Array) nested.get(2)).size()).isZero();
      assertThatThrownBy(() -> texts.get(3)).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void aLongArrayOfTextsIsReadFromAnyPlace() {
    try (var checkpoint = GgufCheckpoint.open(write(GgufSample.llama(1, 2000)))) {
      Metadata.Array tokens = checkpoint.metadata().array("tokenizer.ggml.tokens");
      byte[][] all = tokens.utf8();
      assertThat(all.length).isEqualTo(2000);
      for (int id : new int[] {0, 1, 255, 256, 257, 511, 512, 1023, 1999}) {
        String token = new String(all[id], StandardCharsets.UTF_8);
        assertThat(tokens.get(id)).isEqualTo(new Metadata.Text(token));
      }
      assertThat(tokens.get(1000))
          .isEqualTo(new Metadata.Text("▁" + Integer.toString(7919000, 36)));
    }
  }

  @Test
  void aValueOfAnotherTypeIsNamedWithItsKey() {
    try (var checkpoint = GgufCheckpoint.open(write(GgufSample.everyType()))) {
      Metadata metadata = checkpoint.metadata();
      assertThatThrownBy(() -> metadata.integer("general.architecture"))
          .isInstanceOf(BadFile.class)
          .hasMessageStartingWith(
              "model.gguf: general.architecture: expected an integer, but found text;");
      assertThatThrownBy(() -> metadata.text("sample.ints"))
          .hasMessageContaining("sample.ints: expected a text, but found array of integer;");
      assertThatThrownBy(() -> metadata.array("sample.texts").ints())
          .isInstanceOf(BadFile.class)
          .hasMessageContaining("sample.texts: expected an array of integers");
      assertThatThrownBy(() -> metadata.array("sample.longs").ints())
          .hasMessageContaining("sample.longs[1]: expected an integer of 32 bits");
      assertThatThrownBy(() -> metadata.array("sample.flags").floats())
          .hasMessageContaining("sample.flags: expected an array of numbers");
      assertThatThrownBy(() -> metadata.array("sample.floats").utf8())
          .hasMessageContaining("sample.floats: expected an array of texts");
      assertThatThrownBy(() -> metadata.integer("sample.absent"))
          .hasMessageContaining("sample.absent: expected an integer, but found no such key;");
    }
  }

  @Test
  void everyTensorTypeIsReadWithItsShapeAndItsBytes() {
    try (var checkpoint = GgufCheckpoint.open(write(GgufSample.everyType()))) {
      assertThat(checkpoint.tensors()).hasSize(DType.ofGguf().size() + 1);
      for (DType type : DType.ofGguf()) {
        Tensor tensor = checkpoint.tensor("blk.0." + type).orElseThrow();
        Shape shape = Shape.of(2, 3, 2L * type.blockElements());
        assertThat(tensor.type()).isEqualTo(type);
        assertThat(tensor.shape()).isEqualTo(shape);
        assertThat(tensor.data().isNative()).isTrue();
        assertThat(tensor.data().isReadOnly()).isTrue();
        assertThat(tensor.data().address() % 32).isZero();
        assertThat(tensor.data().mismatch(GgufSample.data(type, shape, tensor.name().hashCode())))
            .isEqualTo(-1);
      }
      assertThat(checkpoint.tensor("absent")).isEmpty();
      assertThat(checkpoint.tensors().getLast().name()).isEqualTo("last");
    }
  }

  @Test
  void alignmentOtherThanTheDefaultHolds() {
    try (var checkpoint = GgufCheckpoint.open(write(GgufSample.everyType().alignment(4096)))) {
      for (Tensor tensor : checkpoint.tensors()) {
        assertThat(tensor.data().address() % 4096).isZero();
      }
      assertThat(checkpoint.parts().getFirst().alignment()).isEqualTo(4096);
    }
  }

  @Test
  void partsSayWhatTheFileIs() throws IOException {
    Path path = write(GgufSample.llama(2, 40));
    try (var checkpoint = GgufCheckpoint.open(path)) {
      GgufPart part = checkpoint.parts().getFirst();
      assertThat(checkpoint.parts()).hasSize(1);
      assertThat(part.name()).isEqualTo("model.gguf").isEqualTo(checkpoint.name());
      assertThat(part.fileBytes()).isEqualTo(Files.size(path));
      assertThat(part.version()).isEqualTo(3);
      assertThat(part.alignment()).isEqualTo(32);
      assertThat(part.tensors()).hasSize(20).isEqualTo(checkpoint.tensors());
    }
  }

  @Test
  void versionTwoIsReadToo() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = GgufSample.llama(1, 10).toMemory(arena);
      memory.set(ValueLayout.JAVA_BYTE, 4, (byte) 2);
      var checkpoint = GgufCheckpoint.of("old.gguf", memory);
      assertThat(checkpoint.parts().getFirst().version()).isEqualTo(2);
      assertThat(checkpoint.tensors()).hasSize(11);
    }
  }

  @Test
  void aModelInMemoryIsReadWhereItLies() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = GgufSample.llama(1, 10).toMemory(arena);
      var checkpoint = GgufCheckpoint.of("embedded", memory);
      checkpoint.verifyUnchanged();
      Tensor tensor = checkpoint.tensor("output_norm.weight").orElseThrow();
      assertThat(tensor.data().address())
          .isBetween(memory.address(), memory.address() + memory.byteSize());
      assertThat(tensor.data().isReadOnly()).isTrue();
      checkpoint.close();
      assertThat(memory.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 'G');
      assertThatThrownBy(() -> GgufCheckpoint.of("heap", MemorySegment.ofArray(new byte[64])))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> GgufCheckpoint.of("odd", memory.asSlice(1)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aTensorWithoutExtentsIsOneNumber() {
    var file = new LittleEndianOutput().uint32(Gguf.MAGIC).uint32(3).uint64(1).uint64(0);
    file.text("scale").uint32(0).uint32(DType.F32.id()).uint64(0).padTo(32).uint32(1);
    try (Arena arena = Arena.ofConfined()) {
      byte[] bytes = file.toByteArray();
      MemorySegment memory = arena.allocate(bytes.length, 8).copyFrom(MemorySegment.ofArray(bytes));
      assertThat(GgufCheckpoint.of("m", memory).tensors().getFirst().shape())
          .isEqualTo(Shape.of(1));
    }
  }

  /** Otherwise opening a file would take as long as reading its vocabulary. */
  @Test
  void openingDecodesNoTokens() {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Path path = write(GgufSample.llama(1, 128_000));
    GgufCheckpoint.open(path).close(); // classes and lambdas are loaded now
    long before = threads.getCurrentThreadAllocatedBytes();
    GgufCheckpoint.open(path).close();
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(128_000);
  }

  @Test
  void aFileBeyondTwoGibibytesIsWrittenAndIsOneSegment() throws IOException {
    long rowBytes = 1 << 20;
    long rows = 2100;
    Path path = folder.resolve("large.gguf");
    var writer =
        new GgufWriter()
            .tensor(
                "first", DType.I8, Shape.of(rows, rowBytes), to -> writeRows(to, rows, rowBytes))
            .tensor(
                "second", DType.I8, Shape.of(4), MemorySegment.ofArray(new byte[] {1, 2, 3, 4}));
    try (var file =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      writer.write(new HolesForLargeWrites(file));
    }
    assertThat(Files.size(path)).isEqualTo(writer.fileBytes()).isGreaterThan(2L << 30);
    try (var checkpoint = GgufCheckpoint.open(path)) {
      Tensor first = checkpoint.tensor("first").orElseThrow();
      assertThat(first.data().byteSize()).isEqualTo(rows * rowBytes);
      assertThat(first.data().get(ValueLayout.JAVA_BYTE, rows * rowBytes - 1)).isZero();
      Tensor second = checkpoint.tensor("second").orElseThrow();
      assertThat(second.data().toArray(ValueLayout.JAVA_BYTE)).containsExactly(1, 2, 3, 4);
      assertThat(checkpoint.weightBytes()).isEqualTo(rows * rowBytes + 4);
    }
  }

  private static void writeRows(WritableByteChannel to, long rows, long rowBytes)
      throws IOException {
    ByteBuffer row = ByteBuffer.allocate((int) rowBytes);
    for (long i = 0; i < rows; i++) {
      to.write(row.clear());
    }
  }

  /** Leaves out what is large, which the file system then holds as zeros that take no space. */
  private record HolesForLargeWrites(FileChannel file) implements WritableByteChannel {

    @Override
    public int write(ByteBuffer from) throws IOException {
      int bytes = from.remaining();
      if (bytes < 1 << 20) {
        return file.write(from);
      }
      file.position(file.position() + bytes);
      from.position(from.limit());
      return bytes;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  @Test
  void aFileThatShrankIsNoticed() throws IOException {
    Path path = write(GgufSample.llama(1, 10));
    long length = Files.size(path);
    try (var checkpoint = GgufCheckpoint.open(path)) {
      checkpoint.verifyUnchanged();
      try (var file = new RandomAccessFile(path.toFile(), "rw")) {
        file.setLength(length - 1);
      }
      assertThatThrownBy(checkpoint::verifyUnchanged)
          .isInstanceOf(StorageFailure.class)
          .hasMessageContaining(path.toString())
          .hasMessageContaining(length + " bytes")
          .hasMessageContaining("now " + (length - 1))
          .hasMessageContaining("rename");
    }
  }

  @Test
  void aModelThatIsReplacedWhileItIsOpenKeepsItsContents() {
    Path path = write(GgufSample.llama(1, 10));
    try (var checkpoint = GgufCheckpoint.open(path)) {
      GgufSample.everyType().write(path);
      checkpoint.verifyUnchanged();
      assertThat(checkpoint.metadata().text("general.architecture")).isEqualTo("llama");
      try (var newer = GgufCheckpoint.open(path)) {
        assertThat(newer.metadata().text("general.architecture")).isEqualTo("sample");
      }
    }
  }

  @Test
  void closingTwiceDoesNoHarmAndTensorsEndWithTheCheckpoint() {
    var checkpoint = GgufCheckpoint.open(write(GgufSample.llama(1, 10)));
    checkpoint.close();
    checkpoint.close();
    MemorySegment data = checkpoint.tensors().getFirst().data();
    assertThatThrownBy(() -> data.get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
  }
}
