package dev.tonnage.cli;

import dev.tonnage.error.StorageFailure;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where the program's words go: standard output for results and nothing else, standard error for
 * everything else, both UTF-8 whatever the locale.
 */
final class Terminal {

  /**
   * The launcher keeps what the JVM itself says while starting away from standard error, and hands
   * the real one over as the file descriptor whose number is here.
   */
  private static final String ERROR_PROPERTY = "tonnage.stderr";

  /** Set by the launcher where standard error is a terminal. */
  private static final String TERMINAL_PROPERTY = "tonnage.terminal";

  /** Set by the launcher where standard output is one. */
  private static final String OUTPUT_TERMINAL_PROPERTY = "tonnage.output.terminal";

  private final InputStream in;
  private final PrintStream out;
  private final PrintStream error;
  private final boolean interactive;
  private final boolean outputInteractive;
  private boolean progressShown;

  /** Streams that nobody watches, for tests. */
  Terminal(InputStream in, PrintStream out, PrintStream error) {
    this(in, out, error, false, false);
  }

  private Terminal(
      InputStream in,
      PrintStream out,
      PrintStream error,
      boolean interactive,
      boolean outputInteractive) {
    this.in = in;
    this.out = out;
    this.error = error;
    this.interactive = interactive;
    this.outputInteractive = outputInteractive;
  }

  /** The process's own. */
  static Terminal system() {
    var out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    return new Terminal(
        new FileInputStream(FileDescriptor.in),
        out,
        standardError(),
        Boolean.getBoolean(TERMINAL_PROPERTY),
        Boolean.getBoolean(OUTPUT_TERMINAL_PROPERTY));
  }

  private static PrintStream standardError() {
    var error =
        new PrintStream(new FileOutputStream(errorDescriptor()), true, StandardCharsets.UTF_8);
    System.setErr(error);
    return error;
  }

  /**
   * Opening /dev/fd/3 instead would give a regular file a second position, and what the shell's
   * next command says would overwrite ours. The jar's manifest opens java.io for this.
   */
  private static FileDescriptor errorDescriptor() {
    Integer number = Integer.getInteger(ERROR_PROPERTY);
    if (number == null) {
      return FileDescriptor.err;
    }
    try {
      var constructor = FileDescriptor.class.getDeclaredConstructor(int.class);
      constructor.setAccessible(true);
      return constructor.newInstance(number);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a JDK whose file descriptors are made otherwise", e);
    }
  }

  /** Results. Not flushed by itself. */
  PrintStream out() {
    return out;
  }

  /** Everything else. */
  PrintStream error() {
    return error;
  }

  /** Ends a text on standard output, where a terminal's next line should not stick to it. */
  void endOfText() {
    if (outputInteractive) {
      out.println();
    }
    out.flush();
  }

  /** Whether somebody watches standard error. */
  boolean interactive() {
    return interactive;
  }

  /** Shows how far something is, where somebody watches; the next progress takes its place. */
  void progress(String text) {
    if (interactive) {
      error.print("\r\u001b[K" + text);
      error.flush();
      progressShown = true;
    }
  }

  /** Wipes the progress off. */
  void clearProgress() {
    if (progressShown) {
      error.print("\r\u001b[K");
      error.flush();
      progressShown = false;
    }
  }

  /** A text from a file in one line, with nothing in it that moves a terminal's cursor. */
  static String printable(String text) {
    return text.replace("\n", "\\n").replaceAll("\\p{gc=Cc}", "?");
  }

  /** All of standard input, as UTF-8. */
  String readInput() {
    try {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new StorageFailure(
          "standard input: cannot be read (" + e + "); check where it is from", e);
    }
  }
}
