package dev.tonnage.cli;

import java.util.stream.DoubleStream;

/**
 * Several measurements of the same.
 *
 * @param mean their mean; NaN where one is not known, or there are none
 * @param deviation their standard deviation, as of a sample; 0 for a single one
 */
record Spread(double mean, double deviation) {

  static Spread of(DoubleStream values) {
    double[] all = values.toArray();
    double mean = DoubleStream.of(all).sum() / all.length;
    double squares = DoubleStream.of(all).map(x -> (x - mean) * (x - mean)).sum();
    return new Spread(mean, all.length == 1 ? 0 : Math.sqrt(squares / (all.length - 1)));
  }
}
