/**
 * What is computed on: {@link dev.tonnage.tensor.Tensor}, a weight in a mapped file, and {@link
 * dev.tonnage.tensor.Rows}, the 32-bit activations in a {@link dev.tonnage.tensor.Workspace}. Holds
 * no arithmetic. Start at {@link dev.tonnage.tensor.Tensor}.
 */
package dev.tonnage.tensor;
