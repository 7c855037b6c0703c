package dev.tonnage.os;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.tonnage.os.ExecutableMemory.Refused;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/** Linux, macOS and what else has {@code mmap}. Only Linux was run. */
final class PosixPages implements ExecutablePages {

  private static final int READ = 1;
  private static final int WRITE = 2;
  private static final int EXECUTE = 4;
  private static final int PRIVATE = 2;
  private static final int ANONYMOUS_LINUX = 0x20;
  private static final int ANONYMOUS_BSD = 0x1000;
  private static final long FAILED = -1;

  private final int anonymous =
      System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("linux")
          ? ANONYMOUS_LINUX
          : ANONYMOUS_BSD;

  private final SymbolLookup library = Linker.nativeLinker().defaultLookup();

  private final MethodHandle map =
      SystemCall.find(
          library,
          "mmap",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));

  private final MethodHandle protect =
      SystemCall.find(
          library, "mprotect", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));

  private final MethodHandle unmap =
      SystemCall.find(library, "munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));

  @Override
  @SuppressWarnings("restricted") // the mapping's length is the one that was asked for
  public MemorySegment writable(long bytes) throws Refused {
    long address;
    try {
      address = (long) map.invokeExact(0L, bytes, READ | WRITE, PRIVATE | anonymous, -1, 0L);
    } catch (Throwable t) {
      throw SystemCall.impossible(t);
    }
    if (address == FAILED) {
      throw new Refused("mmap gives no memory for code");
    }
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }

  @Override
  public void makeExecutable(MemorySegment memory) throws Refused {
    int failed;
    try {
      failed = (int) protect.invokeExact(memory.address(), memory.byteSize(), READ | EXECUTE);
    } catch (Throwable t) {
      throw SystemCall.impossible(t);
    }
    if (failed != 0) {
      throw new Refused("mprotect forbids executable memory");
    }
  }

  @Override
  public void release(MemorySegment memory) {
    try {
      int _ = (int) unmap.invokeExact(memory.address(), memory.byteSize());
    } catch (Throwable t) {
      throw SystemCall.impossible(t);
    }
  }
}
