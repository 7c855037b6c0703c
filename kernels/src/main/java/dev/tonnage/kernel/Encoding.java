package dev.tonnage.kernel;

import dev.tonnage.tensor.Rows;

/**
 * Rows that go into a cache.
 *
 * @param x [n, heads · width]
 * @param place where a head's numbers go
 */
record Encoding(Rows x, CacheFormat format, int width, Place place) {

  /** Address of a position's numbers of a head. */
  @FunctionalInterface
  interface Place {
    long of(int position, int head);
  }

  void run(int row, int heads, int position) {
    long from = x.data().address() + row * 4L * x.stride();
    for (int head = 0; head < heads; head++) {
      format.encode(from + 4L * head * width, width, place.of(position, head));
    }
  }
}
