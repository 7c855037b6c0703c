package dev.tonnage.os;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** A file that is read past the system's cache, from the storage itself. */
public final class UncachedFile implements Closeable {

  private final FileChannel channel;
  private final int alignment;

  private UncachedFile(FileChannel channel, int alignment) {
    this.channel = channel;
    this.alignment = alignment;
  }

  /**
   * Opens one.
   *
   * @throws IOException if the file cannot be read so: memory that looks like a disk has no way
   *     around it
   */
  public static UncachedFile open(Path path) throws IOException {
    int alignment = Math.toIntExact(Files.getFileStore(path).getBlockSize());
    try {
      FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, direct());
      return new UncachedFile(channel, alignment);
    } catch (UnsupportedOperationException e) {
      throw new IOException(e);
    }
  }

  /** Known by name alone: javac warns of it in a way that cannot be answered. */
  private static OpenOption direct() throws IOException {
    try {
      Class<?> options = Class.forName("com.sun.nio.file.ExtendedOpenOption");
      return Arrays.stream(options.getEnumConstants())
          .map(OpenOption.class::cast)
          .filter(option -> option.toString().equals("DIRECT"))
          .findFirst()
          .orElseThrow(() -> new IOException("this JDK has no direct reads"));
    } catch (ClassNotFoundException e) {
      throw new IOException("this JDK has no direct reads", e);
    }
  }

  /** Memory for reads of so many bytes, which are a multiple of the storage's blocks. */
  public ByteBuffer block(int bytes) {
    return ByteBuffer.allocateDirect(bytes + alignment).alignedSlice(alignment).limit(bytes);
  }

  /** Fills a block from a position, which is a multiple of the storage's blocks. */
  public void read(ByteBuffer block, long position) throws IOException {
    block.rewind();
    while (block.hasRemaining()) {
      if (channel.read(block, position + block.position()) < 0) {
        throw new IOException("the file ends at " + (position + block.position()));
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
