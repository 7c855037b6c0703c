package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.MatrixKernel;
import dev.tonnage.kernel.Phase;
import dev.tonnage.kernel.asm.CodeFamily;
import dev.tonnage.kernel.asm.CodeShelf;
import dev.tonnage.kernel.x86.Vec.Width;
import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Scales;
import dev.tonnage.tensor.Tensor;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The formats that a level has code for. A format's is made when it is wanted: some read a grid.
 */
final class Matrices {

  /** What multiplies with a format. */
  private record Both(MatrixKernel prompts, MatrixKernel generation) {

    MatrixKernel of(Phase phase) {
      return switch (phase) {
        case PROMPT -> prompts;
        case GENERATION -> generation;
      };
    }
  }

  private final CodeShelf shelf;
  private final Both widest;
  private final Map<DType, Supplier<Both>> makers = new EnumMap<>(DType.class);
  private final Map<DType, Both> made = new ConcurrentHashMap<>();
  private final Function<Groups, Optional<MatrixCode>> groups;
  private final FloatGenerationMatrix float8;
  private final Map<String, CodeFamily> decoding = new ConcurrentHashMap<>();
  private final Map<Groups, Optional<Both>> madeOfGroups = new ConcurrentHashMap<>();

  /**
   * @param widest code of a format that needs no less scratch and activations than any other
   * @param groups the code for numbers whose scales stand elsewhere
   * @param width of vectors of floats, of which there is code for every kind
   * @param shelf keeps all code
   */
  Matrices(
      MatrixCode widest,
      Function<Groups, Optional<MatrixCode>> groups,
      Width width,
      CodeShelf shelf) {
    this.shelf = shelf;
    this.groups = groups;
    this.widest = both(DType.Q2_K, widest);
    this.float8 = new FloatGenerationMatrix(FloatWeights.E4M3, width, shelf);
    for (FloatWeights weights : FloatWeights.COMPLETE) {
      makers.put(
          weights.type(),
          () ->
              new Both(
                  new FloatPromptMatrix(weights, width, shelf),
                  new FloatGenerationMatrix(weights, width, shelf)));
    }
  }

  private Both both(DType type, MatrixCode code) {
    return new Both(new PromptMatrix(type, code, shelf), new GenerationMatrix(code, shelf));
  }

  /** A block format joins. */
  void add(DType type, Supplier<MatrixCode> code) {
    makers.put(type, () -> both(type, code.get()));
  }

  /** What multiplies with weights of a type; empty for a type without code. */
  Optional<MatrixKernel> matrix(DType type, Phase phase) {
    Supplier<Both> maker = makers.get(type);
    return maker == null
        ? Optional.empty()
        : Optional.of(made.computeIfAbsent(type, _ -> maker.get()).of(phase));
  }

  /**
   * What multiplies with a tensor whose scales stand beside it; empty for one without code.
   *
   * @param plain what decodes it
   */
  Optional<MatrixKernel> scaled(Tensor tensor, Phase phase, BlockFormat plain) {
    return Groups.of(tensor)
        .flatMap(each ->
            madeOfGroups.computeIfAbsent(
                each, _ -> groups.apply(each).map(code -> both(tensor.type(), code))))
        .map(both -> both.of(phase))
        .or(() -> decoded(tensor, phase, plain));
  }

  /** By way of floats. */
  private Optional<MatrixKernel> decoded(Tensor tensor, Phase phase, BlockFormat plain) {
    Scales scales = tensor.scales().orElseThrow();
    int size = scales.columns();
    if (size % 8 != 0 || tensor.shape().columns() % size != 0) {
      return Optional.empty();
    }
    boolean hasBias = scales.biases().isPresent();
    if (phase == Phase.GENERATION
        && tensor.type() == DType.E4M3
        && size % FloatWeights.PADDED == 0
        && !hasBias) {
      CodeFamily scaling = decoding(DType.F32, scales.type(), size, false);
      return Optional.of(new Float8Generation(float8, scaling, tensor));
    }
    CodeFamily code = decoding(tensor.type(), scales.type(), size, hasBias);
    return matrix(DType.F32, phase).map(floats -> new DecodedMatrix(floats, code, plain, tensor));
  }

  private CodeFamily decoding(DType type, DType scaleType, int size, boolean hasBias) {
    String name = "decode-%s-%s-%d-%b".formatted(type, scaleType, size, hasBias);
    return decoding.computeIfAbsent(
        name,
        _ -> new CodeFamily(shelf, name, 1, _ -> DecodeRows.code(type, scaleType, size, hasBias)));
  }

  /** Scratch that a thread needs at most, in bytes, for rows of this length. */
  long mostScratchBytes(int inputs) {
    return Math.max(
        FloatPromptMatrix.MOST_SCRATCH_BYTES
            + Math.max(
                DecodedMatrix.mostPartBytes(inputs), Float8Generation.mostScaledBytes(inputs)),
        Math.max(widest.prompts().scratchBytes(inputs), widest.generation().scratchBytes(inputs)));
  }

  /** Bytes that a token's prepared activations take at most. */
  long mostActivationBytes(int inputs) {
    return Math.max(
        widest.prompts().activationBytes(inputs), widest.generation().activationBytes(inputs));
  }
}
