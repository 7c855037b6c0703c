package dev.tonnage.file;

import dev.tonnage.error.StorageFailure;
import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes a GGUF file of version 3: collect metadata and tensors, in the order they are to have,
 * then write. Tensor data is never held: it is copied from where it lies, or asked for when its
 * turn comes, so a file may be larger than memory.
 *
 * <pre>{@code
 * new GgufWriter()
 *     .put("general.architecture", GgufValue.text("llama"))
 *     .put("llama.block_count", GgufValue.uint32(2))
 *     .tensor("output_norm.weight", DType.F32, Shape.of(64), data)
 *     .write(path);
 * }</pre>
 *
 * <p>Source: the GGUF specification. A mistake of the caller, such as a key given twice, is an
 * {@link IllegalArgumentException}.
 */
public final class GgufWriter {

  /** Writes a tensor's data, all of it and nothing else, when its turn comes. */
  @FunctionalInterface
  public interface Content {

    /**
     * @param channel takes exactly the tensor's bytes; blocks until it has them
     */
    void writeTo(WritableByteChannel channel) throws IOException;
  }

  private record Entry(String name, DType type, Shape shape, Content content) {

    long bytes() {
      return type.bytes(shape.elements());
    }
  }

  private static final int CHUNK_BYTES = 1 << 20;

  private final Map<String, GgufValue> metadata = new LinkedHashMap<>();
  private final List<Entry> tensors = new ArrayList<>();
  private final Set<String> names = new LinkedHashSet<>();
  private int alignment = Gguf.DEFAULT_ALIGNMENT;

  /** Nothing yet: no metadata, no tensors. */
  public GgufWriter() {}

  /** Adds a key and its value; for {@code general.alignment} there is {@link #alignment}. */
  public GgufWriter put(String key, GgufValue value) {
    if (key.equals(Gguf.ALIGNMENT_KEY)) {
      throw new IllegalArgumentException("say alignment(bytes), which also aligns");
    }
    return add(key, value);
  }

  private GgufWriter add(String key, GgufValue value) {
    if (key.isEmpty() || metadata.putIfAbsent(key, value) != null) {
      throw new IllegalArgumentException("a key that is empty or was given before: '" + key + "'");
    }
    return this;
  }

  /**
   * Starts every tensor's data at a multiple of these bytes, and says so in the metadata. Without
   * it, 32 holds, which is not written down.
   *
   * @param bytes a power of two, at least 8
   */
  public GgufWriter alignment(int bytes) {
    if (bytes < Gguf.LEAST_ALIGNMENT || Integer.bitCount(bytes) != 1) {
      throw new IllegalArgumentException("no power of two of at least 8: " + bytes);
    }
    alignment = bytes;
    return add(Gguf.ALIGNMENT_KEY, GgufValue.uint32(bytes));
  }

  /**
   * Adds a tensor.
   *
   * @param shape outermost extent first, at most four
   * @param data exactly the tensor's bytes, on the heap or off it, little-endian
   */
  public GgufWriter tensor(String name, DType type, Shape shape, MemorySegment data) {
    if (data.byteSize() != type.bytes(shape.elements())) {
      throw new IllegalArgumentException(
          name + ": " + type + " " + shape + " in " + data.byteSize() + " bytes");
    }
    return tensor(name, type, shape, channel -> copy(data, channel));
  }

  /**
   * Adds a tensor whose data is asked for when its turn comes.
   *
   * @param shape outermost extent first, at most four
   */
  public GgufWriter tensor(String name, DType type, Shape shape, Content content) {
    if (name.isEmpty() || !names.add(name)) {
      throw new IllegalArgumentException("a tensor that has no name or was given before: " + name);
    }
    if (shape.rank() > Gguf.MOST_EXTENTS || shape.columns() % type.blockElements() != 0) {
      throw new IllegalArgumentException(name + ": " + type + " cannot have the shape " + shape);
    }
    tensors.add(new Entry(name, type, shape, content));
    return this;
  }

  /** Bytes that the file will have. */
  public long fileBytes() {
    return header().length + dataBytes();
  }

