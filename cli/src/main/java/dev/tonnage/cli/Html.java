package dev.tonnage.cli;

/** Text in pages. */
final class Html {

  private Html() {}

  /** A text as it is, also where it looks like markup. */
  static String escaped(String text) {
    return Terminal.printable(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("'", "&#39;")
        .replace("\"", "&quot;");
  }
}
