package dev.tonnage.kernel;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Which blocks of the key/value pool a sequence has, in its order. */
public final class BlockTable {

  private final List<MemorySegment> blocks = new ArrayList<>();

  /** A table without blocks. */
  public BlockTable() {}

  /** Blocks in the table. */
  public int size() {
    return blocks.size();
  }

  /** A block's memory. */
  public MemorySegment block(int index) {
    return blocks.get(index);
  }

  /** Appends a block. */
  public void append(MemorySegment block) {
    blocks.add(block);
  }

  /** Takes the last block off. */
  public MemorySegment removeLast() {
    return blocks.removeLast();
  }
}
