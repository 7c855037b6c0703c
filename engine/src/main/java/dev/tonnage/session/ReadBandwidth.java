package dev.tonnage.session;

import dev.tonnage.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What memory gives between two steps: pieces of the model's own weights, read by the threads that
 * compute and made nothing of.
 *
 * <p>A piece is several times as large as the last cache, so that what may be left there of it is a
 * small part. Pieces are of the middle half of the layers: of what a step that reads all layers in
 * turn has read last they are far away, and the next step comes upon them when it has read as much
 * again. They take turns.
 *
 * <p>Where the last cache is so large that there are no two such pieces, as much memory of its own
 * is read instead, as long as the model is larger than that cache.
 */
public final class ReadBandwidth implements AutoCloseable {

  /** How often the last cache fits into a piece. */
  public static final int CACHES_IN_A_PIECE = 4;

  private static final int LEAST_PIECES = 2;

  /** So few layers have no middle. */
  private static final int LEAST_LAYERS = 4;

  /**
   * A reading.
   *
   * @param bytes how much
   * @param nanos how long
   */
  public record Reading(long bytes, long nanos) {}

  private final LoadedModel model;

  /** Holds what is not the model's. */
  private final Arena own = Arena.ofShared();

  private final List<List<MemorySegment>> pieces;
  private final long pieceBytes;
  private int next;

  /**
   * @param ofModel pieces of the model; if there are none, own memory is taken
   */
  private ReadBandwidth(LoadedModel model, List<List<MemorySegment>> ofModel, long pieceBytes) {
    this.model = model;
    this.pieceBytes = pieceBytes;
    // written, since of what never was the system shows the same page everywhere
    this.pieces =
        ofModel.isEmpty()
            ? List.of(List.of(own.allocate(pieceBytes, Long.BYTES).fill((byte) 1)))
            : ofModel;
  }

  /**
   * Of a model; empty where that or the machine is too small, so that caches would be measured and
   * not memory.
   *
   * @param cacheBytes size of the last cache
   * @param freeBytes memory of which half may be taken for a moment
   */
  public static Optional<ReadBandwidth> of(LoadedModel model, long cacheBytes, long freeBytes) {
    int layers = model.dimensions().layers();
    long pieceBytes = CACHES_IN_A_PIECE * cacheBytes;
    List<List<MemorySegment>> pieces =
        layers < LEAST_LAYERS
            ? List.of()
            : cut(weights(model, layers / 4, layers * 3 / 4), pieceBytes);
    if (pieces.size() >= LEAST_PIECES) {
      return Optional.of(new ReadBandwidth(model, pieces, pieceBytes));
    }
    long bytes = weights(model, 0, layers).stream().mapToLong(MemorySegment::byteSize).sum();
    return bytes <= cacheBytes || pieceBytes > freeBytes / 2
        ? Optional.empty()
        : Optional.of(new ReadBandwidth(model, List.of(), pieceBytes));
  }

  /** What some layers' tensors are stored in. */
  private static List<MemorySegment> weights(LoadedModel model, int begin, int end) {
    return IntStream.range(begin, end)
        .boxed()
        .flatMap(index -> model.layer(index).stream())
        .map(Tensor::data)
        .toList();
  }

  /** What is read, in turn. */
  List<List<MemorySegment>> pieces() {
    return pieces;
  }

  /** Whole pieces of what lies in several places; what is left over is left out. */
  static List<List<MemorySegment>> cut(List<MemorySegment> all, long pieceBytes) {
    List<List<MemorySegment>> pieces = new ArrayList<>();
    List<MemorySegment> piece = new ArrayList<>();
    long missing = pieceBytes;
    for (MemorySegment each : all) {
      for (long at = 0; at < each.byteSize(); ) {
        long taken = Math.min(missing, each.byteSize() - at);
        piece.add(each.asSlice(at, taken));
        at += taken;
        missing -= taken;
        if (missing == 0) {
          pieces.add(List.copyOf(piece));
          piece.clear();
          missing = pieceBytes;
        }
      }
    }
    return pieces;
  }

  /** Reads the piece whose turn it is. */
  public Reading measure() {
    List<MemorySegment> piece = pieces.get(next);
    next = (next + 1) % pieces.size();
    long begin = System.nanoTime();
    model.read(piece);
    return new Reading(pieceBytes, System.nanoTime() - begin);
  }

  /** Gives back what is not the model's. */
  @Override
  public void close() {
    own.close();
  }
}
