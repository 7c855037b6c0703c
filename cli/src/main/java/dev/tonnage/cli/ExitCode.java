package dev.tonnage.cli;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.BadRequest;
import dev.tonnage.error.DoesNotFit;
import dev.tonnage.error.StorageFailure;
import dev.tonnage.error.TonnageException;
import dev.tonnage.error.UnsupportedModel;

/** What the program ends with. Documented in docs/commands.md. */
enum ExitCode {
  SUCCESS(0),
  /** Our own mistake. */
  BUG(1),
  /** A wrong command line, or a request that cannot be met. */
  USAGE(2),
  /** A file that is damaged or of another format. */
  BAD_FILE(3),
  /** A model that asks for what is not done here. */
  UNSUPPORTED(4),
  /** More memory than there is. */
  DOES_NOT_FIT(5),
  /** The file system failed. */
  STORAGE(6),
  /** Ctrl-C, as shells report it. */
  INTERRUPTED(130),
  /** Whoever read the output went away, as shells report it. */
  BROKEN_PIPE(141);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  static ExitCode of(TonnageException error) {
    return switch (error) {
      case BadFile _ -> BAD_FILE;
      case BadRequest _ -> USAGE;
      case DoesNotFit _ -> DOES_NOT_FIT;
      case StorageFailure _ -> STORAGE;
      case UnsupportedModel _ -> UNSUPPORTED;
    };
  }
}
