package dev.tonnage.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Scratch for one sequence of steps: rows are taken in order and given back all at once when the
 * frame they were taken in closes. Memory is kept for the next step; nothing is taken from the
 * heap.
 *
 * <p>For one thread at a time.
 */
public final class Workspace implements AutoCloseable {

  private static final long SLAB_BYTES = 4L << 20;

  /** Gives back, on closing, what was taken since it was opened. */
  public interface Frame extends AutoCloseable {
    @Override
    void close();
  }

  private final Arena arena = Arena.ofShared();
  private final List<MemorySegment> slabs = new ArrayList<>();
  private final long slabBytes;
  private int slab;
  private long used;
  private long bytes;

  /** An empty workspace; it takes memory when rows are asked for. */
  public Workspace() {
    this(SLAB_BYTES);
  }

  /**
   * An empty workspace for frames of a known size.
   *
   * @param slabBytes taken from the system at a time: where no frame needs more, taken once
   */
  public Workspace(long slabBytes) {
    this.slabBytes = slabBytes;
  }

  /** Opens a frame; close it in a {@code try} with resources. */
  public Frame frame() {
    int slabThen = slab;
    long usedThen = used;
    return () -> {
      slab = slabThen;
      used = usedThen;
    };
  }

  /**
   * Rows whose numbers are whatever was there before, but whose padding is zero.
   *
   * @param count rows
   * @param width floats in a row
   */
  public Rows rows(int count, int width) {
    long size = Rows.bytes(count, width);
    Rows rows = new Rows(take(size), count, width);
    int padding = rows.stride() - width;
    if (padding > 0) {
      for (int row = 0; row < count; row++) {
        rows.data().asSlice(4L * ((long) row * rows.stride() + width), 4L * padding).fill((byte) 0);
      }
    }
    return rows;
  }

  /** Bytes this workspace holds from the system. */
  public long bytes() {
    return bytes;
  }

  private MemorySegment take(long size) {
    while (slab < slabs.size() && slabs.get(slab).byteSize() - used < size) {
      slab++;
      used = 0;
    }
    if (slab == slabs.size()) {
      long taken = Math.max(slabBytes, size);
      slabs.add(arena.allocate(taken, 64));
      bytes += taken;
    }
    MemorySegment taken = slabs.get(slab).asSlice(used, size);
    used += size;
    return taken;
  }

  @Override
  public void close() {
    arena.close();
  }
}
