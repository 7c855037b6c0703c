package dev.tonnage.cli;

import java.util.Map;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvSchema;

/** A line a test, and one before all with the names; a list's numbers stand between semicolons. */
final class BenchCsv implements BenchOutput {

  private static final CsvMapper MAPPER = new CsvMapper();

  private final Terminal terminal;
  private boolean begun;

  BenchCsv(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void print(BenchRow row) {
    Map<String, Object> fields = row.fields();
    CsvSchema.Builder columns = CsvSchema.builder();
    fields.keySet().forEach(columns::addColumn);
    CsvSchema schema = begun ? columns.build() : columns.build().withHeader();
    begun = true;
    terminal.out().print(MAPPER.writer(schema).writeValueAsString(fields));
    terminal.out().flush();
  }

  @Override
  public void close() {} // nothing comes last
}
