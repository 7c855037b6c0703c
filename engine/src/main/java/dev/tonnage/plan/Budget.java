package dev.tonnage.plan;

import dev.tonnage.os.Machine;

/**
 * What a machine gives to a program that computes in one of its memories.
 *
 * @param bytes all together
 * @param reason how that comes about, for messages
 */
public record Budget(long bytes, String reason) {

  /** What the operating system and the user's other programs are left. */
  private static final long SYSTEM_BYTES = 512L << 20;

  /** Of this machine: what is available now, less what the system is left. */
  public static Budget of(Machine machine) {
    return new Budget(
        Math.max(0, machine.availableBytes() - SYSTEM_BYTES),
        MemoryPlan.gib(machine.availableBytes())
            + " of "
            + MemoryPlan.gib(machine.memoryBytes())
            + " available now, "
            + MemoryPlan.gib(SYSTEM_BYTES)
            + " left to the system");
  }
}
