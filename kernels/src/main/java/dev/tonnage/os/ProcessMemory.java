package dev.tonnage.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** What this process has taken of the machine's memory. */
public final class ProcessMemory {

  private ProcessMemory() {}

  /** Most bytes that were resident at once, pages of mapped files included; empty where unknown. */
  public static OptionalLong peakBytes() {
    try (var lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty(); // not on Linux
    }
  }
}
