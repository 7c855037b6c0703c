package dev.tonnage.calibrate;

import java.util.Arrays;

/** How long something takes. */
final class Times {

  private Times() {}

  /** Does something until the JVM has compiled it, or so long that it will have. */
  static void warmUp(double seconds, Runnable work) {
    long end = System.nanoTime() + Math.round(seconds * 1e9);
    do {
      work.run();
    } while (System.nanoTime() < end);
  }

  /** The median in seconds of some times, after one that does not count. */
  static double median(int repetitions, Runnable work) {
    work.run();
    double[] seconds = new double[repetitions];
    for (int i = 0; i < repetitions; i++) {
      seconds[i] = seconds(work);
    }
    Arrays.sort(seconds);
    return seconds[repetitions / 2];
  }

  /** Of once. */
  static double seconds(Runnable work) {
    long begin = System.nanoTime();
    work.run();
    return (System.nanoTime() - begin) / 1e9;
  }
}
