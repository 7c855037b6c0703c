package dev.tonnage.calibrate;

import dev.tonnage.error.StorageFailure;
import dev.tonnage.os.UncachedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A file of bytes that are moderate numbers in every format: a weight of it is never tiny, huge or
 * none. Real weights lie in a file's pages, too, which processors read otherwise than other memory.
 */
final class WeightsFile {

  private static final long SEED = 20_261;
  private static final int BLOCK_BYTES = 4 << 20;

  /** Reads that storage is given at once, which current ones need to reach what they can. */
  private static final int READS_AT_ONCE = 4;

  private final Path path;
  private final long bytes;

  private WeightsFile(Path path, long bytes) {
    this.path = path;
    this.bytes = bytes;
  }

  /**
   * Writes one.
   *
   * @param bytes how long, a multiple of 16 MiB
   */
  static WeightsFile write(Path path, long bytes) {
    byte[] block = new byte[BLOCK_BYTES];
    var random = new SplittableRandom(SEED);
    for (int i = 0; i < BLOCK_BYTES; i++) {
      // as the upper byte of a half-precision number from 2^-7 to 2
      block[i] = (byte) (0x20 + random.nextInt(0x20));
    }
    try (var channel =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (long at = 0; at < bytes; at += BLOCK_BYTES) {
        ByteBuffer left = ByteBuffer.wrap(block);
        while (left.hasRemaining()) {
          channel.write(left);
        }
      }
      channel.force(true);
    } catch (IOException e) {
      throw new StorageFailure(
          path + ": cannot be written (" + e + "); name a folder with room, or make room", e);
    }
    return new WeightsFile(path, bytes);
  }

  Path path() {
    return path;
  }

  /**
   * Bytes a second that storage gives past the system's cache; empty where the system does not let
   * it be read so.
   */
  OptionalDouble storageBytesPerSecond() {
    long begin = System.nanoTime();
    try (var threads = Executors.newFixedThreadPool(READS_AT_ONCE)) {
      List<Future<Boolean>> parts = new ArrayList<>();
      for (int i = 0; i < READS_AT_ONCE; i++) {
        long first = i * bytes / READS_AT_ONCE;
        parts.add(threads.submit(() -> readPastCache(first, bytes / READS_AT_ONCE)));
      }
      boolean isRead = true;
      for (Future<Boolean> part : parts) {
        isRead &= part.get();
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      return isRead ? OptionalDouble.of(bytes / seconds) : OptionalDouble.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OptionalDouble.empty();
    }
  }

  private boolean readPastCache(long first, long count) {
    try (var file = UncachedFile.open(path)) {
      ByteBuffer block = file.block(BLOCK_BYTES);
      for (long at = first; at < first + count; at += BLOCK_BYTES) {
        file.read(block, at);
      }
      return true;
    } catch (IOException _) {
      return false; // not every storage can be read so
    }
  }
}
