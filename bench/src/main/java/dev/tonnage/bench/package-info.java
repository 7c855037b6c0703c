/**
 * How fast the kernels and the sampler are: JMH benchmarks, never shipped. What comes in: a level
 * of kernels and made-up weights, or made-up logits. What goes out: bytes and multiply-adds a
 * nanosecond, or microseconds a token. Start at {@link dev.tonnage.bench.DotBench}.
 */
package dev.tonnage.bench;
