package dev.tonnage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.tonnage.error.BadFile;
import dev.tonnage.error.TonnageException;
import dev.tonnage.error.UnsupportedModel;
import dev.tonnage.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are damaged or meant to do damage, made by hand; and what is said about each. */
class MalformedGgufTest {

  private static LittleEndianOutput header(long tensors, long keys) {
    return new LittleEndianOutput().uint32(Gguf.MAGIC).uint32(3).uint64(tensors).uint64(keys);
  }

  private static LittleEndianOutput oneKey(String key, GgufType type) {
    return header(0, 1).text(key).uint32(type.id());
  }

  private static LittleEndianOutput oneArray(GgufType elementType, long size) {
    return oneKey("key", GgufType.ARRAY).uint32(elementType.id()).uint64(size);
  }

  private static LittleEndianOutput entry(
      LittleEndianOutput file, String name, DType type, long offset, long... innermostFirst) {
    file.text(name).uint32(innermostFirst.length);
    for (long extent : innermostFirst) {
      file.uint64(extent);
    }
    return file.uint32(type.id()).uint64(offset);
  }

  /** A file with one tensor and room for its data. */
  private static LittleEndianOutput oneTensor(DType type, long offset, long... innermostFirst) {
    return entry(header(1, 0), "t", type, offset, innermostFirst).padTo(32).raw(new byte[4096]);
  }

  /** Opens a file; fails if what it claims was allocated. */
  private static GgufCheckpoint open(LittleEndianOutput file) {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    byte[] bytes = file.toByteArray();
    MemorySegment memory =
        Arena.ofAuto().allocate(bytes.length, 8).copyFrom(MemorySegment.ofArray(bytes));
    long before = threads.getCurrentThreadAllocatedBytes();
    try {
      return GgufCheckpoint.of("m.gguf", memory);
    } finally {
      assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(16 << 20);
    }
  }

  private static AbstractThrowableAssert<?, ?> assertRefused(LittleEndianOutput file) {
    return assertThatThrownBy(() -> open(file)).isInstanceOf(BadFile.class);
  }

  @Test
  void theMessageSaysWhereWhatWasExpectedWhatWasFoundAndWhatToDo() {
    assertRefused(header(1L << 62, 0).raw(new byte[250]))
        .hasMessage(
            "m.gguf: number of tensors: expected at most 10 tensors, for which there is room,"
                + " but found a claim of 4611686018427387904; download or convert the model again");
  }

  @ParameterizedTest
  @ValueSource(longs = {1L << 62, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 32, 1 << 20, 251})
  void aClaimOfMoreThanTheFileHasRoomForIsRefused(long claim) {
    var more = new byte[250]; // room for 10 tensors, of 25 bytes at least
    assertRefused(header(claim, 0).raw(more)).hasMessageContaining("number of tensors");
    assertRefused(header(0, claim).raw(more)).hasMessageContaining("number of keys");
    assertRefused(oneArray(GgufType.STRING, claim).raw(more)).hasMessageContaining("m.gguf: key:");
    assertRefused(oneArray(GgufType.ARRAY, claim).raw(more)).hasMessageContaining("m.gguf: key:");
    assertRefused(oneArray(GgufType.UINT64, claim).raw(more)).hasMessageContaining("m.gguf: key:");
    assertRefused(oneArray(GgufType.INT8, claim).raw(more)).hasMessageContaining("m.gguf: key:");
    assertRefused(oneKey("key", GgufType.STRING).uint64(claim).raw(more))
        .hasMessageContaining("m.gguf: key:");
    assertRefused(header(0, 1).uint64(claim).raw(more)).hasMessageContaining("m.gguf: key 1 of 1:");
    assertRefused(header(1, 0).uint64(claim).raw(more))
        .hasMessageContaining("m.gguf: tensor 1 of 1:");
  }

  @Test
  void everyPrefixOfAFileIsRefused() {
    MemorySegment whole = GgufSample.everyType().toMemory(Arena.ofAuto());
    long lastDataEnds = whole.byteSize() - 32 + 4; // the last tensor is one number, then padding
    for (long bytes = 0; bytes < lastDataEnds; bytes += bytes < 4096 ? 1 : 509) {
      MemorySegment prefix = whole.asSlice(0, bytes);
      assertThatThrownBy(() -> GgufCheckpoint.of("m.gguf", prefix))
          .as("%d bytes", bytes)
          .isInstanceOf(TonnageException.class);
    }
    GgufCheckpoint.of("m.gguf", whole.asSlice(0, lastDataEnds));
  }

  @Test
  void otherVersionsAreRefusedByName() {
    for (int version : new int[] {0, 1, 4, -1}) {
      var file = new LittleEndianOutput().uint32(Gguf.MAGIC).uint32(version).raw(new byte[64]);
      assertThatThrownBy(() -> open(file))
          .isInstanceOf(UnsupportedModel.class)
          .hasMessageContaining("GGUF version " + Integer.toUnsignedString(version));
    }
  }

