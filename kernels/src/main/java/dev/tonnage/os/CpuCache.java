package dev.tonnage.os;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What lies between a core and memory. */
public final class CpuCache {

  private static final Pattern SIZE = Pattern.compile("([0-9]{1,9})([KMG]?)");

  private CpuCache() {}

  /**
   * Bytes of the largest cache that the first core reaches; empty where the system does not say.
   */
  public static OptionalLong lastLevelBytes() {
    return lastLevelBytes(Path.of("/sys/devices/system/cpu/cpu0/cache"));
  }

  /**
   * The same from a folder as Linux has it: a folder {@code index0} and so on for each cache, with
   * a file {@code size} of kibibytes, {@code 32768K}.
   */
  static OptionalLong lastLevelBytes(Path caches) {
    long largest = 0;
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(caches, "index*")) {
      for (Path folder : folders) {
        largest = Math.max(largest, bytes(Files.readString(folder.resolve("size")).strip()));
      }
    } catch (IOException e) {
      return OptionalLong.empty(); // another system, or a guest that is told nothing
    }
    return largest == 0 ? OptionalLong.empty() : OptionalLong.of(largest);
  }

  private static long bytes(String size) {
    Matcher matcher = SIZE.matcher(size);
    if (!matcher.matches()) {
      return 0;
    }
    int shift =
        switch (matcher.group(2)) {
          case "K" -> 10;
          case "M" -> 20;
          case "G" -> 30;
          default -> 0;
        };
    return Long.parseLong(matcher.group(1)) << shift;
  }
}
