package dev.tonnage.sample;

import java.util.Arrays;

/**
 * Ids by a key, the greatest first, among equal keys the lowest id. A binary heap: only as many are
 * put in order as are taken, and no logits, however they were made up, take longer than n log n.
 */
final class Ranking {

  private double[] keys = {};
  private int[] ids = {};
  private int size;

  void clear() {
    size = 0;
  }

  int size() {
    return size;
  }

  double firstKey() {
    return keys[0];
  }

  int firstId() {
    return ids[0];
  }

  void add(double key, int id) {
    if (size == keys.length) {
      int capacity = Math.max(64, 2 * size);
      keys = Arrays.copyOf(keys, capacity);
      ids = Arrays.copyOf(ids, capacity);
    }
    int at = size++;
    while (at > 0) {
      int parent = (at - 1) / 2;
      if (!precedes(key, id, parent)) {
        break;
      }
      keys[at] = keys[parent];
      ids[at] = ids[parent];
      at = parent;
    }
    keys[at] = key;
    ids[at] = id;
  }

  void removeFirst() {
    size--;
    sink(keys[size], ids[size]);
  }

  /** As if the first were removed and this one added. */
  void replaceFirst(double key, int id) {
    sink(key, id);
  }

  /** From the top to where it belongs. */
  private void sink(double key, int id) {
    int at = 0;
    for (int child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && precedes(keys[child + 1], ids[child + 1], child)) {
        child++;
      }
      if (precedes(key, id, child)) {
        break;
      }
      keys[at] = keys[child];
      ids[at] = ids[child];
      at = child;
    }
    keys[at] = key;
    ids[at] = id;
  }

  private boolean precedes(double key, int id, int other) {
    return key > keys[other] || (key == keys[other] && id < ids[other]);
  }
}
