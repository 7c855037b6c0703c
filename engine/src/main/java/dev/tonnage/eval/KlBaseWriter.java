package dev.tonnage.eval;

import dev.tonnage.error.StorageFailure;
import dev.tonnage.plan.MemoryPlan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes a base's log-probabilities for others to be compared with. The file has its name only once
 * it is whole: until then it is {@code NAME.part}, which goes where writing ends early.
 */
public final class KlBaseWriter implements TokenScorer, AutoCloseable {

  private final Path path;
  private final Path part;
  private final KlBaseHeader header;
  private final KlBaseRow row;
  private final FileChannel channel;
  private boolean finished;

  /**
   * Begins a file with a text's ids.
   *
   * @param path where it is to be; what was there is replaced
   * @param vocabulary tokens of the model's vocabulary
   * @param chunks chunks that will be added
   * @throws StorageFailure if it cannot be written there, or is larger than what is free
   */
  public KlBaseWriter(Path path, TextChunks text, int vocabulary, int chunks) {
    this.path = path;
    this.part = path.resolveSibling(path.getFileName() + ".part");
    this.header = new KlBaseHeader(text.context(), vocabulary, chunks);
    try {
      requireSpace();
      this.row = new KlBaseRow(header);
      this.channel =
          FileChannel.open(
              part,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw failure(e);
    }
    try {
      begin(text);
    } catch (StorageFailure e) {
      close();
      throw e;
    }
  }

  private void requireSpace() throws IOException {
    long free = Files.getFileStore(path.toAbsolutePath().getParent()).getUsableSpace();
    if (header.fileBytes() > free) {
      throw new StorageFailure(
          path
              + ": all log-probabilities take "
              + MemoryPlan.gib(header.fileBytes())
              + ", but only "
              + MemoryPlan.gib(free)
              + " are free there; use fewer chunks or another place");
    }
  }

  private void begin(TextChunks text) {
    ByteBuffer head = littleEndian(KlBaseHeader.BYTES);
    head.put(KlBaseHeader.MAGIC.getBytes(StandardCharsets.US_ASCII));
    head.putInt(header.context()).putInt(header.vocabulary()).putInt(header.chunks());
    write(head.flip());
    ByteBuffer ids = littleEndian(Integer.BYTES * header.context());
    for (int chunk = 0; chunk < header.chunks(); chunk++) {
      ids.clear().asIntBuffer().put(text.ids(chunk));
      write(ids);
    }
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void add(LogSoftmax chances, int token) {
    row.set(chances);
    write(row.bytes().clear());
  }

  /**
   * Gives the file its name.
   *
   * @throws StorageFailure if the disk does not keep it
   */
  public void finish() {
    try {
      if (channel.size() != header.fileBytes()) {
        throw new IllegalStateException(channel.size() + " bytes written of " + header.fileBytes());
      }
      channel.force(true);
      channel.close();
      Files.move(part, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      finished = true;
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private void write(ByteBuffer bytes) {
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private StorageFailure failure(IOException e) {
    return new StorageFailure(path + ": cannot be written (" + e + "); choose another place", e);
  }

  /** Removes what is not whole. */
  @Override
  public void close() {
    try {
      channel.close();
      if (!finished) {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }
}
