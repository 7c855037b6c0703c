package dev.tonnage.kernel;

import dev.tonnage.error.BadRequest;
import dev.tonnage.kernel.scalar.ScalarKernels;
import dev.tonnage.kernel.vector.VectorKernels;
import java.util.Locale;

/**
 * The level that this process computes with, and why it is no better one.
 *
 * @param kernels the chosen level
 * @param reason why no better level was chosen, in a sentence
 */
public record KernelChoice(Kernels kernels, String reason) {

  /** The system property that asks for a level by its word. */
  public static final String PROPERTY = "tonnage.kernels";

  /** Below this, a whole answer is over before vector code has been compiled. */
  private static final long LEAST_VECTOR_BYTES = 2L << 20;

  /**
   * The level that the property {@value #PROPERTY} names, else the best that this JVM allows.
   *
   * @param weightBytes what it will compute with: code for a very small model must be ready at once
   * @throws BadRequest if the property names no level, or one that this JVM does not allow
   */
  public static KernelChoice make(long weightBytes) {
    String wish = System.getProperty(PROPERTY, "");
    if (wish.isEmpty()) {
      return best(weightBytes);
    }
    for (Level level : Level.values()) {
      if (level.word().equals(wish.toLowerCase(Locale.ROOT))) {
        return asked(level);
      }
    }
    throw new BadRequest(
        "-D" + PROPERTY, "scalar or vector", "'" + wish + "'", "leave it out for the best level");
  }

  private static KernelChoice best(long weightBytes) {
    if (weightBytes < LEAST_VECTOR_BYTES) {
      return new KernelChoice(
          new ScalarKernels(), "the model is so small that compiling vector code takes longer");
    }
    return vectorModuleIsThere()
        ? new KernelChoice(
            new VectorKernels(), "this version has no better level than the Vector API")
        : new KernelChoice(
            new ScalarKernels(), "the JVM was started without --add-modules jdk.incubator.vector");
  }

  private static KernelChoice asked(Level level) {
    String reason = "-D" + PROPERTY + "=" + level.word() + " asked for it";
    return switch (level) {
      case SCALAR -> new KernelChoice(new ScalarKernels(), reason);
      case VECTOR -> {
        if (!vectorModuleIsThere()) {
          throw new BadRequest(
              "-D" + PROPERTY,
              "a level that this JVM allows",
              "'vector', but no jdk.incubator.vector",
              "start the JVM with --add-modules jdk.incubator.vector");
        }
        yield new KernelChoice(new VectorKernels(), reason);
      }
    };
  }

  private static boolean vectorModuleIsThere() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }
}
