package dev.tonnage.kernel.scalar;

import dev.tonnage.kernel.BlockFormat;
import dev.tonnage.kernel.Memory;

/** A format as its definition says; its dot product is the decoded row's, summed in double. */
interface ScalarFormat extends BlockFormat {

  @Override
  default float dot(long blocks, int elements, long x, long scratch) {
    decode(blocks, elements, scratch, 0);
    double sum = 0;
    for (int k = 0; k < elements; k++) {
      sum += (double) Memory.f32(scratch + 4L * k) * Memory.f32(x + 4L * k);
    }
    return (float) sum;
  }
}
