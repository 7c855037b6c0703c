package dev.tonnage.text;

import java.util.Arrays;

/**
 * Joins neighbouring symbols of a text, the best pair first, the leftmost of equals first, until
 * none can be joined: the one loop of both kinds of byte pair encoding (Sennrich, Haddow and Birch
 * 2016; SentencePiece's is the same with scores in place of ranks).
 *
 * <p>Symbols are a linked list over the text's bytes, pairs a heap, so that n bytes without a space
 * cost n·log n. A symbol is known by the offset of its first byte. The object is scratch for one
 * text after another.
 */
final class BestFirstMerge {

  static final int NONE = -1;

  /** Which pairs can be joined, and to what. A join is a number of the tokenizer's own choice. */
  interface Joins {

    /** What two neighbours join to, or {@link #NONE}. */
    int join(BestFirstMerge symbols, int left, int right);

    /** The order of joins: the smallest first. */
    int priority(int join);

    /** The token that a join makes. */
    int result(int join);
  }

  private int end;
  private int lastOffset;
  private int[] token = new int[0];
  private int[] length = new int[0];
  private int[] previous = new int[0];

  /** What a symbol and its right neighbour join to now: pairs in the heap that differ are stale. */
  private int[] joined = new int[0];

  /** Priority in the upper half, offset of the left symbol in the lower: both in one comparison. */
  private long[] heap = new long[0];

  private int heapSize;

  /** Forgets the last text and makes room for another. */
  void clear(int bytes) {
    end = 0;
    heapSize = 0;
    if (token.length < bytes) {
      int capacity = Math.max(64, Math.max(bytes, 2 * Math.min(token.length, 1 << 20)));
      token = new int[capacity];
      length = new int[capacity];
      previous = new int[capacity];
      joined = new int[capacity];
    }
  }

  /** Appends a symbol of some bytes: a token, or {@link #NONE} where there is none for it. */
  void append(int symbolToken, int bytes) {
    token[end] = symbolToken;
    length[end] = bytes;
    previous[end] = end == 0 ? NONE : lastOffset;
    lastOffset = end;
    end += bytes;
  }

  /** Offset behind the last symbol. */
  int end() {
    return end;
  }

  /** The token of a symbol, or {@link #NONE}. */
  int token(int at) {
    return token[at];
  }

  /** Offset of the symbol behind this one, or {@link #end()}. */
  int next(int at) {
    return at + length[at];
  }

  /** Joins until nothing is left to join. */
  void run(Joins joins) {
    for (int at = 0; at < end; at = next(at)) {
      int right = next(at);
      int join = right == end ? NONE : joins.join(this, at, right);
      joined[at] = join;
      if (join != NONE) {
        append(key(joins.priority(join), at));
      }
    }
    for (int i = (heapSize >>> 1) - 1; i >= 0; i--) {
      sink(i, heap[i]);
    }
    while (heapSize > 0) {
      long best = heap[0];
      heapSize--;
      if (heapSize > 0) {
        sink(0, heap[heapSize]);
      }
      int left = (int) best;
      int join = joined[left];
      if (join != NONE && joins.priority(join) == (int) (best >> 32)) {
        merge(joins, left, join);
      }
    }
  }

  private void merge(Joins joins, int left, int join) {
    int right = next(left);
    token[left] = joins.result(join);
    length[left] += length[right];
    joined[right] = NONE;
    int behind = next(left);
    if (behind < end) {
      previous[behind] = left;
      pair(joins, left, behind);
    } else {
      joined[left] = NONE;
    }
    if (left > 0) {
      pair(joins, previous[left], left);
    }
  }

  private void pair(Joins joins, int left, int right) {
    int join = joins.join(this, left, right);
    joined[left] = join;
    if (join != NONE) {
      push(key(joins.priority(join), left));
    }
  }

  private static long key(int priority, int left) {
    return ((long) priority << 32) | left;
  }

  private void append(long key) {
    if (heapSize == heap.length) {
      heap = Arrays.copyOf(heap, Math.max(64, 2 * heapSize));
    }
    heap[heapSize++] = key;
  }

  private void push(long key) {
    append(key);
    int at = heapSize - 1;
    while (at > 0) {
      int parent = (at - 1) >>> 1;
      if (heap[parent] <= key) {
        break;
      }
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = key;
  }

  private void sink(int at, long key) {
    int hole = at;
    for (int child = 2 * hole + 1; child < heapSize; child = 2 * hole + 1) {
      if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
        child++;
      }
      if (key <= heap[child]) {
        break;
      }
      heap[hole] = heap[child];
      hole = child;
    }
    heap[hole] = key;
  }
}
