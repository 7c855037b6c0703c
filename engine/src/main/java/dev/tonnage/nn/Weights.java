package dev.tonnage.nn;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.UnsupportedModel;
import dev.tonnage.file.Checkpoint;
import dev.tonnage.kernel.Compute;
import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Shape;
import dev.tonnage.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A checkpoint's tensors, taken by name with the shape they must have. Remembers what was taken, so
 * that a model which has more than its architecture uses is refused and not computed wrongly.
 */
public final class Weights {

  private final Checkpoint checkpoint;
  private final Compute compute;
  private final Arena arena;
  private final String prefix;
  private final Set<String> taken;
  private final Set<String> passed;

  /**
   * @param checkpoint where the tensors are
   * @param compute what will compute with them
   * @param arena owner of the few small copies, such as norms
   */
  public Weights(Checkpoint checkpoint, Compute compute, Arena arena) {
    this(checkpoint, compute, arena, "", new HashSet<>(), new HashSet<>());
  }

  private Weights(
      Checkpoint checkpoint,
      Compute compute,
      Arena arena,
      String prefix,
      Set<String> taken,
      Set<String> passed) {
    this.checkpoint = checkpoint;
    this.compute = compute;
    this.arena = arena;
    this.prefix = prefix;
    this.taken = taken;
    this.passed = passed;
  }

  /** The tensors of one layer, named {@code blk.7.…}. */
  public Weights layer(int index) {
    return new Weights(checkpoint, compute, arena, prefix + "blk." + index + ".", taken, passed);
  }

  /** What computes with these weights. */
  public Compute compute() {
    return compute;
  }

  /** Whether a tensor is there. */
  public boolean has(String name) {
    return checkpoint.tensor(prefix + name).isPresent();
  }

  /**
   * A matrix that must be there.
   *
   * @param name without the layer's prefix and without {@code .weight}
   * @param outputs rows
   * @param inputs columns
   */
  public Tensor matrix(String name, int outputs, int inputs) {
    return require(name + ".weight", Shape.of(outputs, inputs));
  }

  /**
   * The matrices of experts: one after the other in a tensor, whether the file says how many there
   * are or how many rows they have together, or each in a tensor of its own, as in {@code
   * ffn_gate.7}.
   *
   * @param name of the tensor of all, which ends with {@code _exps}
   * @param count how many there are
   */
  public List<Tensor> stack(String name, int count, int outputs, int inputs) {
    String apart = name.replace("_exps", ".");
    if (has(apart + "0.weight")) {
      return IntStream.range(0, count).mapToObj(i -> matrix(apart + i, outputs, inputs)).toList();
    }
    Shape together = Shape.of((long) count * outputs, inputs);
    boolean isFlat =
        checkpoint
            .tensor(prefix + name + ".weight")
            .filter(tensor -> tensor.shape().equals(together))
            .isPresent();
    Tensor all = require(name + ".weight", isFlat ? together : Shape.of(count, outputs, inputs));
    return IntStream.range(0, count)
        .mapToObj(i -> all.rows(all.name() + " of expert " + i, (long) i * outputs, outputs))
        .toList();
  }

  /**
   * A copy of a matrix with rows and columns exchanged: in halves, or as what floats it has.
   *
   * @param matrix [outputs, inputs]
   * @return [inputs, outputs]
   */
  public Tensor turned(Tensor matrix) {
    int outputs = Math.toIntExact(matrix.shape().rows());
    int inputs = Math.toIntExact(matrix.shape().columns());
    DType type = turnedType(matrix.type());
    Shape shape = Shape.of(inputs, outputs);
    MemorySegment turned = arena.allocate(type.bytes(shape.elements()), 64);
    try (Arena own = Arena.ofShared()) {
      var rows = new Rows(own.allocate(Rows.bytes(outputs, inputs), 64), outputs, inputs);
      compute.gather(matrix, IntStream.range(0, outputs).toArray(), rows);
      for (int i = 0; i < inputs; i++) {
        for (int o = 0; o < outputs; o++) {
          put(turned, type, (long) i * outputs + o, rows.get(o, i));
        }
      }
    }
    return new Tensor(matrix.name() + " turned", type, shape, turned);
  }

  /** What {@link #turned} makes of a type. */
  public static DType turnedType(DType type) {
    return switch (type) {
      case F32, BF16 -> type;
      default -> DType.F16;
    };
  }

