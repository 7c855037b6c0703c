package dev.tonnage.os;

import dev.tonnage.error.StorageFailure;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A file as one read-only piece of memory, whatever its size, until it is closed. May be used and
 * asked from any thread.
 */
public final class MappedFile implements AutoCloseable {

  private final Path path;
  private final RandomAccessFile file;
  private final Arena arena;
  private final MemorySegment bytes;

  private MappedFile(Path path, RandomAccessFile file, Arena arena, MemorySegment bytes) {
    this.path = path;
    this.file = file;
    this.arena = arena;
    this.bytes = bytes;
  }

  /**
   * Maps a file.
   *
   * @throws StorageFailure if there is no such file, it may not be read, it is no regular file, or
   *     the system refuses the mapping
   */
  public static MappedFile open(Path path) {
    try {
      // a pipe would wait for its writer, and opening a folder succeeds on Linux
      if (!Files.readAttributes(path, BasicFileAttributes.class).isRegularFile()) {
        throw new StorageFailure(path + ": is not a regular file; name a file on disk");
      }
      if (!Files.isReadable(path)) {
        throw new AccessDeniedException(path.toString());
      }
      // not FileChannel.open: an interrupt of a thread that asks a channel for its size closes it
      return map(path, new RandomAccessFile(path.toFile(), "r"));
    } catch (NoSuchFileException e) {
      throw new StorageFailure(path + ": no such file; check the path", e);
    } catch (AccessDeniedException e) {
      throw new StorageFailure(path + ": may not be read; check its permissions", e);
    } catch (IOException e) {
      throw new StorageFailure(path + ": cannot be opened (" + e + ")", e);
    }
  }

  @SuppressWarnings("MustBeClosed") // by close()
  private static MappedFile map(Path path, RandomAccessFile file) throws IOException {
    Arena arena = Arena.ofShared();
    try {
      MemorySegment bytes =
          file.getChannel().map(FileChannel.MapMode.READ_ONLY, 0, file.length(), arena);
      return new MappedFile(path, file, arena, bytes);
    } catch (IOException | RuntimeException e) {
      arena.close();
      file.close();
      throw e;
    }
  }

  /** Where the file was found. */
  public Path path() {
    return path;
  }

  /** The file, as long as it was when it was opened; starts at a page. */
  public MemorySegment bytes() {
    return bytes;
  }

  /**
   * Fails if the file is no longer as long as when it was mapped. Costs one system call.
   *
   * @throws StorageFailure naming the file, both lengths and what to do
   */
  public void verifyUnchanged() {
    long now;
    try {
      now = file.length();
    } catch (IOException e) {
      throw new StorageFailure(path + ": its length cannot be asked for any more (" + e + ")", e);
    }
    if (now != bytes.byteSize()) {
      throw new StorageFailure(
          path
              + ": was "
              + bytes.byteSize()
              + " bytes long when it was opened and is now "
              + now
              + "; never overwrite or truncate a file in use: write a new file beside it and rename"
              + " that, then start again");
    }
  }

  /** Ends the mapping: its memory may not be touched any more. Closing twice does no harm. */
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
    try {
      file.close();
    } catch (IOException e) {
      throw new StorageFailure(path + ": cannot be closed (" + e + ")", e);
    }
  }
}
