package dev.tonnage.sample;

import java.util.Arrays;

/**
 * The tokens that may still be drawn, with their logits. Sorted ones come greatest first, equal
 * logits in the order of ids, so that every stage is deterministic.
 */
final class Candidates {

  private final int[] ids;
  private final float[] logits;
  private int size;

  Candidates(int vocabulary) {
    ids = new int[vocabulary];
    logits = new float[vocabulary];
  }

  /** Starts over with every token of a vocabulary. */
  void reset(float[] all) {
    size = all.length;
    System.arraycopy(all, 0, logits, 0, size);
    for (int i = 0; i < size; i++) {
      ids[i] = i;
    }
  }

  int size() {
    return size;
  }

  int id(int index) {
    return ids[index];
  }

  float logit(int index) {
    return logits[index];
  }

  /** Keeps the first; the rest can no longer be drawn. */
  void truncate(int keep) {
    size = Math.min(size, keep);
  }

  /** Keeps those whose logit is at least this, in their order. */
  void keepAtLeast(float least) {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (logits[i] >= least) {
        ids[kept] = ids[i];
        logits[kept++] = logits[i];
      }
    }
    size = kept;
  }

  /** Sorts the greatest {@code count} to the front and drops the others. */
  void keepGreatest(int count) {
    int keep = Math.min(count, size);
    long[] keys = new long[size];
    for (int i = 0; i < size; i++) {
      keys[i] = key(logits[i], ids[i]);
    }
    if (keep < size) {
      partition(keys, keep);
    }
    Arrays.sort(keys, 0, keep);
    float[] byId = new float[keep];
    for (int i = 0; i < keep; i++) {
      ids[i] = (int) keys[i];
      byId[i] = fromOrdered((int) ~(keys[i] >>> 32));
    }
    System.arraycopy(byId, 0, logits, 0, keep);
    size = keep;
  }

  /** Ascending keys are descending logits, then ascending ids. */
  private static long key(float logit, int id) {
    return ((long) ~ordered(logit) << 32) | id;
  }

  /** Floats to integers of the same order. */
  private static int ordered(float value) {
    int bits = Float.floatToRawIntBits(value + 0f); // -0 becomes 0, which is its equal
    return bits ^ ((bits >> 31) & 0x7fff_ffff);
  }

  private static float fromOrdered(int ordered) {
    return Float.intBitsToFloat(ordered ^ ((ordered >> 31) & 0x7fff_ffff));
  }

  /** Hoare's selection: the least {@code count} keys come first, in any order. */
  private static void partition(long[] keys, int count) {
    int low = 0;
    int high = keys.length - 1;
    while (low < high) {
      long pivot = keys[(low + high) >>> 1];
      int i = low;
      int j = high;
      while (i <= j) {
        while (keys[i] < pivot) {
          i++;
        }
        while (keys[j] > pivot) {
          j--;
        }
        if (i <= j) {
          long swapped = keys[i];
          keys[i++] = keys[j];
          keys[j--] = swapped;
        }
      }
      if (count - 1 <= j) {
        high = j;
      } else if (count - 1 >= i) {
        low = i;
      } else {
        return;
      }
    }
  }
}
