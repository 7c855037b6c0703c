package dev.tonnage.eval;

/**
 * Where a share lies with 95% confidence.
 *
 * @param low from 0
 * @param high to 1
 */
public record Interval(double low, double high) {}
