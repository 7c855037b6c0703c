package dev.tonnage.kernel.x86;

/** An operand that is a register or in memory. */
sealed interface Rm permits Vec, Mem {}
