package dev.tonnage.kernel;

import dev.tonnage.error.BadRequest;
import dev.tonnage.kernel.scalar.ScalarKernels;
import dev.tonnage.kernel.vector.VectorKernels;
import dev.tonnage.kernel.x86.CpuFeatures;
import dev.tonnage.kernel.x86.Feature;
import dev.tonnage.kernel.x86.Kernels256;
import dev.tonnage.kernel.x86.Kernels512;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;

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
   * The level that the property {@value #PROPERTY} names, else the best that this process allows.
   *
   * @param weightBytes what it will compute with: code for a very small model must be ready at once
   * @throws BadRequest if the property names no level, or one that this process does not allow
   */
  public static KernelChoice make(long weightBytes) {
    return make(weightBytes, System.getProperty(PROPERTY, ""), Platform.here());
  }

  /**
   * The choice for any platform.
   *
   * @param wish a level's word; empty for the best
   * @throws BadRequest if the wish is no level, or one that the platform does not allow
   */
  static KernelChoice make(long weightBytes, String wish, Platform platform) {
    if (wish.isEmpty()) {
      return best(weightBytes, platform);
    }
    for (Level level : Level.values()) {
      if (level.word().equals(wish.toLowerCase(Locale.ROOT))) {
        return asked(level, platform);
      }
    }
    throw new BadRequest(
        "-D" + PROPERTY,
        Arrays.stream(Level.values()).map(Level::word).collect(Collectors.joining(", ")),
        "'" + wish + "'",
        "leave it out for the best level");
  }

  /** The levels that this process allows, the specification first. */
  public static List<Level> levels() {
    Platform platform = Platform.here();
    return Arrays.stream(Level.values())
        .filter(level -> lacking(level, platform).isEmpty())
        .toList();
  }

  /**
   * A level of this process.
   *
   * @throws BadRequest if it does not allow it
   */
  public static Kernels at(Level level) {
    return asked(level, Platform.here()).kernels();
  }

  private static KernelChoice best(long weightBytes, Platform platform) {
    if (weightBytes < LEAST_VECTOR_BYTES) {
      return new KernelChoice(
          kernels(Level.SCALAR, platform),
          "the model is so small that compiling vector code takes longer");
    }
    List<String> reasons = new ArrayList<>();
    for (Level level : Arrays.asList(Level.values()).reversed()) {
      String lacking = lacking(level, platform);
      if (lacking.isEmpty()) {
        return new KernelChoice(
            kernels(level, platform),
            reasons.isEmpty() ? "this version has no better level" : String.join("; ", reasons));
      }
      if (!reasons.contains(lacking)) {
        reasons.add(lacking);
      }
    }
    throw new IllegalStateException("the scalar level lacks nothing");
  }

  private static KernelChoice asked(Level level, Platform platform) {
    String lacking = lacking(level, platform);
    if (!lacking.isEmpty()) {
      throw new BadRequest(
          "-D" + PROPERTY,
          "a level that this JVM and processor allow",
          "'" + level.word() + "', but " + lacking,
          "leave it out for the best level");
    }
    return new KernelChoice(
        kernels(level, platform), "-D" + PROPERTY + "=" + level.word() + " asked for it");
  }

  /** Why a level is not allowed; empty if it is. */
  private static String lacking(Level level, Platform platform) {
    return switch (level) {
      case SCALAR -> "";
      case VECTOR -> {
        if (!platform.hasVectorModule()) {
          yield "the JVM was started without --add-modules jdk.incubator.vector,"
              + " which TONNAGE_JAVA_OPTIONS may hold";
        }
        boolean isSlow = platform.cpu().isPresent() && !platform.cpu().get().has(Feature.FMA);
        yield isSlow
            ? "the processor has no FMA, which the Vector API then computes by decimals"
            : "";
      }
      case AVX2 ->
          lackingForCode(
              platform, Kernels256::runsOn, "the processor has no AVX2 with FMA and F16C");
      case AVX512 ->
          lackingForCode(platform, Kernels512::runsOn, "the processor has no AVX-512 with VNNI");
    };
  }

  private static String lackingForCode(
      Platform platform, Predicate<CpuFeatures> runsOn, String otherwise) {
    if (!platform.noCode().isEmpty()) {
      return platform.noCode();
    }
    return runsOn.test(platform.cpu().orElseThrow()) ? "" : otherwise;
  }

  private static Kernels kernels(Level level, Platform platform) {
    return switch (level) {
      case SCALAR -> new ScalarKernels();
      case VECTOR -> new VectorKernels();
      case AVX2 -> new Kernels256(platform.cpu().orElseThrow(), withoutCode(platform));
      case AVX512 -> new Kernels512(withoutCode(platform));
    };
  }

  /** What computes what has no code. */
  private static Kernels withoutCode(Platform platform) {
    return platform.hasVectorModule() ? new VectorKernels() : new ScalarKernels();
  }
}
