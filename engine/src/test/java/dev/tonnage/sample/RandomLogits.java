package dev.tonnage.sample;

import java.util.SplittableRandom;

/** Logits with everything that makes stages stumble; at least one is a number. */
final class RandomLogits {

  private RandomLogits() {}

  /** Of a vocabulary of one to forty tokens. */
  static float[] draw(SplittableRandom random) {
    return draw(random, random.nextInt(1, 41));
  }

  static float[] draw(SplittableRandom random, int vocabulary) {
    float[] logits = new float[vocabulary];
    int kind = random.nextInt(7);
    for (int id = 0; id < vocabulary; id++) {
      logits[id] =
          switch (kind) {
            case 0 -> (float) random.nextGaussian(0, 4);
            case 1 -> random.nextInt(-3, 4); // ties
            case 2 -> 2.5f;
            case 3 -> random.nextBoolean() ? -0f : 0f;
            case 4 -> (float) random.nextGaussian(0, 1e-3);
            case 5 -> random.nextBoolean() ? Float.MAX_VALUE : -Float.MAX_VALUE;
            default ->
                switch (random.nextInt(4)) {
                  case 0 -> Float.NaN;
                  case 1 -> Float.NEGATIVE_INFINITY;
                  default -> (float) random.nextGaussian(0, 1e3);
                };
          };
    }
    logits[random.nextInt(vocabulary)] = random.nextInt(4);
    return logits;
  }
}
