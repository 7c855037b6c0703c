package dev.tonnage.plan;

import dev.tonnage.error.DoesNotFit;
import dev.tonnage.os.Machine;
import java.util.Locale;

/**
 * What a run takes at most, in bytes, and what the machine gives.
 *
 * @param weightBytes tensors, mapped
 * @param cacheBytes keys and values of the whole context
 * @param scratchBytes activations and the kernels' buffers
 * @param programBytes the JVM with its heap and code
 * @param machine what it is to run on
 */
public record MemoryPlan(
    long weightBytes, long cacheBytes, long scratchBytes, long programBytes, Machine machine) {

  /** The JVM with a tokenizer of 128K pieces: 150 MiB measured, rounded up. */
  public static final long PROGRAM_BYTES = 200L << 20;

  /** What the operating system and the user's other programs are left. */
  private static final long SYSTEM_BYTES = 512L << 20;

  /** All items together. */
  public long totalBytes() {
    return weightBytes + cacheBytes + scratchBytes + programBytes;
  }

  /** What the machine can give: what is available now, less what the system is left. */
  public long budgetBytes() {
    return Math.max(0, machine.availableBytes() - SYSTEM_BYTES);
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
            + " %s (%s of %s available now, %s left to the system)",
        gib(weightBytes),
        gib(cacheBytes),
        gib(scratchBytes),
        gib(programBytes),
        gib(totalBytes()),
        gib(budgetBytes()),
        gib(machine.availableBytes()),
        gib(machine.memoryBytes()),
        gib(SYSTEM_BYTES));
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
