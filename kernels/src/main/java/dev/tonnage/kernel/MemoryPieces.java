package dev.tonnage.kernel;

import dev.tonnage.os.Populate;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** Memory of several places, gone over by a team in pieces: tasks that any member takes. */
final class MemoryPieces {

  /** Mapped memory that a task brings in: some milliseconds where it is cached. */
  private static final long BROUGHT_IN_BYTES = 16 << 20;

  /** What a task reads to be timed: long beside taking a task, short beside all that is read. */
  private static final long READ_BYTES = 256 << 10;

  private MemoryPieces() {}

  /** Has the system map all pages of files now; other memory is left alone. */
  static void bringIn(List<MemorySegment> memory, Team team) {
    List<MemorySegment> pieces =
        pieces(memory.stream().filter(MemorySegment::isMapped), BROUGHT_IN_BYTES);
    team.run(pieces.size(), (task, _) -> Populate.pages(pieces.get(task)));
  }

  /** Reads all lines; something of what was read. */
  static long read(List<MemorySegment> memory, Team team) {
    List<MemorySegment> pieces = pieces(memory.stream(), READ_BYTES);
    var sum = new LongAdder();
    team.run(pieces.size(), (task, _) -> sum.add(SequentialRead.lines(pieces.get(task))));
    return sum.sum();
  }

  private static List<MemorySegment> pieces(Stream<MemorySegment> memory, long bytes) {
    List<MemorySegment> pieces = new ArrayList<>();
    memory.forEach(segment -> {
      Bounds.check(segment.isNative(), "memory");
      Bounds.checkAlive(segment);
      for (long at = 0; at < segment.byteSize(); at += bytes) {
        pieces.add(segment.asSlice(at, Math.min(bytes, segment.byteSize() - at)));
      }
    });
    return pieces;
  }
}
