/**
 * The operations a model needs, behind one interface: {@link dev.tonnage.kernel.Compute}. What
 * comes in: weights ({@link dev.tonnage.tensor.Tensor}) and activations ({@link
 * dev.tonnage.tensor.Rows}). What goes out: activations.
 *
 * <p>{@link dev.tonnage.kernel.Cpu} is the gate: it checks bounds, splits the work over a {@link
 * dev.tonnage.kernel.Team} and hands addresses to the leaf code of one {@link
 * dev.tonnage.kernel.Level}, chosen once by {@link dev.tonnage.kernel.KernelChoice}. Formats
 * ({@link dev.tonnage.kernel.BlockFormat}) and levels ({@link dev.tonnage.kernel.Kernels}) add up:
 * a new format is a class in each level, a new level is a package. The scalar level is the
 * specification.
 */
package dev.tonnage.kernel;
