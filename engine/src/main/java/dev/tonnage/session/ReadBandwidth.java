package dev.tonnage.session;

import dev.tonnage.tensor.Tensor;
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
 */
public final class ReadBandwidth {

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
  private final List<List<MemorySegment>> pieces;
  private final long pieceBytes;
  private int next;

  private ReadBandwidth(LoadedModel model, List<List<MemorySegment>> pieces, long pieceBytes) {
    this.model = model;
    this.pieces = pieces;
    this.pieceBytes = pieceBytes;
  }

  /**
   * Of a model; empty where its layers are too small for two pieces, so that caches would be
   * measured and not memory.
   *
   * @param cacheBytes size of the last cache
   */
  public static Optional<ReadBandwidth> of(LoadedModel model, long cacheBytes) {
    int layers = model.dimensions().layers();
    List<MemorySegment> middle =
        IntStream.range(layers / 4, layers * 3 / 4)
            .boxed()
            .flatMap(index -> model.layer(index).stream())
            .map(Tensor::data)
            .toList();
    long pieceBytes = CACHES_IN_A_PIECE * cacheBytes;
    List<List<MemorySegment>> pieces = cut(middle, pieceBytes);
    return layers < LEAST_LAYERS || pieces.size() < LEAST_PIECES
        ? Optional.empty()
        : Optional.of(new ReadBandwidth(model, pieces, pieceBytes));
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
}
