package dev.tonnage.os;

import dev.tonnage.os.ExecutableMemory.Refused;
import java.lang.foreign.MemorySegment;
import java.util.Locale;

/** How one kind of system gives memory for machine code. */
sealed interface ExecutablePages permits PosixPages, WindowsPages {

  /** This system's. */
  static ExecutablePages here() throws Refused {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    try {
      return system.startsWith("windows") ? new WindowsPages() : new PosixPages();
    } catch (UnsatisfiedLinkError | UnsupportedOperationException | IllegalCallerException e) {
      throw new Refused("calls into the system are not possible (" + e.getMessage() + ")");
    }
  }

  /** Fresh pages that may be written. */
  MemorySegment writable(long bytes) throws Refused;

  /** From now on they may be executed and no longer written. */
  void makeExecutable(MemorySegment memory) throws Refused;

  /** Gives them back. */
  void release(MemorySegment memory);
}
