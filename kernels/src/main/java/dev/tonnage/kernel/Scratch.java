package dev.tonnage.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** One thread's scratch: grows when more is asked for, and forgets what was in it then. */
final class Scratch implements AutoCloseable {

  /** Grown by whole steps, so that a context that grows by a token does not move it each time. */
  private static final long STEP_BYTES = 256 << 10;

  private Arena arena = Arena.ofShared();
  private MemorySegment memory = MemorySegment.NULL;

  /** What is held where at most this many bytes are asked for. */
  static long heldBytes(long bytes) {
    return Math.ceilDiv(bytes, STEP_BYTES) * STEP_BYTES;
  }

  /** Its address, a multiple of 64, with at least so many bytes behind it. */
  @SuppressWarnings("MustBeClosedChecker") // closed when it is replaced, or by close()
  long address(long bytes) {
    if (memory.byteSize() < bytes) {
      arena.close();
      arena = Arena.ofShared();
      memory = arena.allocate(heldBytes(bytes), 64);
    }
    return memory.address();
  }

  /** Bytes held. */
  long bytes() {
    return memory.byteSize();
  }

  @Override
  public void close() {
    arena.close();
  }
}
