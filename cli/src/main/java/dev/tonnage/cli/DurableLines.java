package dev.tonnage.cli;

import dev.tonnage.error.BadRequest;
import dev.tonnage.error.StorageFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A file that lines are added to, each on the disk before the next is thought of. A process that is
 * killed while it writes leaves half a line behind, which the next one overwrites.
 */
final class DurableLines implements AutoCloseable {

  private final Path path;
  private final FileChannel channel;
  private final List<String> whole;
  private final String torn;
  private long end;

  /**
   * Opens a file, or makes an empty one.
   *
   * @throws BadRequest if another process adds lines to it
   * @throws StorageFailure if it cannot be read or written
   */
  DurableLines(Path path) {
    this.path = path;
    try {
      this.channel =
          FileChannel.open(
              path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw failure(e);
    }
    try {
      requireAlone();
      byte[] bytes = readAll();
      int newline = bytes.length;
      while (newline > 0 && bytes[newline - 1] != '\n') {
        newline--;
      }
      this.end = newline;
      this.whole = new String(bytes, 0, newline, StandardCharsets.UTF_8).lines().toList();
      this.torn = new String(bytes, newline, bytes.length - newline, StandardCharsets.UTF_8);
    } catch (IOException e) {
      close();
      throw failure(e);
    } catch (BadRequest e) {
      close();
      throw e;
    }
  }

  /** The lock goes with the channel. */
  private void requireAlone() throws IOException {
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return;
      }
    } catch (OverlappingFileLockException e) {
      // somebody in this process has it
    }
    throw new BadRequest(
        path + "", "a file for this run alone", "one that another run adds to", "name another");
  }

  private byte[] readAll() throws IOException {
    var bytes = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    while (channel.read(buffer) >= 0) {
      bytes.write(buffer.array(), 0, buffer.position());
      buffer.clear();
    }
    return bytes.toByteArray();
  }

  /** The lines that were there when it was opened, without what was torn. */
  List<String> whole() {
    return whole;
  }

  /** What was behind the last whole line when it was opened; empty where nothing was torn. */
  String torn() {
    return torn;
  }

  /** Adds a line; when this returns it is on the disk. */
  void append(String line) {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    try {
      channel.truncate(end).position(end);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(false);
      end = channel.position();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private StorageFailure failure(IOException e) {
    return new StorageFailure(path + ": cannot be used (" + e + "); choose another place", e);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw failure(e);
    }
  }
}
