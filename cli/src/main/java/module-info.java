/** The program {@code tonnage}. */
module dev.tonnage.cli {
  requires dev.tonnage.engine;
  requires info.picocli;
  requires tools.jackson.databind;
  requires tools.jackson.dataformat.csv;

  opens dev.tonnage.cli to
      tools.jackson.databind;
}
