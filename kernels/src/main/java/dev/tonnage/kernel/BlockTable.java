package dev.tonnage.kernel;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Which blocks of the key/value pool a sequence has, in its order. The first may be gone, where
 * nobody sees them any more.
 */
public final class BlockTable {

  private final List<MemorySegment> blocks = new ArrayList<>();
  private int first;

  /** A table without blocks. */
  public BlockTable() {}

  /** Blocks in the table, and those that are gone. */
  public int size() {
    return blocks.size();
  }

  /** The first block that is there: how many are gone. */
  public int first() {
    return first;
  }

  /** A block's memory. */
  public MemorySegment block(int index) {
    if (index < first) {
      throw new IndexOutOfBoundsException("block " + index + ", and " + first + " are gone");
    }
    return blocks.get(index);
  }

  /** Appends a block. */
  public void append(MemorySegment block) {
    blocks.add(block);
  }

  /** Takes the last block off. */
  public MemorySegment removeLast() {
    MemorySegment last = block(blocks.size() - 1);
    blocks.removeLast();
    return last;
  }

  /** Takes the first block that is there; the others stay where they are. */
  public MemorySegment removeFirst() {
    MemorySegment gone = block(first);
    blocks.set(first++, MemorySegment.NULL);
    return gone;
  }

  /** Makes a table without blocks that of a sequence whose first are gone. */
  public void beginAt(int block) {
    if (first < blocks.size()) {
      throw new IllegalStateException(blocks.size() - first + " blocks are there");
    }
    blocks.clear();
    for (first = 0; first < block; first++) {
      blocks.add(MemorySegment.NULL);
    }
  }
}
