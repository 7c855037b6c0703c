package dev.tonnage.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpuCacheTest {

  @TempDir private Path folder;

  private void cache(int index, String size) throws IOException {
    Path cache = Files.createDirectory(folder.resolve("index" + index));
    Files.writeString(cache.resolve("size"), size + "\n");
  }

  @Test
  void theLargestIsTheLast() throws IOException {
    Files.writeString(folder.resolve("uevent"), "");
    cache(0, "32K");
    cache(3, "32768K");
    cache(2, "1024K");
    assertThat(CpuCache.lastLevelBytes(folder)).hasValue(32L << 20);
  }

  @Test
  void otherUnitsAreUnderstood() throws IOException {
    cache(0, "512");
    assertThat(CpuCache.lastLevelBytes(folder)).hasValue(512);
    cache(1, "96M");
    assertThat(CpuCache.lastLevelBytes(folder)).hasValue(96L << 20);
    cache(2, "1G");
    assertThat(CpuCache.lastLevelBytes(folder)).hasValue(1L << 30);
  }

  @Test
  void whatTheSystemDoesNotSayIsUnknown() throws IOException {
    assertThat(CpuCache.lastLevelBytes(folder.resolve("none"))).isEmpty();
    assertThat(CpuCache.lastLevelBytes(folder)).isEmpty();
    cache(0, "large");
    assertThat(CpuCache.lastLevelBytes(folder)).isEmpty();
  }
}
