/**
 * Kernels in machine code for x86-64, written by Java when it starts: AVX-512 with VNNI, and AVX2.
 * What comes in: a processor's {@link dev.tonnage.kernel.x86.CpuFeatures}. What goes out: code that
 * takes addresses. Start at {@link dev.tonnage.kernel.x86.CpuFeatures}.
 */
package dev.tonnage.kernel.x86;