  @Test
  void aBigEndianFileIsRefusedByName() {
    var file = new LittleEndianOutput().uint32(Gguf.MAGIC).uint32(0x0300_0000).raw(new byte[64]);
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(UnsupportedModel.class)
        .hasMessageContaining("big-endian");
  }

  @Test
  void moreKeysOrTensorsThanAnyModelHasAreRefused() {
    assertRefused(header(300_000, 0).raw(new byte[300_000 * 25]))
        .hasMessageContaining("number of tensors: expected at most 262144");
    assertRefused(header(0, 20_000).raw(new byte[20_000 * 14]))
        .hasMessageContaining("number of keys: expected at most 16384");
  }

  @Test
  void arraysOfArraysEndSomewhere() {
    var deep = oneKey("key", GgufType.ARRAY);
    var deepEnough = oneKey("key", GgufType.ARRAY);
    for (int depth = 0; depth < 100_000; depth++) {
      deep.uint32(GgufType.ARRAY.id()).uint64(1);
    }
    for (int depth = 1; depth < Gguf.MOST_DEPTH; depth++) {
      deepEnough.uint32(GgufType.ARRAY.id()).uint64(1);
    }
    assertRefused(deep.raw(new byte[64]))
        .hasMessageContaining("m.gguf: key: expected arrays at most 8 deep");
    deepEnough.uint32(GgufType.INT8.id()).uint64(1).number(7, 1);
    Metadata.Value value = open(deepEnough).metadata().find("key").orElseThrow();
    for (int depth = 0; depth < Gguf.MOST_DEPTH; depth++) {
      value = ((Metadata.Array) value).get(0);
    }
    assertThat(value).isEqualTo(new Metadata.Int(7));
  }

  @Test
  void unknownValueTypesAreRefused() {
    for (int id : new int[] {13, -1, Integer.MIN_VALUE}) {
      assertRefused(header(0, 1).text("key").uint32(id).raw(new byte[64]))
          .hasMessageContaining("m.gguf: key: expected a value type from 0 to 12");
      assertRefused(oneKey("key", GgufType.ARRAY).uint32(id).raw(new byte[64]))
          .hasMessageContaining("m.gguf: key: expected a value type from 0 to 12");
    }
  }

  @Test
  void aFlagThatIsNeitherIsRefused() {
    assertRefused(oneKey("key", GgufType.BOOL).number(2, 1))
        .hasMessageContaining("m.gguf: key: expected a flag that is 0 or 1, but found 2");
    Metadata.Array flags =
        open(oneArray(GgufType.BOOL, 2).number(0xFF01, 2)).metadata().array("key");
    assertThat(flags.get(0)).isEqualTo(new Metadata.Flag(true));
    assertThatThrownBy(() -> flags.get(1))
        .isInstanceOf(BadFile.class)
        .hasMessageContaining("m.gguf: key[1]: expected a flag");
  }

  @Test
  void namesThatAreNoTextAreRefused() {
    byte[] overlong = {'a', (byte) 0xC0, (byte) 0x80};
    assertRefused(header(0, 1).text(overlong).uint32(0).raw(new byte[64]))
        .hasMessageContaining("key 1 of 1: expected text in UTF-8");
    assertRefused(header(1, 0).text(overlong).raw(new byte[64]))
        .hasMessageContaining("tensor 1 of 1: expected text in UTF-8");
    assertRefused(header(0, 1).text("a\u001b[2Jb").uint32(0).raw(new byte[64]))
        .hasMessageContaining("key 1 of 1: expected text without control characters");
    assertRefused(header(0, 1).text("").raw(new byte[64]))
        .hasMessageContaining("key 1 of 1: expected 1 to 65535 bytes of text, but found 0 bytes");
    assertRefused(header(0, 1).text("k".repeat(65_536)).raw(new byte[64]))
        .hasMessageContaining("key 1 of 1: expected 1 to 65535 bytes");
    assertRefused(header(1, 0).text("t".repeat(256)).raw(new byte[64]))
        .hasMessageContaining("tensor 1 of 1: expected 1 to 255 bytes");
  }

  @Test
  void aTextThatIsNoneIsRefusedWhenItIsAskedFor() {
    byte[] alone = {(byte) 0x80};
    Metadata metadata = open(oneKey("key", GgufType.STRING).text(alone)).metadata();
    assertThatThrownBy(() -> metadata.text("key"))
        .isInstanceOf(BadFile.class)
        .hasMessageContaining("m.gguf: key: expected text in UTF-8");
    Metadata.Array texts = open(oneArray(GgufType.STRING, 1).text(alone)).metadata().array("key");
    assertThatThrownBy(() -> texts.get(0)).isInstanceOf(BadFile.class);
    assertThat(texts.utf8()[0]).isEqualTo(alone); // a byte of a token may be half a character
  }