  /**
   * Writes the file under a name of its own beside the target and then renames it, so that a model
   * that is in use keeps its old contents and no half-written file is ever found.
   *
   * @throws StorageFailure if the file system refuses
   */
  public void write(Path path) {
    Path part = path.resolveSibling(path.getFileName() + ".part");
    try {
      try (FileChannel channel =
          FileChannel.open(
              part,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        write(channel);
        Files.move(part, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw new StorageFailure(
          path + ": could not be written (" + e + "); check the folder, its space and permission",
          e);
    }
  }

  /** Writes the file to a channel, from where that stands. */
  public void write(WritableByteChannel channel) throws IOException {
    byte[] header = header();
    writeAll(ByteBuffer.wrap(header), channel);
    for (Entry tensor : tensors) {
      var counted = new CountedChannel(channel, tensor);
      tensor.content.writeTo(counted);
      counted.finish();
      long bytes = tensor.bytes();
      writeAll(ByteBuffer.allocate((int) (Gguf.alignUp(bytes, alignment) - bytes)), channel);
    }
  }

  /** The file as memory that lives as long as the arena; for files that tests make. */
  public MemorySegment toMemory(Arena arena) {
    MemorySegment memory = arena.allocate(fileBytes(), alignment);
    try {
      write(new MemoryChannel(memory));
    } catch (IOException e) {
      throw new StorageFailure("a model in memory could not be written: " + e, e);
    }
    return memory;
  }

  private byte[] header() {
    var header = new LittleEndianOutput();
    header.uint32(Gguf.MAGIC).uint32(3).uint64(tensors.size()).uint64(metadata.size());
    metadata.forEach((key, value) -> header.text(key).uint32(value.type().id()).raw(value.bytes()));
    long offset = 0;
    for (Entry tensor : tensors) {
      int rank = tensor.shape.rank();
      header.text(tensor.name).uint32(rank);
      for (int axis = rank - 1; axis >= 0; axis--) { // the file lists the innermost first
        header.uint64(tensor.shape.extent(axis));
      }
      header.uint32(tensor.type.id()).uint64(offset);
      offset += Gguf.alignUp(tensor.bytes(), alignment);
    }
    return header.padTo(alignment).toByteArray();
  }

  private long dataBytes() {
    long sum = 0;
    for (Entry tensor : tensors) {
      sum = Math.addExact(sum, Gguf.alignUp(tensor.bytes(), alignment));
    }
    return sum;
  }

  private static void copy(MemorySegment data, WritableByteChannel channel) throws IOException {
    // through a chunk, because data of any array type is welcome and a buffer views only bytes
    byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, data.byteSize())];
    for (long at = 0; at < data.byteSize(); at += chunk.length) {
      int bytes = (int) Math.min(chunk.length, data.byteSize() - at);
      MemorySegment.copy(data, at, MemorySegment.ofArray(chunk), 0, bytes);
      writeAll(ByteBuffer.wrap(chunk, 0, bytes), channel);
    }
  }

  private static void writeAll(ByteBuffer from, WritableByteChannel channel) throws IOException {
    while (from.hasRemaining()) {
      channel.write(from);
    }
  }

  /** Lets a tensor's content write its own bytes and no more. */
  private static final class CountedChannel implements WritableByteChannel {

    private final WritableByteChannel channel;
    private final Entry tensor;
    private long written;

    CountedChannel(WritableByteChannel channel, Entry tensor) {
      this.channel = channel;
      this.tensor = tensor;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
      if (from.remaining() > tensor.bytes() - written) {
        throw new IllegalArgumentException(
            tensor.name + ": more than its " + tensor.bytes() + " bytes were written");
      }
      int bytes = channel.write(from);
      written += bytes;
      return bytes;
    }

    void finish() {
      if (written != tensor.bytes()) {
        throw new IllegalArgumentException(
            tensor.name + ": " + written + " of its " + tensor.bytes() + " bytes were written");
      }
    }

    @Override
    public boolean isOpen() {
      return channel.isOpen();
    }

    @Override
    public void close() {} // the file goes on after this tensor
  }

  /** Memory that is filled from its start. */
  private static final class MemoryChannel implements WritableByteChannel {

    private final MemorySegment memory;
    private long position;

    MemoryChannel(MemorySegment memory) {
      this.memory = memory;
    }

    @Override
    public int write(ByteBuffer from) {
      int bytes = from.remaining();
      memory.asSlice(position, bytes).copyFrom(MemorySegment.ofBuffer(from));
      from.position(from.limit());
      position += bytes;
      return bytes;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
