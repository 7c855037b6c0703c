package dev.tonnage.cli;

import picocli.CommandLine.Model.CommandSpec;

/**
 * A command of the program. What may be said to it is built, not annotated: reading annotations
 * takes longer than everything else before the first token (docs/decisions/0004-start.md).
 */
interface Command {

  /** The word that names it. */
  String name();

  /** A sentence a line. */
  String[] description();

  /** Adds its options and parameters; after the command line was read they have values. */
  void addTo(CommandSpec command);

  /**
   * Does it.
   *
   * @throws dev.tonnage.error.TonnageException if it cannot be done
   */
  ExitCode run();
}
