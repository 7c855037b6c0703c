/**
 * The parts that papers describe, each a small class that loads its tensors in its constructor and
 * computes only through {@link dev.tonnage.kernel.Compute}. What comes in: a {@link
 * dev.tonnage.nn.Weights} to take tensors from, then a {@link dev.tonnage.nn.Step}'s activations.
 * What goes out: activations in the caller's workspace. Start at any; {@link
 * dev.tonnage.nn.GroupedAttention} uses most of the others.
 */
package dev.tonnage.nn;
