package dev.tonnage.model;

import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Shape;

/**
 * What makes keys and values of latents, taken apart: files have a matrix of both, or these.
 *
 * @param joined [heads · (plain + value), latent]
 */
record LatentMatrices(TinyWeight joined, int heads, int plain, int value) {

  /** Turned: [heads, latent, plain]. */
  TinyWeight keys(String name, DType type) {
    int latent = latent();
    float[] all = joined.values();
    float[] keys = new float[heads * latent * plain];
    for (int head = 0; head < heads; head++) {
      for (int c = 0; c < latent; c++) {
        for (int n = 0; n < plain; n++) {
          keys[(head * latent + c) * plain + n] = all[(head * (plain + value) + n) * latent + c];
        }
      }
    }
    return TinyWeight.of(name, type, Shape.of(heads, latent, plain), keys);
  }

  /** [heads, value, latent]. */
  TinyWeight values(String name, DType type) {
    int latent = latent();
    float[] all = joined.values();
    float[] values = new float[heads * value * latent];
    for (int head = 0; head < heads; head++) {
      int from = (head * (plain + value) + plain) * latent;
      System.arraycopy(all, from, values, head * value * latent, value * latent);
    }
    return TinyWeight.of(name, type, Shape.of(heads, value, latent), values);
  }

  private int latent() {
    return Math.toIntExact(joined.shape().columns());
  }
}
