package dev.tonnage.cache;

import dev.tonnage.error.DoesNotFit;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Blocks of layers that see equally far, lent to sequences and taken back. Memory comes from the
 * system a slab at a time, when blocks are wanted: a large context costs nothing before it is used.
 */
final class BlockPool implements AutoCloseable {

  private static final long SLAB_BYTES = 16L << 20;

  private final KvLayout layout;
  private final int mostBlocks;
  private final Arena arena = Arena.ofShared();
  private final Deque<MemorySegment> free = new ArrayDeque<>();
  private int blocks;

  /**
   * @param layout what is in a block
   * @param mostBlocks blocks there may be at once
   */
  BlockPool(KvLayout layout, int mostBlocks) {
    this.layout = layout;
    this.mostBlocks = mostBlocks;
  }

  /** Bytes held from the system. */
  synchronized long bytes() {
    return blocks * layout.blockBytes();
  }

  /**
   * A block with whatever was in it before.
   *
   * @throws DoesNotFit if all blocks are lent
   */
  synchronized MemorySegment take() {
    if (free.isEmpty()) {
      grow();
    }
    return free.pop();
  }

  /** A block that nobody uses any more. */
  synchronized void giveBack(MemorySegment block) {
    free.push(block);
  }

  private void grow() {
    if (blocks == mostBlocks) {
      throw new DoesNotFit(
          "keys and values do not fit: the "
              + mostBlocks
              + " blocks of "
              + KvLayout.BLOCK_TOKENS
              + " tokens that were planned are in use; end another sequence or plan a longer"
              + " context");
    }
    int wanted = (int) Math.max(1, SLAB_BYTES / layout.blockBytes());
    int added = Math.min(mostBlocks - blocks, wanted);
    MemorySegment slab = arena.allocate(added * layout.blockBytes(), 64);
    for (int i = 0; i < added; i++) {
      free.add(slab.asSlice(i * layout.blockBytes(), layout.blockBytes()));
    }
    blocks += added;
  }

  @Override
  public void close() {
    arena.close();
  }
}
