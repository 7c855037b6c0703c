package dev.tonnage.file;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.UnsupportedModel;
import dev.tonnage.file.Quantisation.Group;
import dev.tonnage.file.Quantisation.Groups;
import dev.tonnage.file.Safetensors.Entry;
import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Scales;
import dev.tonnage.tensor.Shape;
import dev.tonnage.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;

/**
 * A matrix that MLX has quantised: words, scales and biases become a tensor.
 *
 * @param folder for messages
 * @param own what it is called here
 * @param all tensors of the folder by their names
 */
record StoredGroups(String folder, Entry words, String own, Map<String, Entry> all) {

  private static final int WORD_BITS = 32;

  Tensor tensor(Groups groups) {
    String module = words.name().replaceFirst("\\.weight$", "");
    Group group = groups.others().getOrDefault(module, groups.usual());
    Shape shape = shape(group);
    Shape grouped = withColumns(shape.columns() / group.size());
    Entry scales = Quantisation.part(folder, module + ".scales", all);
    return switch (group.mode()) {
      case AFFINE -> {
        DType type = scaleType(scales);
        Quantisation.require(folder, scales, scales.type(), grouped);
        MemorySegment biases =
            Quantisation.require(
                folder, Quantisation.part(folder, module + ".biases", all), scales.type(), grouped);
        yield tensor(
            integers(group.bits()),
            shape,
            new Scales(type, 1, group.size(), scales.data(), Optional.of(biases)));
      }
      case MXFP4 -> {
        Quantisation.require(folder, scales, SafetensorsType.U8, grouped);
        yield tensor(
            DType.E2M1,
            shape,
            new Scales(DType.E8M0, 1, group.size(), scales.data(), Optional.empty()));
      }
    };
  }

  private Tensor tensor(DType type, Shape shape, Scales scales) {
    return new Tensor(own, type, shape, words.data(), Optional.of(scales));
  }

  /** Of numbers, where the file has words. */
  private Shape shape(Group group) {
    long bits = Math.multiplyExact(words.shape().columns(), (long) WORD_BITS);
    long columns = bits / group.bits();
    if (bits % group.bits() != 0 || columns % group.size() != 0) {
      throw new BadFile(
          folder + ": " + words.name(),
          "words of " + group.bits() + " bits a number, in groups of " + group.size(),
          words.shape() + " words",
          JsonFile.REMEDY);
    }
    return withColumns(columns);
  }

  private Shape withColumns(long columns) {
    long[] extents = new long[words.shape().rank()];
    for (int axis = 0; axis < extents.length; axis++) {
      extents[axis] = words.shape().extent(axis);
    }
    extents[extents.length - 1] = columns;
    return Shape.of(extents);
  }

  private DType scaleType(Entry scales) {
    return switch (scales.type()) {
      case F32 -> DType.F32;
      case F16 -> DType.F16;
      case BF16 -> DType.BF16;
      default ->
          throw new UnsupportedModel(
              folder + ": " + scales.name(), "scales of type " + scales.type(), "use another file");
    };
  }

  private static DType integers(int bits) {
    return switch (bits) {
      case 2 -> DType.U2;
      case 3 -> DType.U3;
      case 4 -> DType.U4;
      case 5 -> DType.U5;
      case 6 -> DType.U6;
      case 8 -> DType.U8;
      default -> throw new AssertionError(bits);
    };
  }
}
