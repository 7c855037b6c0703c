package dev.tonnage.kernel.vector;

import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.CacheFormat;

/**
 * A cache's format at this level: read with vectors, written as the specification does, for a
 * number is written once and read with every later token.
 */
record VectorCache(BlockFormat reader, CacheFormat writer) implements CacheFormat {

  @Override
  public boolean roundsFactors() {
    return writer.roundsFactors();
  }

  @Override
  public void encode(long x, int elements, long blocks) {
    writer.encode(x, elements, blocks);
  }

  @Override
  public void decode(long blocks, int elements, long out, long scratch) {
    reader.decode(blocks, elements, out, scratch);
  }

  @Override
  public float dot(long blocks, int elements, long x, long scratch) {
    return reader.dot(blocks, elements, x, scratch);
  }
}
