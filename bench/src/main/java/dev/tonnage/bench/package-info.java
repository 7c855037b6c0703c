/**
 * How fast the kernels are: JMH benchmarks, never shipped. What comes in: a level of kernels and
 * made-up weights. What goes out: bytes and multiply-adds a nanosecond. Start at {@link
 * dev.tonnage.bench.DotBench}.
 */
package dev.tonnage.bench;
