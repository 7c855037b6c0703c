package dev.tonnage.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.BadRequest;
import dev.tonnage.error.StorageFailure;
import dev.tonnage.error.TonnageException;
import dev.tonnage.session.LoadedModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of log-probabilities: llama.cpp's and ours are the same, and nothing else is read. */
class KlBaseTest {

  private static final int VOCABULARY = 301;

  /** A row of an odd vocabulary: two floats, 301 numbers of 16 bits, 16 bits more. */
  private static final int ROW_BYTES = 8 + 2 * 302;

  private static final int FIRST_ROW = 20 + 4 * Recorded.CONTEXT * Recorded.CHUNKS;

  @TempDir private Path folder;

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  @Test
  void theFileThatIsWrittenIsTheReferencesButForRounding() throws IOException {
    Path file = folder.resolve("ours.logits");
    try (LoadedModel model = Recorded.open(Recorded.ODD, folder);
        var writer = new KlBaseWriter(file, Recorded.chunks(model), VOCABULARY, Recorded.CHUNKS)) {
      Recorded.read(model, Recorded.CHUNKS, writer);
      writer.finish();
    }
    byte[] ours = Files.readAllBytes(file);
    byte[] theirs = Recorded.bytes("odd-sizes.logits");
    assertThat(ours).hasSameSizeAs(theirs);
    assertThat(Arrays.copyOf(ours, FIRST_ROW)).isEqualTo(Arrays.copyOf(theirs, FIRST_ROW));
    for (int row = FIRST_ROW; row < ours.length; row += ROW_BYTES) {
      for (int at : new int[] {row, row + 4}) {
        float expected = littleEndian(theirs).getFloat(at);
        assertThat(littleEndian(ours).getFloat(at)).isCloseTo(expected, within(1e-5f));
      }
      for (int id = 0; id < VOCABULARY; id++) {
        int expected = Short.toUnsignedInt(littleEndian(theirs).getShort(row + 8 + 2 * id));
        assertThat(Short.toUnsignedInt(littleEndian(ours).getShort(row + 8 + 2 * id)))
            .isCloseTo(expected, within(1));
      }
    }
  }

  /** Half a step of 16 bits over a range of 16, and what single precision loses. */
  @Test
  void aRowKeepsLogProbabilitiesToTheStepOfSixteenBits() {
    long seed = 77;
    var random = new Random(seed);
    var row = new KlBaseRow(new KlBaseHeader(16, VOCABULARY, 1));
    for (double deviation : new double[] {0, 1e-3, 1, 3, 30}) {
      float[] logits = new float[VOCABULARY];
      for (int id = 0; id < VOCABULARY; id++) {
        logits[id] = (float) (deviation * random.nextGaussian());
      }
      var chances = new LogSoftmax(logits);
      row.set(chances);
      assertThat(row.plausible()).isTrue();
      double least = chances.logProbability(chances.best()) - 16;
      for (int id = 0; id < VOCABULARY; id++) {
        assertThat((double) row.logProbability(id))
            .as("seed %d, deviation %s, id %d", seed, deviation, id)
            .isCloseTo(Math.max(least, chances.logProbability(id)), within(1.3e-4));
      }
    }
  }

  @Test
  void aFileHasItsNameOnlyWhenItIsWhole() throws IOException {
    Path file = write("base.logits", new byte[] {1, 2, 3});
    try (LoadedModel model = Recorded.open(Recorded.ODD, folder)) {
      TextChunks text = Recorded.chunks(model);
      try (var writer = new KlBaseWriter(file, text, VOCABULARY, 2)) {
        Recorded.read(model, 1, writer);
        assertThat(folder.resolve("base.logits.part")).exists();
        assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
      }
      assertThat(Files.readAllBytes(file)).containsExactly(1, 2, 3);
      assertThat(folder.resolve("base.logits.part")).doesNotExist();
      try (var writer = new KlBaseWriter(file, text, VOCABULARY, 2)) {
        Recorded.read(model, 2, writer);
        writer.finish();
      }
      assertThat(folder.resolve("base.logits.part")).doesNotExist();
      try (var reader = new KlBaseReader(file)) {
        assertThat(reader.header()).isEqualTo(new KlBaseHeader(16, VOCABULARY, 2));
        reader.requireSame(text, VOCABULARY, 2);
      }
    }
  }

  @Test
  void aFolderThatIsNotThereIsNamed() {
    Path file = folder.resolve("none").resolve("base.logits");
    try (LoadedModel model = Recorded.open(Recorded.ODD, folder)) {
      assertThatThrownBy(() -> new KlBaseWriter(file, Recorded.chunks(model), VOCABULARY, 1))
          .isInstanceOf(StorageFailure.class)
          .hasMessageContaining("none");
    }
  }

