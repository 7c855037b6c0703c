package dev.tonnage.plan;

import dev.tonnage.error.DoesNotFit;
import java.util.Locale;

/**
 * What a run takes at most, in bytes, and what the machine gives.
 *
 * @param weightBytes tensors, mapped
 * @param cacheBytes keys and values of the whole context
 * @param scratchBytes activations and the kernels' buffers
 * @param programBytes the JVM with its heap and code
 * @param budget what the machine gives
 */
public record MemoryPlan(
    long weightBytes, long cacheBytes, long scratchBytes, long programBytes, Budget budget) {

  /** The JVM with a tokenizer of 128K pieces: 150 MiB measured, rounded up. */
  public static final long PROGRAM_BYTES = 200L << 20;

  /** All items together. */
  public long totalBytes() {
    return weightBytes + cacheBytes + scratchBytes + programBytes;
  }

  /** What the machine can give. */
  public long budgetBytes() {
    return budget.bytes();
  }

  /** What is left of that; negative where it does not fit. */
  public long headroomBytes() {
    return budgetBytes() - totalBytes();
  }

  /** Whether everything fits. */
  public boolean fits() {
    return totalBytes() <= budgetBytes();
  }

  /**
   * Refuses what does not fit.
   *
   * @param model its name, for the message
   * @throws DoesNotFit with the sum
   */
  public void admit(String model) {
    if (!fits()) {
      throw new DoesNotFit(model + " does not fit: " + sum() + "; " + advice());
    }
  }

  /** The sum in a line, in GiB. */
  public String sum() {
    return String.format(
        Locale.ROOT,
        "weights %s + keys and values %s + scratch %s + program %s = %s, but this machine can give"
            + " %s (%s)",
        gib(weightBytes),
        gib(cacheBytes),
        gib(scratchBytes),
        gib(programBytes),
        gib(totalBytes()),
        gib(budgetBytes()),
        budget.reason());
  }

  private String advice() {
    if (weightBytes + programBytes > budgetBytes()) {
      return "use a smaller quantisation of the model, or a machine with more memory";
    }
    return "use a shorter context (-c) or free memory";
  }

  /** Bytes in GiB, or in MiB where they are few. */
  public static String gib(long bytes) {
    return bytes < 1L << 30
        ? String.format(Locale.ROOT, "%.1f MiB", bytes / 0x1p20)
        : String.format(Locale.ROOT, "%.2f GiB", bytes / 0x1p30);
  }
}
