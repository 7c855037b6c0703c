package dev.tonnage.kernel;

import dev.tonnage.tensor.Rows;

/**
 * What {@link Compute#attend} was asked for, its bounds checked.
 *
 * @param q [n, heads · group · keyWidth]
 * @param firstPosition of row 0; row i sees positions up to {@code firstPosition + i}
 * @param rule how far back it sees, and how it weighs
 * @param out [n, heads · group · valueWidth]
 * @param group query heads that share a key/value head
 */
public record AttentionCall(
    Rows q, CacheSpan span, int firstPosition, AttentionRule rule, Rows out, int group) {}
