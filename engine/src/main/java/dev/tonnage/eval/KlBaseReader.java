package dev.tonnage.eval;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.BadRequest;
import dev.tonnage.error.StorageFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Reads a base's log-probabilities row by row. What the file claims is checked against its length
 * before anything is allocated for it.
 */
public final class KlBaseReader implements AutoCloseable {

  private final Path path;
  private final FileChannel channel;
  private final KlBaseHeader header;
  private long rows;

  /**
   * Opens a file.
   *
   * @throws BadFile if it is another kind of file, or not as long as its header says
   * @throws StorageFailure if it cannot be read
   */
  public KlBaseReader(Path path) {
    this.path = path;
    try {
      this.channel = FileChannel.open(path, StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      throw new StorageFailure(path + ": no such file; check the path", e);
    } catch (IOException e) {
      throw failure(e);
    }
    try {
      this.header = readHeader();
      channel.position(header.firstRow());
    } catch (IOException e) {
      close();
      throw failure(e);
    } catch (BadFile e) {
      close();
      throw e;
    }
  }

  private KlBaseHeader readHeader() throws IOException {
    long length = channel.size();
    ByteBuffer head = littleEndian(KlBaseHeader.BYTES);
    if (length >= KlBaseHeader.BYTES) {
      fill(head, 0);
    }
    byte[] magic = new byte[KlBaseHeader.MAGIC.length()];
    head.flip().get(magic, 0, Math.min(magic.length, head.remaining()));
    if (!new String(magic, StandardCharsets.ISO_8859_1).equals(KlBaseHeader.MAGIC)) {
      throw new BadFile(
          path + "",
          "log-probabilities that begin with " + KlBaseHeader.MAGIC,
          length < KlBaseHeader.BYTES ? length + " bytes" : "something else",
          "name a file that --kl-base has written, or one that is not there yet");
    }
    var claimed = new KlBaseHeader(head.getInt(), head.getInt(), head.getInt());
    String claim =
        claimed.chunks()
            + " chunks of "
            + claimed.context()
            + " tokens and a vocabulary of "
            + claimed.vocabulary();
    if (claimed.context() < TextChunks.LEAST_CONTEXT
        || claimed.vocabulary() < 1
        || claimed.chunks() < 1) {
      throw new BadFile(path + ": header", "sizes that can be", claim, "write the file again");
    }
    long behind = length - KlBaseHeader.BYTES;
    if (behind / claimed.chunkBytes() != claimed.chunks() || behind % claimed.chunkBytes() != 0) {
      throw new BadFile(
          path + "",
          "the length of " + claim + " (" + claimed.chunkBytes() + " bytes a chunk)",
          length + " bytes",
          "write the file again");
    }
    return claimed;
  }

  /** What is in it. */
  public KlBaseHeader header() {
    return header;
  }

  /**
   * Makes sure that a model and a text are those that the base read.
   *
   * @param vocabulary tokens of the model's vocabulary
   * @param chunks the first chunks, which are to be compared
   * @throws BadRequest naming what differs
   */
  public void requireSame(TextChunks text, int vocabulary, int chunks) {
    require("vocabulary", header.vocabulary(), vocabulary);
    require("chunks' tokens", header.context(), text.context());
    if (chunks > Math.min(header.chunks(), text.count())) {
      throw new BadRequest(
          path + "",
          chunks + " chunks to compare, in it and in the text",
          header.chunks() + " and " + text.count(),
          "compare fewer (--chunks), or the whole text");
    }
    ByteBuffer stored = littleEndian(Integer.BYTES * header.context());
    for (int chunk = 0; chunk < chunks; chunk++) {
      try {
        fill(stored.clear(), KlBaseHeader.BYTES + (long) chunk * stored.capacity());
      } catch (IOException e) {
        throw failure(e);
      }
      int[] ids = text.ids(chunk);
      for (int i = 0; i < ids.length; i++) {
        require(
            "token " + ((long) chunk * ids.length + i) + " of the text",
            stored.getInt(Integer.BYTES * i),
            ids[i]);
      }
    }
  }

  private void require(String what, int inFile, int here) {
    if (inFile != here) {
      throw new BadRequest(
          path + ": " + what,
          here + ", as this model and text have it",
          inFile + "",
          "compare with the base of the same text, context and vocabulary, or write another");
    }
  }

  /**
   * Reads the next scored token's row.
   *
   * @throws BadFile if its numbers cannot be
   */
  void next(KlBaseRow row) {
    try {
      fill(row.bytes().clear(), channel.position());
      channel.position(channel.position() + row.bytes().capacity());
    } catch (IOException e) {
      throw failure(e);
    }
    rows++;
    if (!row.plausible()) {
      throw new BadFile(
          path + ": row " + rows,
          "a scale and a least log-probability that are numbers",
          "others",
          "write the file again");
    }
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void fill(ByteBuffer bytes, long at) throws IOException {
    long from = at;
    while (bytes.hasRemaining()) {
      int read = channel.read(bytes, from);
      if (read < 0) {
        throw new IOException("it has become shorter");
      }
      from += read;
    }
  }

  private StorageFailure failure(IOException e) {
    return new StorageFailure(path + ": cannot be read (" + e + "); check the disk", e);
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
