package dev.tonnage.file;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.UnsupportedModel;
import dev.tonnage.file.Safetensors.Entry;
import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Scales;
import dev.tonnage.tensor.Shape;
import dev.tonnage.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;

/**
 * How a folder's matrices are stored that are not plain floats: what {@code config.json} says of
 * it, and the tensors beside a matrix that its numbers mean something with.
 *
 * <p>MLX (Apple): integers of 2, 3, 4, 5, 6 or 8 bits packed in words of 32, a scale and a bias for
 * a group of neighbours, {@code X.weight}, {@code X.scales}, {@code X.biases}; or MXFP4, whose
 * scales are powers of two. gpt-oss: the same, {@code X_blocks} and {@code X_scales}. DeepSeek-V3:
 * floats of eight bits, {@code X.weight_scale_inv} with what a block of rows and columns is
 * multiplied with.
 */
sealed interface Quantisation {

  /** Numbers that share a scale in MXFP4. */
  int BLOCK = 32;

  /** All that is plain floats. */
  record None() implements Quantisation {}

  /**
   * MLX's.
   *
   * @param usual of most matrices
   * @param others of matrices with something of their own, by their names without {@code .weight}
   */
  record Groups(Group usual, Map<String, Group> others) implements Quantisation {}

  /**
   * How a matrix is stored.
   *
   * @param size neighbours that share a scale
   */
  record Group(int bits, int size, Mode mode) {}

  /** What groups' numbers are. */
  enum Mode {
    AFFINE,
    MXFP4
  }

  /** Floats of eight bits with scales for blocks. */
  record Float8(int rows, int columns) implements Quantisation {}

  /** MXFP4 with its blocks and scales by names of their own. */
  record Blocks() implements Quantisation {}

  /** Whether a tensor says something of another, and is none by itself. */
  default boolean isPart(Entry entry, Map<String, Entry> all) {
    String name = entry.name();
    return switch (this) {
      case None() -> false;
      case Groups _ ->
          (name.endsWith(".scales") || name.endsWith(".biases"))
              && all.containsKey(name.substring(0, name.lastIndexOf('.')) + ".weight");
      case Float8 _ -> name.endsWith(".weight_scale_inv");
      case Blocks() ->
          name.endsWith("_scales")
              && all.containsKey(name.substring(0, name.lastIndexOf('_')) + "_blocks");
    };
  }

  /**
   * A tensor with what belongs to it.
   *
   * @param folder for messages
   * @param own what it is called here
   * @param all of the folder by their names
   */
  default Tensor tensor(String folder, Entry entry, String own, Map<String, Entry> all) {
    return switch (this) {
      case Groups groups when entry.type() == SafetensorsType.U32 ->
          new StoredGroups(folder, entry, own, all).tensor(groups);
      case Float8(int rows, int columns) when entry.type() == SafetensorsType.F8_E4M3 ->
          float8(folder, entry, own, all, rows, columns);
      case Blocks() when entry.name().endsWith("_blocks") -> blocks(folder, entry, own, all);
      default -> {
        DType type =
            entry
                .type()
                .type()
                .orElseThrow(() ->
                    new UnsupportedModel(
                        folder + ": " + entry.name(),
                        "numbers of type " + entry.type() + " that config.json says nothing of",
                        "use the model in another format"));
        yield new Tensor(own, type, entry.shape(), entry.data());
      }
    };
  }

  /** Rows of blocks of 16 bytes, in each of which are 32 numbers. */
  private static Tensor blocks(String folder, Entry entry, String own, Map<String, Entry> all) {
    String module = entry.name().substring(0, entry.name().lastIndexOf('_'));
    Shape shape = entry.shape();
    int blocks = shape.rank() - 2; // the axis
    if (entry.type() != SafetensorsType.U8 || blocks < 1 || shape.columns() != BLOCK / 2) {
      throw new BadFile(
          folder + ": " + entry.name(),
          "blocks of " + BLOCK / 2 + " bytes",
          entry.type() + " " + shape,
          JsonFile.REMEDY);
    }
    long[] extents = new long[blocks + 1];
    for (int axis = 0; axis <= blocks; axis++) {
      extents[axis] = shape.extent(axis);
    }
    Entry scales = part(folder, module + "_scales", all);
    require(folder, scales, SafetensorsType.U8, Shape.of(extents));
    extents[blocks] = Math.multiplyExact(extents[blocks], (long) BLOCK);
    var each = new Scales(DType.E8M0, 1, BLOCK, scales.data(), Optional.empty());
    return new Tensor(own, DType.E2M1, Shape.of(extents), entry.data(), Optional.of(each));
  }

  private static Tensor float8(
      String folder, Entry entry, String own, Map<String, Entry> all, int rows, int columns) {
    Entry scales = part(folder, entry.name() + "_scale_inv", all);
    Shape shape = entry.shape();
    if (shape.rank() != 2) {
      throw new UnsupportedModel(
          folder + ": " + entry.name(), "blocks of " + shape, "matrices are known");
    }
    Shape expected =
        Shape.of(
            Math.ceilDiv(shape.rows(), (long) rows), Math.ceilDiv(shape.columns(), (long) columns));
    require(folder, scales, SafetensorsType.F32, expected);
    var each = new Scales(DType.F32, rows, columns, scales.data(), Optional.empty());
    return new Tensor(own, DType.E4M3, shape, entry.data(), Optional.of(each));
  }

  /** A tensor that must be there. */
  static Entry part(String folder, String name, Map<String, Entry> all) {
    return Optional.ofNullable(all.get(name))
        .orElseThrow(() ->
            new BadFile(folder + ": " + name, "a tensor of this name", "none", JsonFile.REMEDY));
  }

  /** Fails unless a tensor has this type and shape. */
  static MemorySegment require(String folder, Entry entry, SafetensorsType type, Shape shape) {
    if (entry.type() != type || !entry.shape().equals(shape)) {
      throw new BadFile(
          folder + ": " + entry.name(),
          type + " " + shape,
          entry.type() + " " + entry.shape(),
          JsonFile.REMEDY);
    }
    return entry.data();
  }
}
