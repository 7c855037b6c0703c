package dev.tonnage.os;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What this machine is and has, as far as this process may use it.
 *
 * @param cpu the CPU's name as the system gives it
 * @param system operating system and architecture
 * @param cores processors this process may run on
 * @param memoryBytes memory it may use, a container's limit included
 * @param availableBytes memory that is free, or that the system would free, now
 */
public record Machine(String cpu, String system, int cores, long memoryBytes, long availableBytes) {

  /** The machine this runs on. */
  public static Machine here() {
    String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    int cores = Runtime.getRuntime().availableProcessors();
    return Files.isReadable(Path.of("/proc/meminfo")) ? linux(system, cores) : other(system, cores);
  }

  private static Machine linux(String system, int cores) {
    long total = memInfo("MemTotal");
    long available = memInfo("MemAvailable");
    Path group = Path.of("/sys/fs/cgroup");
    Optional<Long> limit = number(group.resolve("memory.max"));
    if (limit.isPresent() && limit.get() < total) {
      total = limit.get();
      long used = number(group.resolve("memory.current")).orElse(0L);
      long reclaimable = cgroupFileCache(group.resolve("memory.stat"));
      available = Math.min(available, Math.max(0, total - used + reclaimable));
    }
    return new Machine(linuxCpu(), system, cores, total, available);
  }

  private static Machine other(String system, int cores) {
    var bean =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    // what a system keeps as cache is not counted as free there: the total is the better answer
    return new Machine(
        "unknown CPU", system, cores, bean.getTotalMemorySize(), bean.getTotalMemorySize());
  }

  private static String linuxCpu() {
    return field(Path.of("/proc/cpuinfo"), "model name", ':').orElse("unknown CPU");
  }

  private static long memInfo(String key) {
    return field(Path.of("/proc/meminfo"), key, ':')
        .map(value -> Long.parseLong(value.replaceAll("[^0-9]", "")) * 1024)
        .orElse(0L);
  }

  private static long cgroupFileCache(Path stat) {
    return field(stat, "file", ' ').map(Long::parseLong).orElse(0L);
  }

  /** The value of the first line that begins with a key and a separator. */
  private static Optional<String> field(Path path, String key, char separator) {
    try (var reader = Files.newBufferedReader(path)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        int at = line.indexOf(separator);
        if (at > 0 && line.substring(0, at).strip().equals(key)) {
          return Optional.of(line.substring(at + 1).strip());
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // not every system has every file
    }
  }

  private static Optional<Long> number(Path path) {
    try {
      return Optional.of(Long.parseLong(Files.readString(path).strip()));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty(); // absent, or "max"
    }
  }
}
