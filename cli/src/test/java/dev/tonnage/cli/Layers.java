package dev.tonnage.cli;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which class may know which. The order of the packages is the only input. */
final class Layers {

  /**
   * That a class names another, or a member of it.
   *
   * @param from a class with its package
   * @param to likewise; a field or method comes after a {@code #}
   */
  record Reference(String from, String to) {}

  /**
   * A package imports only from those before it. Packages within belong to their package's level.
   */
  static final List<String> ORDER =
      List.of(
          "error",
          "os",
          "tensor",
          "kernel",
          "file",
          "text",
          "cache",
          "nn",
          "model",
          "plan",
          "sample",
          "session",
          "calibrate",
          "eval",
          "cli");

  private static final String ROOT = "dev.tonnage.";

  /** What belongs to programs and not to a library. */
  private static final Set<String> PROGRAMS_ALONE =
      Set.of(
          "java.lang.System#out",
          "java.lang.System#err",
          "java.lang.System#exit",
          "java.lang.Runtime#exit",
          "java.lang.Runtime#halt",
          "java.lang.Throwable#printStackTrace");

  private Layers() {}

  /** What is wrong with a reference, if anything is. */
  static Optional<String> violation(Reference reference) {
    String from = packageOf(reference.from());
    String to = reference.to();
    if (to.startsWith("jdk.incubator.vector.") && !from.equals("kernel.vector")) {
      return Optional.of("only kernel.vector knows the Vector API");
    }
    if (to.matches("java\\.lang\\.foreign\\.Linker\\b.*") && !level(from).equals("os")) {
      return Optional.of("only os calls into the system");
    }
    if (PROGRAMS_ALONE.contains(to) && !level(from).equals("cli")) {
      return Optional.of("a library does not talk to the terminal or end the process");
    }
    return to.startsWith(ROOT) ? between(reference.from(), from, packageOf(to)) : Optional.empty();
  }

  private static Optional<String> between(String fromClass, String from, String to) {
    int lower = ORDER.indexOf(level(to));
    int upper = ORDER.indexOf(level(from));
    if (upper < 0 || lower < 0) {
      return Optional.of("the order of packages does not name it");
    }
    if (lower > upper) {
      return Optional.of(level(to) + " comes after " + level(from));
    }
    if (to.startsWith("kernel.") && !from.equals(to) && !mayKnowLevel(fromClass, from, to)) {
      return Optional.of("only kernel.KernelChoice knows " + to);
    }
    return Optional.empty();
  }

  /**
   * Ways to compute are interchangeable: one place chooses, by what another finds out. Among
   * themselves they know the scalar one, which says how a format's bits lie and does what has no
   * faster way; those that write machine code share how code is written.
   */
  private static boolean mayKnowLevel(String fromClass, String from, String to) {
    return outermost(fromClass).equals(ROOT + "kernel.KernelChoice")
        || (outermost(fromClass).equals(ROOT + "kernel.Platform") && to.equals("kernel.x86"))
        || (from.startsWith("kernel.") && (to.equals("kernel.scalar") || to.equals("kernel.asm")));
  }

  /** Without the root and the class: {@code kernel.vector}. */
  static String packageOf(String name) {
    String inside = name.replaceFirst("#.*", "").substring(ROOT.length());
    int dot = inside.lastIndexOf('.');
    return dot < 0 ? "" : inside.substring(0, dot);
  }

  /** The first word of a package: {@code kernel}. */
  static String level(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  private static String outermost(String name) {
    int inner = name.indexOf('$');
    return inner < 0 ? name : name.substring(0, inner);
  }
}
