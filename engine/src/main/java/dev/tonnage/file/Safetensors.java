package dev.tonnage.file;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.UnsupportedModel;
import dev.tonnage.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * The tensors of one safetensors file: a header's length in 64 bits, the header as JSON, and the
 * numbers, which tensors cut into pieces without gaps. What was read has been checked.
 *
 * <p>Source: the format's specification (Hugging Face, safetensors).
 */
final class Safetensors {

  /** The format's own limit. */
  private static final long MOST_HEADER_BYTES = 100_000_000;

  private static final int MOST_EXTENTS = 8;

  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /**
   * A tensor as the file has it.
   *
   * @param shape outermost extent first; of a single number [1]
   */
  record Entry(String name, SafetensorsType type, Shape shape, MemorySegment data) {}

  private Safetensors() {}

  /**
   * Reads a file's header.
   *
   * @param name for messages
   */
  static List<Entry> read(String name, MemorySegment file) {
    if (file.byteSize() < 8) {
      throw bad(name, "a safetensors file", file.byteSize() + " bytes");
    }
    long headerBytes = file.get(LENGTH, 0);
    if (headerBytes < 2 || headerBytes > Math.min(MOST_HEADER_BYTES, file.byteSize() - 8)) {
      throw bad(
          name,
          "a header of at most "
              + Math.min(MOST_HEADER_BYTES, file.byteSize() - 8)
              + " bytes (a safetensors file begins with its length)",
          Long.toUnsignedString(headerBytes));
    }
    JsonObject header =
        JsonFile.parse(name, file.asSlice(8, headerBytes).toArray(ValueLayout.JAVA_BYTE));
    MemorySegment numbers = file.asSlice(8 + headerBytes);
    List<Piece> pieces = new ArrayList<>();
    for (String key : header.keys()) {
      if (!key.equals("__metadata__")) {
        pieces.add(piece(header.object(key), key));
      }
    }
    return entries(name, pieces, numbers);
  }

  /** What a tensor says of itself. */
  private record Piece(String name, SafetensorsType type, Shape shape, long begin, long end) {}

  private static Piece piece(JsonObject tensor, String name) {
    String typeName = tensor.text("dtype");
    SafetensorsType type =
        SafetensorsType.named(typeName)
            .orElseThrow(() ->
                new UnsupportedModel(
                    tensor.where(), "numbers of type '" + typeName + "'", "use another file"));
    List<JsonNode> extents = tensor.list("shape");
    List<JsonNode> offsets = tensor.list("data_offsets");
    if (extents.size() > MOST_EXTENTS || !extents.stream().allMatch(each -> isCount(each, 1))) {
      throw bad(tensor.where("shape"), "up to " + MOST_EXTENTS + " extents of at least 1", extents);
    }
    if (offsets.size() != 2 || !offsets.stream().allMatch(each -> isCount(each, 0))) {
      throw bad(tensor.where("data_offsets"), "a begin and an end", offsets);
    }
    long begin = offsets.get(0).longValue();
    long end = offsets.get(1).longValue();
    try {
      Shape shape =
          extents.isEmpty()
              ? Shape.of(1)
              : Shape.of(extents.stream().mapToLong(JsonNode::longValue).toArray());
      long bytes = Math.multiplyExact(shape.elements(), (long) type.bytes());
      if (end - begin != bytes) {
        throw bad(
            tensor.where("data_offsets"), bytes + " bytes for " + type + " " + shape, offsets);
      }
      return new Piece(name, type, shape, begin, end);
    } catch (ArithmeticException e) {
      throw bad(tensor.where("shape"), "extents whose product is a number of bytes", extents);
    }
  }

  private static boolean isCount(JsonNode node, long least) {
    return node.isIntegralNumber() && node.canConvertToLong() && node.longValue() >= least;
  }

  /** In the file's order. */
  private static List<Entry> entries(String name, List<Piece> pieces, MemorySegment numbers) {
    pieces.sort(Comparator.comparingLong(Piece::begin));
    List<Entry> entries = new ArrayList<>();
    long at = 0;
    for (Piece piece : pieces) {
      if (piece.begin() != at) {
        throw bad(
            name + ": " + piece.name(),
            "numbers from byte " + at + ", where those before them end",
            "from byte " + piece.begin());
      }
      if (piece.end() > numbers.byteSize()) {
        throw bad(
            name + ": " + piece.name(),
            "numbers within the file's " + numbers.byteSize() + " bytes of them",
            "up to byte " + piece.end());
      }
      entries.add(
          new Entry(
              piece.name(),
              piece.type(),
              piece.shape(),
              numbers.asSlice(piece.begin(), piece.end() - piece.begin())));
      at = piece.end();
    }
    if (at != numbers.byteSize()) {
      throw bad(name, at + " bytes of numbers", numbers.byteSize() + "");
    }
    return entries;
  }

  private static BadFile bad(String where, String expected, Object found) {
    return new BadFile(where, expected, found + "", JsonFile.REMEDY);
  }
}
