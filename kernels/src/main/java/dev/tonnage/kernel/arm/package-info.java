/**
 * Kernels in machine code for AArch64, written by Java: NEON with dot products of bytes. What comes
 * in: weights as a file has them, and {@link dev.tonnage.kernel.arm.QuantizedActivations}. What
 * goes out: code that takes addresses. Nothing places it yet: on AArch64 the vector level computes.
 * Start at {@link dev.tonnage.kernel.arm.DecodeKernel}.
 */
package dev.tonnage.kernel.arm;
