package dev.tonnage.kernel;

import dev.tonnage.kernel.x86.CpuFeatures;
import dev.tonnage.os.ExecutableMemory.Refused;
import java.util.Optional;

/**
 * What levels depend on: the processor, whether machine code can be placed, and the JVM's modules.
 * Others can be made up, to test what they would do.
 *
 * @param cpu what an x86-64 processor has; empty where there is none or it cannot be asked
 * @param noCode why machine code for x86-64 cannot run; empty where it can
 * @param hasVectorModule whether the JVM was started with the Vector API
 */
record Platform(Optional<CpuFeatures> cpu, String noCode, boolean hasVectorModule) {

  /** This process's. */
  static Platform here() {
    boolean hasVectorModule = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    String architecture = System.getProperty("os.arch");
    if (!architecture.equals("amd64") && !architecture.equals("x86_64")) {
      return new Platform(
          Optional.empty(),
          "this version writes no machine code for " + architecture,
          hasVectorModule);
    }
    try {
      return new Platform(Optional.of(CpuFeatures.here()), "", hasVectorModule);
    } catch (Refused e) {
      return new Platform(
          Optional.empty(), "no machine code can be placed: " + e.getMessage(), hasVectorModule);
    }
  }
}
