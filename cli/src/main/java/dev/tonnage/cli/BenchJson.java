package dev.tonnage.cli;

/** An array with an object for each test. */
final class BenchJson implements BenchOutput {

  private final Terminal terminal;
  private String before = "[\n";

  BenchJson(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void print(BenchRow row) {
    terminal.out().print(before + Json.pretty(row.fields()));
    terminal.out().flush();
    before = ",\n";
  }

  @Override
  public void close() {
    terminal.out().println(before.startsWith("[") ? "[]" : "\n]");
    terminal.out().flush();
  }
}