  @Test
  void moreThanThereIsRoomForIsRefusedBeforeItIsBegun() throws IOException {
    try (LoadedModel model = Recorded.open(Recorded.ODD, folder)) {
      Path file = folder.resolve("huge.logits");
      TextChunks text = Recorded.chunks(model);
      assertThatThrownBy(() -> new KlBaseWriter(file, text, 1 << 29, 1 << 30))
          .isInstanceOf(StorageFailure.class)
          .hasMessageContaining("huge.logits: all log-probabilities take")
          .hasMessageContaining("free");
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).noneMatch(file -> file.toString().contains("huge"));
    }
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> new KlBaseReader(folder.resolve("none")))
        .isInstanceOf(StorageFailure.class)
        .hasMessageContaining("none: no such file");
  }

  @Test
  void aFileCutOrContinuedAnywhereIsRefused() throws IOException {
    byte[] whole = Recorded.bytes("odd-sizes.logits");
    for (int length : new int[] {0, 1, 7, 8, 19, 20, 21, FIRST_ROW, whole.length - 1}) {
      Path file = write("cut", Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> new KlBaseReader(file))
          .as("%d bytes", length)
          .isInstanceOf(BadFile.class)
          .hasMessageContaining("cut")
          .hasMessageContaining(length < 20 ? "_logits_" : length + " bytes");
    }
    Path longer = write("longer", Arrays.copyOf(whole, whole.length + 1));
    assertThatThrownBy(() -> new KlBaseReader(longer))
        .isInstanceOf(BadFile.class)
        .hasMessageContaining("15 chunks of 16 tokens and a vocabulary of 301");
  }

  @ParameterizedTest
  @CsvSource({
    "16, 2147483647, 15",
    "16, -1, 15",
    "16, 0, 15",
    "2147483647, 301, 15",
    "2147483647, 2147483647, 2147483647",
    "-2147483648, 301, 15",
    "0, 301, 15",
    "16, 301, 2147483647",
    "16, 301, -1",
    "16, 301, 0",
    "1, 301, 15",
    "16, 303, 15",
    "18, 301, 15"
  })
  void aHeaderThatTheLengthContradictsIsRefused(int context, int vocabulary, int chunks)
      throws IOException {
    byte[] bytes = Recorded.bytes("odd-sizes.logits");
    littleEndian(bytes).putInt(8, context).putInt(12, vocabulary).putInt(16, chunks);
    Path file = write("claims", bytes);
    assertThatThrownBy(() -> new KlBaseReader(file))
        .isInstanceOf(BadFile.class)
        .hasMessageContaining(
            chunks + " chunks of " + context + " tokens and a vocabulary of " + vocabulary);
  }

  @Test
  void anotherKindOfFileIsRefused() throws IOException {
    Path file = folder.resolve("text");
    Files.writeString(file, "Once upon a time there was a little girl.");
    assertThatThrownBy(() -> new KlBaseReader(file))
        .isInstanceOf(BadFile.class)
        .hasMessageContaining("_logits_");
  }

  @Test
  void whatDiffersFromTheModelAndTheTextIsNamed() throws IOException {
    Path file = Recorded.base(folder);
    byte[] edited = Recorded.bytes("odd-sizes.logits");
    littleEndian(edited).putInt(20 + 4 * 100, 5);
    Path other = write("other", edited);
    try (LoadedModel model = Recorded.open(Recorded.ODD, folder);
        var reader = new KlBaseReader(file);
        var edition = new KlBaseReader(other)) {
      TextChunks text = Recorded.chunks(model);
      reader.requireSame(text, VOCABULARY, Recorded.CHUNKS);
      int[] ids = text.ids(6); // the 100th is its fifth
      refused(() -> edition.requireSame(text, VOCABULARY, 7), "token 100", ids[4] + "", "found 5");
      edition.requireSame(text, VOCABULARY, 6); // further ones are not compared
      refused(() -> reader.requireSame(text, 300, 1), "vocabulary", "300", "301");
      refused(() -> reader.requireSame(text, VOCABULARY, 16), "16 chunks", "15 and 36");
      var shorter = new TextChunks(model.tokenizer(), "the miller's daughter had three lamps", 16);
      int few = shorter.count();
      refused(() -> reader.requireSame(shorter, VOCABULARY, few + 1), "15 and " + few);
      var longer = new TextChunks(model.tokenizer(), "a text ".repeat(40), 20);
      refused(() -> reader.requireSame(longer, VOCABULARY, 1), "chunks' tokens", "20", "16");
    }
  }

  private static void refused(Runnable request, String... said) {
    assertThatThrownBy(request::run).isInstanceOf(BadRequest.class).hasMessageContainingAll(said);
  }

  @Test
  void aRowThatNoModelHasIsNamed() throws IOException {
    for (float odd : new float[] {Float.NaN, Float.POSITIVE_INFINITY, -1}) {
      byte[] bytes = Recorded.bytes("odd-sizes.logits");
      littleEndian(bytes).putFloat(FIRST_ROW + 2 * ROW_BYTES, odd);
      Path file = write("odd", bytes);
      try (LoadedModel model = Recorded.open(Recorded.ODD, folder);
          var reader = new KlBaseReader(file)) {
        assertThatThrownBy(() -> Recorded.read(model, 1, new KlDivergence(reader, 1)))
            .isInstanceOf(BadFile.class)
            .hasMessageContaining("odd: row 3");
      }
    }
  }

  @Test
  void whateverIsFlippedInAFileIsReadOrRefused() throws IOException {
    long seed = 20261125;
    var random = new Random(seed);
    try (LoadedModel model = Recorded.open(Recorded.ODD, folder)) {
      for (int round = 0; round < 60; round++) {
        byte[] bytes = Recorded.bytes("odd-sizes.logits");
        for (int flip = 0; flip < 3; flip++) {
          int within = random.nextBoolean() ? 20 : bytes.length;
          bytes[random.nextInt(within)] = (byte) random.nextInt();
        }
        Path file = write("flipped", bytes);
        try (var reader = new KlBaseReader(file)) {
          reader.requireSame(Recorded.chunks(model), VOCABULARY, 1);
          Recorded.read(model, 1, new KlDivergence(reader, 1));
        } catch (TonnageException e) {
          assertThat(e).as("seed %d, round %d", seed, round).hasMessageContaining("flipped");
        }
      }
    }
  }

  @Test
  void theNumbersOfAHeaderNeverOverflow() {
    int most = Integer.MAX_VALUE;
    for (int context : List.of(8, most)) {
      assertThat(new KlBaseHeader(context, most, most).chunkBytes()).isPositive();
    }
  }
}
