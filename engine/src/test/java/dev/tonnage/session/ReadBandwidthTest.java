package dev.tonnage.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tonnage.error.StorageFailure;
import dev.tonnage.kernel.Level;
import dev.tonnage.model.TinyLlama;
import dev.tonnage.tensor.Tensor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadBandwidthTest {

  /** Eight layers of some 121 KiB. */
  private static final TinyLlama DEEP =
      TinyLlama.named("deep").withSizes(new TinyLlama.Sizes(8, 64, 96, 288, 64));

  private static final long CACHE_BYTES = 20_000;

  @TempDir private Path folder;

  private LoadedModel open(TinyLlama tiny) {
    return OpenModels.open(tiny, folder, OpenModels.settings(), Level.SCALAR);
  }

  @Test
  void piecesAreFourCachesOfTheMiddleLayersAndDifferent() {
    try (LoadedModel model = open(DEEP)) {
      List<MemorySegment> middle = new ArrayList<>();
      for (int layer = 2; layer < 6; layer++) {
        middle.addAll(model.layer(layer).stream().map(Tensor::data).toList());
      }
      long bytes = middle.stream().mapToLong(MemorySegment::byteSize).sum();
      var pieces = ReadBandwidth.of(model, CACHE_BYTES, 0).orElseThrow().pieces();
      assertThat(pieces).hasSize((int) (bytes / (4 * CACHE_BYTES))).hasSizeGreaterThan(2);
      List<MemorySegment> all = new ArrayList<>();
      for (List<MemorySegment> piece : pieces) {
        assertThat(piece.stream().mapToLong(MemorySegment::byteSize).sum())
            .isEqualTo(4 * CACHE_BYTES);
        for (MemorySegment each : piece) {
          assertThat(middle).anyMatch(tensor -> commonBytes(tensor, each) == each.byteSize());
          assertThat(all).allMatch(other -> commonBytes(other, each) == 0);
          all.add(each);
        }
      }
    }
  }

  private static long commonBytes(MemorySegment a, MemorySegment b) {
    return a.asOverlappingSlice(b).map(MemorySegment::byteSize).orElse(0L);
  }

  @Test
  void aReadingIsOfAPieceAndTakesTime() {
    try (LoadedModel model = open(DEEP)) {
      ReadBandwidth bandwidth = ReadBandwidth.of(model, CACHE_BYTES, 0).orElseThrow();
      for (int i = 0; i < 10; i++) { // more often than there are pieces
        ReadBandwidth.Reading reading = bandwidth.measure();
        assertThat(reading.bytes()).isEqualTo(4 * CACHE_BYTES);
        assertThat(reading.nanos()).isPositive();
      }
    }
  }

  @Test
  void whatMayLieInTheCacheIsNotMeasured() {
    try (LoadedModel model = open(DEEP)) {
      assertThat(ReadBandwidth.of(model, 32 << 20, Long.MAX_VALUE)).isEmpty(); // nor is the model
      assertThat(ReadBandwidth.of(model, 40_000, 0)).isPresent();
      assertThat(ReadBandwidth.of(model, 80_000, 0)).isEmpty(); // one piece would be there
    }
    try (LoadedModel model = open(TinyLlama.named("flat"))) {
      assertThat(ReadBandwidth.of(model, 16, 0)).isEmpty();
    }
  }

  @Test
  void whereCachesAreLargeMemoryThatIsNotTheModelsIsRead() {
    try (LoadedModel model = open(DEEP)) {
      long bytes = 4 * 80_000;
      assertThat(ReadBandwidth.of(model, 80_000, 2 * bytes - 1)).isEmpty(); // there is not enough
      MemorySegment piece;
      try (ReadBandwidth bandwidth = ReadBandwidth.of(model, 80_000, 2 * bytes).orElseThrow()) {
        piece = bandwidth.pieces().getFirst().getFirst();
        assertThat(piece.isMapped()).isFalse();
        for (int i = 0; i < 3; i++) {
          assertThat(bandwidth.measure().bytes()).isEqualTo(bytes).isEqualTo(piece.byteSize());
        }
      }
      assertThat(piece.scope().isAlive()).isFalse();
    }
  }

  @Test
  void whatLiesInSeveralPlacesIsCutWhole() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(100);
      List<MemorySegment> places =
          List.of(memory.asSlice(0, 10), memory.asSlice(20, 3), memory.asSlice(50, 17));
      assertThat(ReadBandwidth.cut(places, 11))
          .containsExactly(
              List.of(memory.asSlice(0, 10), memory.asSlice(20, 1)),
              List.of(memory.asSlice(21, 2), memory.asSlice(50, 9)));
      assertThat(ReadBandwidth.cut(places, 31)).isEmpty();
      assertThat(ReadBandwidth.cut(places, 5)).hasSize(6);
    }
  }

  @Test
  void aFileThatWasCutMeanwhileIsAnErrorAndNotTheEnd() throws IOException {
    try (LoadedModel model = open(DEEP)) {
      ReadBandwidth bandwidth = ReadBandwidth.of(model, CACHE_BYTES, 0).orElseThrow();
      try (var file = new RandomAccessFile(folder.resolve("deep.gguf").toFile(), "rw")) {
        file.setLength(5000);
      }
      assertThatThrownBy(bandwidth::measure)
          .isInstanceOf(StorageFailure.class)
          .hasMessageContaining("deep.gguf");
    }
  }
}
