package dev.tonnage.file;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.UnsupportedModel;
import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Shape;
import dev.tonnage.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One GGUF file, read and checked: every tensor lies within it, and none in another.
 *
 * @param name the file's, without its folder
 * @param fileBytes of the whole file
 * @param version of the format, 2 or 3
 * @param alignment of each tensor's data, in bytes
 * @param metadata of a model that is split, only the first file's is the model's
 * @param tensors in the file's order
 */
public record GgufPart(
    String name,
    long fileBytes,
    int version,
    long alignment,
    Metadata metadata,
    List<Tensor> tensors) {

  /** A tensor as its entry has it; what the entry claims is checked once all entries are read. */
  private record Entry(String name, DType type, Shape shape, long offset) {}

  /** A name's length and one byte, a type, a number. */
  private static final long LEAST_KEY_BYTES = 8 + 1 + 4 + 1;

  /** A name's length and one byte, a rank, a type, an offset. */
  private static final long LEAST_ENTRY_BYTES = 8 + 1 + 4 + 4 + 8;

  /**
   * Reads a file's header; the data is not touched.
   *
   * @param file the whole file
   */
  static GgufPart read(String name, MemorySegment file) {
    ForeignFormat.refuse(name, file);
    var cursor = new GgufCursor(name, file, Integer.BYTES);
    int version = version(name, cursor);
    long tensorCount = cursor.count(LEAST_ENTRY_BYTES, "number of tensors", "tensors");
    long keyCount = cursor.count(LEAST_KEY_BYTES, "number of keys", "keys");
    checkMost(cursor, tensorCount, Gguf.MOST_TENSORS, "number of tensors");
    checkMost(cursor, keyCount, Gguf.MOST_KEYS, "number of keys");

    GgufMetadata metadata = GgufMetadata.read(name, cursor, keyCount);
    long alignment = alignment(cursor, metadata);
    List<Entry> entries = new ArrayList<>();
    for (long i = 0; i < tensorCount; i++) {
      entries.add(entry(name, cursor, "tensor " + (i + 1) + " of " + tensorCount));
    }
    long dataStart = Gguf.alignUp(cursor.position(), alignment);
    List<Tensor> tensors = new ArrayList<>();
    for (Entry entry : entries) {
      tensors.add(tensor(cursor, entry, file, dataStart, alignment));
    }
    checkApart(cursor, tensors);
    return new GgufPart(name, file.byteSize(), version, alignment, metadata, List.copyOf(tensors));
  }

  private static int version(String name, GgufCursor cursor) {
    int version = cursor.int32("version");
    if (version == 2 || version == 3) {
      return version;
    }
    int reversed = Integer.reverseBytes(version);
    if (reversed > 0 && reversed <= 0xFFFF) {
      throw new UnsupportedModel(
          name, "a GGUF file in big-endian order", "convert the model to little-endian");
    }
    throw new UnsupportedModel(
        name,
        "GGUF version " + Integer.toUnsignedString(version),
        version == 1
            ? "convert the model again: versions 2 and 3 are read"
            : "versions 2 and 3 are read");
  }

  private static void checkMost(GgufCursor cursor, long count, long most, String what) {
    if (count > most) {
      throw cursor.bad(what, "at most " + most, Long.toString(count));
    }
  }

  private static long alignment(GgufCursor cursor, Metadata metadata) {
    long alignment = metadata.integer(Gguf.ALIGNMENT_KEY, Gguf.DEFAULT_ALIGNMENT);
    if (alignment < Gguf.LEAST_ALIGNMENT
        || alignment > Gguf.MOST_ALIGNMENT
        || Long.bitCount(alignment) != 1) {
      throw cursor.bad(
          Gguf.ALIGNMENT_KEY,
          "a power of two from " + Gguf.LEAST_ALIGNMENT + " to " + Gguf.MOST_ALIGNMENT,
          Long.toString(alignment));
    }
    return alignment;
  }

  private static Entry entry(String file, GgufCursor cursor, String which) {
    String name = cursor.label(Gguf.MOST_NAME_BYTES, which);
    int rank = cursor.int32(name);
    if (rank < 0 || rank > Gguf.MOST_EXTENTS) {
      throw cursor.bad(
          name, "at most " + Gguf.MOST_EXTENTS + " extents", Integer.toUnsignedString(rank));
    }
    long[] extents = new long[Math.max(rank, 1)];
    extents[0] = 1; // no extents at all: a single number
    long product = 1;
    for (int i = 0; i < rank; i++) {
      long extent = cursor.int64(name);
      if (extent < 1 || extent > Long.MAX_VALUE / product) {
        throw cursor.bad(
            name,
            "extents of at least 1 whose product is less than 2^63",
            "the extent " + Long.toUnsignedString(extent));
      }
      product *= extent;
      extents[rank - 1 - i] = extent; // the file lists the innermost first
    }
    DType type = dtype(file, name, cursor.int32(name));
    Shape shape = Shape.of(extents);
    if (shape.columns() % type.blockElements() != 0) {
      throw cursor.bad(
          name,
          "rows of whole " + type + " blocks of " + type.blockElements(),
          "the shape " + shape);
    }
    return new Entry(name, type, shape, cursor.int64(name));
  }

  private static DType dtype(String file, String name, int id) {
    return DType.ofId(id).orElseThrow(() -> unknownType(file + ": " + name, id));
  }

  private static UnsupportedModel unknownType(String where, int id) {
    Optional<String> withdrawn = DType.withdrawn(id);
    if (withdrawn.isPresent()) {
      return new UnsupportedModel(
          where,
          "tensor type " + id + ", the withdrawn " + withdrawn.get() + ",",
          "quantize the model again, to a type in use");
    }
    return new UnsupportedModel(
        where,
        "tensor type " + Integer.toUnsignedString(id),
        "a newer version of this program may know it, or the file is damaged");
  }

  private static Tensor tensor(
      GgufCursor cursor, Entry entry, MemorySegment file, long dataStart, long alignment) {
    long dataBytes = Math.max(0, file.byteSize() - dataStart);
    String whole = entry.type + " " + entry.shape;
    if (entry.offset < 0 || entry.offset % alignment != 0) {
      throw cursor.bad(
          entry.name,
          whole + " at a multiple of " + alignment + " bytes",
          "it at " + Long.toUnsignedString(entry.offset));
    }
    if (entry.offset > dataBytes) {
      throw cursor.bad(
          entry.name,
          whole + " within the " + dataBytes + " bytes of data in the file",
          "it at " + entry.offset);
    }
    long room = dataBytes - entry.offset;
    long blocks = entry.shape.elements() / entry.type.blockElements();
    if (blocks > room / entry.type.blockBytes()) { // a product might overflow
      throw new BadFile(
          cursor.name() + ": " + entry.name,
          whole + ", " + blocks + " blocks of " + entry.type.blockBytes() + " bytes",
          "the end of the file after " + room + " bytes",
          "download this file again, to its end");
    }
    MemorySegment data =
        file.asSlice(dataStart + entry.offset, entry.type.bytes(entry.shape.elements()));
    return new Tensor(entry.name, entry.type, entry.shape, data);
  }

  private static void checkApart(GgufCursor cursor, List<Tensor> tensors) {
    List<Tensor> byAddress = new ArrayList<>(tensors);
    byAddress.sort(Comparator.comparingLong(tensor -> tensor.data().address()));
    for (int i = 1; i < byAddress.size(); i++) {
      Tensor before = byAddress.get(i - 1);
      Tensor tensor = byAddress.get(i);
      if (tensor.data().address() < before.data().address() + before.data().byteSize()) {
        throw cursor.bad(
            tensor.name(), "data of its own", "data that it shares with " + before.name());
      }
    }
  }
}