  private static void put(MemorySegment to, DType type, long index, float number) {
    switch (type) {
      case F32 -> to.setAtIndex(ValueLayout.JAVA_FLOAT, index, number);
      case BF16 -> {
        short upper = (short) (Float.floatToRawIntBits(number) >>> 16); // nothing is below
        to.setAtIndex(ValueLayout.JAVA_SHORT, index, upper);
      }
      default -> to.setAtIndex(ValueLayout.JAVA_SHORT, index, Float.floatToFloat16(number));
    }
  }

  /**
   * Says that a tensor is known and not needed.
   *
   * @param name with {@code .weight}
   */
  public void pass(String name) {
    passed.add(prefix + name);
  }

  /** Says that all of a layer's tensors are known and not needed. */
  public void passAll() {
    checkpoint.tensors().stream()
        .map(Tensor::name)
        .filter(name -> name.startsWith(prefix))
        .forEach(passed::add);
  }

  /** A table of vectors whose number only the file knows, such as an embedding. */
  public Tensor table(String name, int width) {
    Tensor tensor = find(name + ".weight").orElseThrow(() -> missing(name + ".weight"));
    if (tensor.shape().rank() != 2 || tensor.shape().columns() != width) {
      throw wrongShape(tensor, "[any, " + width + "]");
    }
    return tensor;
  }

  /** A vector that must be there, such as a norm's weight, as floats: {@code [1, width]}. */
  public Rows vector(String name, int width) {
    return decode(require(name, Shape.of(width)));
  }

  /** Vectors of one tensor, as floats: {@code [count, width]}. */
  public Rows vectors(String name, int count, int width) {
    return decode(require(name, Shape.of(count, width)));
  }

  /** A vector that no file has, of ones: {@code [1, width]}. */
  public Rows ones(int width) {
    Rows rows = new Rows(arena.allocate(Rows.bytes(1, width), 64), 1, width);
    for (int i = 0; i < width; i++) {
      rows.set(0, i, 1);
    }
    return rows;
  }

  /** Vectors of one tensor where they lie: {@code [count, width]}. */
  public Tensor rows(String name, int count, int width) {
    return require(name, Shape.of(count, width));
  }

  /** A vector that some models have: {@code [1, width]}. */
  public Optional<Rows> optionalVector(String name, int width) {
    return has(name) ? Optional.of(vector(name, width)) : Optional.empty();
  }

  /** The tensors that were taken, in the checkpoint's order. */
  public List<Tensor> taken() {
    return checkpoint.tensors().stream().filter(each -> taken.contains(each.name())).toList();
  }

  /**
   * Fails where the checkpoint has tensors that nobody took.
   *
   * @param architecture its name, for the message
   */
  public void requireAllTaken(String architecture) {
    List<String> left =
        checkpoint.tensors().stream()
            .map(Tensor::name)
            .filter(name -> !taken.contains(name) && !passed.contains(name))
            .toList();
    if (!left.isEmpty()) {
      String others = left.size() == 1 ? "" : " (and " + (left.size() - 1) + " more)";
      throw new UnsupportedModel(
          checkpoint.name(),
          "tensor '" + left.getFirst() + "'" + others + " in architecture '" + architecture + "'",
          "this variant computes something that Tonnage does not know");
    }
  }

  private Tensor require(String name, Shape shape) {
    Tensor tensor = find(name).orElseThrow(() -> missing(name));
    if (!tensor.shape().equals(shape)) {
      throw wrongShape(tensor, shape.toString());
    }
    return tensor;
  }

  private Optional<Tensor> find(String name) {
    Optional<Tensor> found = checkpoint.tensor(prefix + name);
    found.ifPresent(tensor -> {
      taken.add(tensor.name());
      if (!compute.supports(tensor.type())) {
        throw new UnsupportedModel(
            checkpoint.name() + ": " + tensor.name(),
            "computing with " + tensor.type(),
            "use a file quantised to one of the types that `tonnage info` lists");
      }
    });
    return found;
  }

  private Rows decode(Tensor vectors) {
    int count = Math.toIntExact(vectors.shape().rows());
    int width = Math.toIntExact(vectors.shape().columns());
    Rows rows = new Rows(arena.allocate(Rows.bytes(count, width), 64), count, width);
    compute.gather(vectors, IntStream.range(0, count).toArray(), rows);
    return rows;
  }

  private BadFile missing(String name) {
    return new BadFile(
        checkpoint.name() + ": " + prefix + name,
        "a tensor of this name",
        "none",
        "the file is incomplete: download or convert it again");
  }

  private BadFile wrongShape(Tensor tensor, String expected) {
    return new BadFile(
        checkpoint.name() + ": " + tensor.name(),
        "shape " + expected,
        tensor.type() + " " + tensor.shape(),
        "convert the model again");
  }
}
