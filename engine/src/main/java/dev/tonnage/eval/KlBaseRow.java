package dev.tonnage.eval;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The base's log-probabilities at one position, in 16 bits each, as {@link KlBaseHeader} says. */
final class KlBaseRow {

  /** Steps from the least to the greatest log-probability. */
  private static final int STEPS = 65535;

  /** What is less likely than the likeliest token by more than this factor's logarithm is least. */
  private static final float RANGE = 16;

  private final ByteBuffer bytes;
  private final int vocabulary;

  /** An empty row, to be filled again and again. */
  KlBaseRow(KlBaseHeader header) {
    this.vocabulary = header.vocabulary();
    this.bytes =
        ByteBuffer.allocate(Math.toIntExact(header.rowBytes())).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The row as it is in a file; whoever fills it fills all. */
  ByteBuffer bytes() {
    return bytes;
  }

  /** Rounds a model's log-probabilities, in single precision as the format's other writer does. */
  void set(LogSoftmax chances) {
    float greatest = chances.greatest();
    float least = Math.max(chances.least(), greatest - RANGE);
    float scale = (greatest - least) / STEPS;
    bytes.putFloat(0, scale);
    bytes.putFloat(Float.BYTES, least - greatest - (float) chances.logSum());
    float perStep = scale == 0 ? 0 : 1 / scale;
    for (int id = 0; id < vocabulary; id++) {
      float above = Math.max(0, chances.logit(id) - least);
      bytes.putShort(offset(id), (short) Math.rint(perStep * above));
    }
  }

  /** Whether scale and least log-probability are such as a model's can be. */
  boolean plausible() {
    return scale() >= 0 && Float.isFinite(scale()) && Float.isFinite(least());
  }

  private float scale() {
    return bytes.getFloat(0);
  }

  private float least() {
    return bytes.getFloat(Float.BYTES);
  }

  /** A token's log-probability. */
  float logProbability(int id) {
    return scale() * Short.toUnsignedInt(bytes.getShort(offset(id))) + least();
  }

  private static int offset(int id) {
    return KlBaseHeader.ROW_HEAD_BYTES + Short.BYTES * id;
  }
}
