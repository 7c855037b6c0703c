package dev.tonnage.text;

import java.util.Arrays;

/** Ids being collected. */
final class TokenList {

  private int[] ids;
  private int size;

  TokenList(int expected) {
    ids = new int[Math.max(expected, 8)];
  }

  void add(int id) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, Math.addExact(size, size >> 1));
    }
    ids[size++] = id;
  }

  int[] toArray() {
    return Arrays.copyOf(ids, size);
  }
}
