package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.MatrixKernel;
import dev.tonnage.kernel.Phase;
import dev.tonnage.kernel.asm.CodeShelf;
import dev.tonnage.tensor.DType;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The formats that a level has code for. */
final class Matrices {

  private final Map<DType, MatrixKernel> prompts = new EnumMap<>(DType.class);
  private final Map<DType, MatrixKernel> generation = new EnumMap<>(DType.class);

  /** A block format joins. */
  void add(DType type, MatrixCode code, CodeShelf shelf) {
    add(type, new PromptMatrix(type, code, shelf), new GenerationMatrix(type, code, shelf));
  }

  /** Any format joins. */
  void add(DType type, MatrixKernel ofPrompts, MatrixKernel ofGeneration) {
    prompts.put(type, ofPrompts);
    generation.put(type, ofGeneration);
  }

  /** What multiplies with weights of a type; empty for a type without code. */
  Optional<MatrixKernel> matrix(DType type, Phase phase) {
    return Optional.ofNullable(
        switch (phase) {
          case PROMPT -> prompts.get(type);
          case GENERATION -> generation.get(type);
        });
  }

  /** Scratch that a thread needs at most, in bytes, for rows of this length. */
  long mostScratchBytes(int inputs) {
    return all().mapToLong(matrix -> matrix.scratchBytes(inputs)).max().orElse(0);
  }

  /** Bytes that a token's prepared activations take at most. */
  long mostActivationBytes(int inputs) {
    return all().mapToLong(matrix -> matrix.activationBytes(inputs)).max().orElse(0);
  }

  private Stream<MatrixKernel> all() {
    return Stream.concat(prompts.values().stream(), generation.values().stream());
  }
}
