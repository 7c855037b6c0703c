package dev.tonnage.os;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Memory that holds machine code: mapped writable, filled, then made executable, never both at
 * once. May be called from any thread until it is closed.
 */
public final class ExecutableMemory implements AutoCloseable {

  /** The system does not give executable memory; the message says which call refused. */
  public static final class Refused extends Exception {

    private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message);
    }
  }

  private static final long PAGE_BYTES = 64 << 10; // a multiple of every system's

  private static final MethodHandle CALL = SystemCall.function();

  private final ExecutablePages pages;
  private final MemorySegment memory;
  private boolean closed;

  private ExecutableMemory(ExecutablePages pages, MemorySegment memory) {
    this.pages = pages;
    this.memory = memory;
  }

  /**
   * Places code.
   *
   * @param code any bytes; begins on a page
   * @throws Refused where the system forbids it, or this version has no way to ask it
   */
  public static ExecutableMemory place(byte[] code) throws Refused {
    ExecutablePages pages = ExecutablePages.here();
    long bytes = Math.ceilDiv(code.length, PAGE_BYTES) * PAGE_BYTES;
    MemorySegment memory = pages.writable(bytes);
    MemorySegment.copy(MemorySegment.ofArray(code), 0, memory, 0, code.length);
    try {
      pages.makeExecutable(memory);
    } catch (Refused e) {
      pages.release(memory);
      throw e;
    }
    return new ExecutableMemory(pages, memory);
  }

  /** Where the code begins. */
  public long address() {
    return memory.address();
  }

  /**
   * Calls the code's first byte as a function of one 64-bit argument without a result, of this
   * system's calling convention.
   */
  public void call(long argument) {
    if (closed) {
      throw new IllegalStateException("code that was given back");
    }
    try {
      CALL.invokeExact(memory, argument);
    } catch (Throwable t) {
      throw SystemCall.impossible(t);
    }
  }

  /** Gives the memory back; nobody may be in it. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      pages.release(memory);
    }
  }
}
