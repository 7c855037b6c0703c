package dev.tonnage.cli;

/** A form of the results; a row is printed as soon as it is there. */
sealed interface BenchOutput extends AutoCloseable permits BenchTable, BenchCsv, BenchJson {

  /** Prints a test's result. */
  void print(BenchRow row);

  /** Prints what comes last. */
  @Override
  void close();
}
