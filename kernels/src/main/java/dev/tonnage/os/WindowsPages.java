package dev.tonnage.os;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.tonnage.os.ExecutableMemory.Refused;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/** Windows. Written after its documentation and never run. */
final class WindowsPages implements ExecutablePages {

  private static final int COMMIT_AND_RESERVE = 0x3000;
  private static final int RELEASE = 0x8000;
  private static final int READ_WRITE = 0x04;
  private static final int EXECUTE_READ = 0x20;

  private final MethodHandle allocate;
  private final MethodHandle protect;
  private final MethodHandle free;

  @SuppressWarnings("restricted") // every contact with the system is in this package
  WindowsPages() {
    SymbolLookup kernel = SymbolLookup.libraryLookup("kernel32.dll", Arena.global());
    allocate =
        SystemCall.find(
            kernel,
            "VirtualAlloc",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT));
    protect =
        SystemCall.find(
            kernel,
            "VirtualProtect",
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS));
    free =
        SystemCall.find(
            kernel, "VirtualFree", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
  }

  @Override
  @SuppressWarnings("restricted") // the mapping's length is the one that was asked for
  public MemorySegment writable(long bytes) throws Refused {
    long address;
    try {
      address = (long) allocate.invokeExact(0L, bytes, COMMIT_AND_RESERVE, READ_WRITE);
    } catch (Throwable t) {
      throw SystemCall.impossible(t);
    }
    if (address == 0) {
      throw new Refused("VirtualAlloc gives no memory for code");
    }
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }

  @Override
  public void makeExecutable(MemorySegment memory) throws Refused {
    int done;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment before = arena.allocate(JAVA_INT);
      done = (int) protect.invokeExact(memory.address(), memory.byteSize(), EXECUTE_READ, before);
    } catch (Throwable t) {
      throw SystemCall.impossible(t);
    }
    if (done == 0) {
      throw new Refused("VirtualProtect forbids executable memory");
    }
  }

  @Override
  public void release(MemorySegment memory) {
    try {
      int _ = (int) free.invokeExact(memory.address(), 0L, RELEASE);
    } catch (Throwable t) {
      throw SystemCall.impossible(t);
    }
  }
}
