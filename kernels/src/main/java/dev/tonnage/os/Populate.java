package dev.tonnage.os;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/**
 * Maps the pages of files before they are used. Linux 5.14 and newer do that in one call, with
 * {@code MADV_POPULATE_READ}; elsewhere each page is touched.
 */
public final class Populate {

  private static final int POPULATE_READ = 22;

  /** Of a page; where pages are larger the system refuses, and they are touched. */
  private static final long PAGE_BYTES = 4096;

  private static final MethodHandle ADVISE =
      System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("linux")
          ? SystemCall.find(
              Linker.nativeLinker().defaultLookup(),
              "madvise",
              FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT))
          : null;

  private Populate() {}

  /**
   * Reads what is not in memory yet and maps all of it.
   *
   * @param memory a piece of a mapped file
   * @throws InternalError if a page can no longer be read
   */
  public static void pages(MemorySegment memory) {
    if (ADVISE == null || !isDoneAtOnce(ADVISE, memory)) {
      memory.load();
    }
  }

  private static boolean isDoneAtOnce(MethodHandle advise, MemorySegment memory) {
    long begin = memory.address() & -PAGE_BYTES;
    long end = memory.address() + memory.byteSize();
    try {
      return (int) advise.invokeExact(begin, end - begin, POPULATE_READ) == 0;
    } catch (Throwable t) {
      throw SystemCall.impossible(t);
    }
  }
}