  @Test
  void theSameKeyOrTensorTwiceIsRefused() {
    var keys = header(0, 2).text("key").uint32(0).number(1, 1).text("key").uint32(0).number(1, 1);
    assertRefused(keys).hasMessageContaining("m.gguf: key: expected a key only once");
    var tensors = entry(header(2, 0), "t", DType.F32, 0, 4);
    entry(tensors, "t", DType.F32, 32, 4).raw(new byte[256]);
    assertRefused(tensors).hasMessageContaining("m.gguf: t: expected a tensor only once");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 4, 24, 33, 1L << 31, (1L << 32) - 1})
  void anAlignmentThatIsNoneIsRefused(long alignment) {
    assertRefused(oneKey("general.alignment", GgufType.UINT32).uint32(alignment))
        .hasMessageContaining("general.alignment: expected a power of two from 8")
        .hasMessageContaining("but found " + alignment);
  }

  @Test
  void anAlignmentOfAnotherTypeIsRefused() {
    assertRefused(oneKey("general.alignment", GgufType.STRING).text("32"))
        .hasMessageContaining("general.alignment: expected an integer, but found text");
    assertRefused(oneKey("general.alignment", GgufType.UINT64).uint64(-1))
        .hasMessageContaining("general.alignment: expected an integer");
  }

  @Test
  void withdrawnAndUnknownTensorTypesAreNamed() {
    var withdrawn = header(1, 0).text("t").uint32(1).uint64(32).uint32(31).uint64(0);
    assertThatThrownBy(() -> open(withdrawn.raw(new byte[64])))
        .isInstanceOf(UnsupportedModel.class)
        .hasMessageContaining("m.gguf: t: tensor type 31, the withdrawn Q4_0_4_4,");
    var unknown = header(1, 0).text("t").uint32(1).uint64(32).uint32(-2).uint64(0);
    assertThatThrownBy(() -> open(unknown.raw(new byte[64])))
        .isInstanceOf(UnsupportedModel.class)
        .hasMessageContaining("m.gguf: t: tensor type 4294967294 ");
  }

  @Test
  void extentsThatAreNoneAreRefused() {
    assertRefused(oneTensor(DType.F32, 0, 4, 0))
        .hasMessageContaining("m.gguf: t: expected extents");
    assertRefused(oneTensor(DType.F32, 0, -1)).hasMessageContaining("18446744073709551615");
    assertRefused(oneTensor(DType.F32, 0, 1L << 40, 1L << 40))
        .hasMessageContaining("whose product is less than 2^63");
    assertRefused(oneTensor(DType.I8, 0, 1L << 32, 1L << 31))
        .hasMessageContaining("whose product is less than 2^63");
    assertRefused(oneTensor(DType.F32, 0, 1, 1, 1, 1, 1))
        .hasMessageContaining("t: expected at most 4 extents, but found 5");
    assertRefused(header(1, 0).text("t").uint32(-1).raw(new byte[64]))
        .hasMessageContaining("t: expected at most 4 extents, but found 4294967295");
  }

  @Test
  void bytesBeyondALongAreRefused() {
    assertRefused(oneTensor(DType.F64, 0, 1L << 61, 2))
        .hasMessageContaining("m.gguf: t: expected F64 [2, 2305843009213693952]");
  }

  @Test
  void rowsThatAreNoWholeBlocksAreRefused() {
    assertRefused(oneTensor(DType.Q8_0, 0, 33, 32))
        .hasMessageContaining(
            "m.gguf: t: expected rows of whole Q8_0 blocks of 32, but found the shape [32, 33]");
    assertRefused(oneTensor(DType.Q4_K, 0, 128, 2))
        .hasMessageContaining("rows of whole Q4_K blocks of 256");
  }

  @Test
  void dataThatEndsEarlyIsRefusedWithBothLengths() {
    assertRefused(oneTensor(DType.F32, 0, 1025))
        .hasMessage(
            "m.gguf: t: expected F32 [1025], 1025 blocks of 4 bytes, but found the end of the file"
                + " after 4096 bytes; download this file again, to its end");
    open(oneTensor(DType.F32, 0, 1024));
    assertRefused(oneTensor(DType.F32, 4096, 1)).hasMessageContaining("after 0 bytes");
    assertRefused(entry(header(1, 0), "t", DType.F32, 0, 1)).hasMessageContaining("after 0 bytes");
  }

  @Test
  void offsetsBeyondTheFileOrUnalignedAreRefused() {
    assertRefused(oneTensor(DType.F32, 8, 4))
        .hasMessageContaining("t: expected F32 [4] at a multiple of 32 bytes, but found it at 8");
    assertRefused(oneTensor(DType.F32, 4128, 4))
        .hasMessageContaining("within the 4096 bytes of data in the file, but found it at 4128");
    assertRefused(oneTensor(DType.F32, -32, 4)).hasMessageContaining("18446744073709551584");
    assertRefused(oneTensor(DType.F32, Long.MAX_VALUE - 31, 4))
        .hasMessageContaining("within the 4096 bytes");
  }

  @Test
  void tensorsThatShareDataAreRefused() {
    var file = entry(header(3, 0), "last", DType.F32, 64, 4);
    entry(file, "first", DType.F32, 0, 8);
    entry(file, "second", DType.F32, 32, 9).padTo(32).raw(new byte[256]);
    assertRefused(file)
        .hasMessageContaining("m.gguf: last: expected data of its own")
        .hasMessageContaining("shares with second");
  }
}
