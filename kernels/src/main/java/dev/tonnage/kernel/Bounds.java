package dev.tonnage.kernel;

import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/** What the gate checks before it turns segments into addresses. A failure is our own mistake. */
final class Bounds {

  private Bounds() {}

  /** That an operation's shapes fit together, and that its memory is still there. */
  static void check(boolean holds, String operation, Tensor w, Rows... rows) {
    if (!holds) {
      throw new IllegalArgumentException(
          operation + ": " + w.name() + " " + w.shape() + " with" + shapes(rows));
    }
    checkAlive(w.data());
    w.scales()
        .ifPresent(each -> {
          checkAlive(each.scales());
          each.biases().ifPresent(Bounds::checkAlive);
        });
    check(true, operation, rows);
  }

  /** The same without a weight. */
  static void check(boolean holds, String operation, Rows... rows) {
    if (!holds) {
      throw new IllegalArgumentException(operation + ":" + shapes(rows));
    }
    for (Rows each : rows) {
      checkAlive(each.data());
    }
  }

  /** That all numbers are rows of something. */
  static void check(int[] rows, Rows of) {
    for (int row : rows) {
      if (row < 0 || row >= of.count()) {
        throw new IllegalArgumentException("row " + row + " of" + shapes(of));
      }
    }
  }

  /**
   * That a span has blocks for these positions, and that each can be written where it lies.
   *
   * @param end the position behind the last
   */
  static void check(CacheSpan span, int firstPosition, long end) {
    BlockTable blocks = span.blocks();
    if (firstPosition < (long) blocks.first() * span.blockTokens()
        || end > (long) blocks.size() * span.blockTokens()) {
      throw new IllegalArgumentException(
          "positions %d…%d in blocks %d…%d"
              .formatted(firstPosition, end, blocks.first(), blocks.size()));
    }
    for (int i = blocks.first(); i < blocks.size(); i++) {
      MemorySegment block = blocks.block(i);
      checkAlive(block);
      if (block.byteSize() < span.reachBytes() || !block.isNative() || block.isReadOnly()) {
        throw new IllegalArgumentException(span.reachBytes() + " bytes in block " + block);
      }
    }
  }

  /** Addresses know nothing of arenas: closed ones are refused here. */
  static void checkAlive(MemorySegment memory) {
    if (!memory.scope().isAlive()) {
      throw new IllegalStateException("memory that was given back: " + memory);
    }
  }

  private static String shapes(Rows... rows) {
    var shapes = new StringBuilder();
    for (Rows each : rows) {
      shapes.append(" [").append(each.count()).append(", ").append(each.width()).append(']');
    }
    return shapes.toString();
  }
}
