package dev.tonnage.text;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Unicode's normalization form C (UAX 15) in time that grows with the text. The JDK's normalizer
 * sorts a run of combining marks by insertion: a megabyte of two marks in turn would take minutes.
 * So long runs are decomposed and sorted here first, which changes nothing about the result: it is
 * the same for all canonically equivalent texts.
 */
final class CompositionForm {

  /** Runs up to this length are left to the JDK. */
  private static final int LONG_RUN = 256;

  /** Marks of the lowest and the highest combining class, 1 and 240. */
  private static final int LOWEST = 0x334;

  private static final int HIGHEST = 0x345;

  private CompositionForm() {}

  static String of(String text) {
    return Normalizer.normalize(sortLongRuns(text), Normalizer.Form.NFC);
  }

  private static String sortLongRuns(String text) {
    StringBuilder sorted = new StringBuilder();
    int copied = 0;
    int at = 0;
    while (at < text.length()) {
      int from = at;
      while (at < text.length() && isMark(text.codePointAt(at))) {
        at += Character.charCount(text.codePointAt(at));
      }
      if (at - from > LONG_RUN) {
        sorted.append(text, copied, from).append(sort(text.substring(from, at)));
        copied = at;
      } else if (at == from) {
        at += Character.charCount(text.codePointAt(at));
      }
    }
    return copied == 0 ? text : sorted.append(text, copied, text.length()).toString();
  }

  /** Everything that has a combining class other than 0 is a mark; some marks have class 0. */
  private static boolean isMark(int character) {
    if (character < 0x300) {
      return false;
    }
    return switch (Character.getType(character)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
          true;
      default -> false;
    };
  }

  /** The run decomposed, with every stretch of reordered marks in the order of their classes. */
  private static String sort(String marks) {
    int[] run = decompose(marks);
    Map<Integer, Integer> classes = classes(run);
    long[] keys = new long[run.length];
    int from = 0;
    for (int at = 0; at < run.length; at++) {
      int combiningClass = classes.getOrDefault(run[at], 0);
      if (combiningClass == 0) {
        Arrays.sort(keys, from, at);
        from = at + 1;
      }
      keys[at] = ((long) combiningClass << 32) | at; // the offset keeps equals in their order
    }
    Arrays.sort(keys, from, run.length);
    StringBuilder sorted = new StringBuilder(run.length);
    for (long key : keys) {
      sorted.appendCodePoint(run[(int) key]);
    }
    return sorted.toString();
  }

  private static int[] decompose(String marks) {
    Map<Integer, String> decomposed = new HashMap<>();
    StringBuilder run = new StringBuilder(marks.length());
    for (int at = 0; at < marks.length(); at = marks.offsetByCodePoints(at, 1)) {
      run.append(
          decomposed.computeIfAbsent(
              marks.codePointAt(at), mark -> decompositionOf(Character.toString(mark))));
    }
    return run.codePoints().toArray();
  }

  /** For each mark that is reordered a number that grows with its combining class. */
  private static Map<Integer, Integer> classes(int[] run) {
    List<Integer> marks = new ArrayList<>();
    for (int mark : Arrays.stream(run).distinct().toArray()) {
      if (swaps(mark, LOWEST) || swaps(HIGHEST, mark)) {
        marks.add(mark);
      }
    }
    marks.sort((a, b) -> swaps(a, b) ? 1 : swaps(b, a) ? -1 : 0);
    Map<Integer, Integer> classes = new HashMap<>();
    int combiningClass = 1;
    for (int i = 0; i < marks.size(); i++) {
      if (i > 0 && swaps(marks.get(i), marks.get(i - 1))) {
        combiningClass++;
      }
      classes.put(marks.get(i), combiningClass);
    }
    return classes;
  }

  /** Whether these two change places: the only way in which the JDK tells combining classes. */
  private static boolean swaps(int left, int right) {
    String swapped = Character.toString(right) + Character.toString(left);
    return left != right
        && decompositionOf(Character.toString(left) + Character.toString(right)).equals(swapped);
  }

  private static String decompositionOf(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFD);
  }
}
