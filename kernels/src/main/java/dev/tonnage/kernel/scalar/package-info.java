/**
 * The specification: every kernel in plain Java, one number at a time, with sums in double
 * precision. Faster levels are compared with it, and it runs where nothing else can. Start at
 * {@link dev.tonnage.kernel.scalar.ScalarKernels}.
 */
package dev.tonnage.kernel.scalar;
