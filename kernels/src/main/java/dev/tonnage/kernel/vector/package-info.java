/**
 * The kernels in the Vector API, for any CPU and any system, in vectors of 128 to 512 bits. Each
 * equals its scalar twin within a tolerance derived from length and magnitude; decoding equals it
 * bit for bit. Start at {@link dev.tonnage.kernel.vector.VectorKernels}.
 *
 * <p>Every sum goes over lanes in a fixed order written here: the API's own reductions may differ
 * between interpreted and compiled code, and results must not.
 */
package dev.tonnage.kernel.vector;
