package dev.tonnage.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tonnage.tensor.Rows;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Decoded weights times prompt tokens, at the vector level against its scalar twin. */
@Tag("width")
class PromptTileTest {

  private static final float UNTOUCHED = -7.5e33f;

  private final Arena arena = Arena.ofConfined();
  private final SplittableRandom random = new SplittableRandom(Samples.SEED);

  @AfterEach
  void close() {
    arena.close();
  }

  /** What a level makes of w [rows, width] and x [tokens, width], with a wider stride. */
  private float[] multiply(Kernels level, Rows w, Rows x) {
    int stride = w.count() + 3;
    MemorySegment y = arena.allocate(4L * stride * x.count(), 64);
    for (long k = 0; k < (long) stride * x.count(); k++) {
      y.setAtIndex(ValueLayout.JAVA_FLOAT, k, UNTOUCHED);
    }
    level.multiplyTile(
        w.data().address(),
        w.count(),
        w.stride(),
        x.data().address(),
        x.count(),
        y.address(),
        4L * stride);
    return y.toArray(ValueLayout.JAVA_FLOAT);
  }

  @Test
  void everySmallTileEqualsTheScalarTwin() {
    for (int rows = 1; rows <= 9; rows++) {
      for (int tokens = 1; tokens <= 13; tokens++) {
        check(rows, tokens, 1 + random.nextInt(300));
      }
    }
  }

  @Test
  void longRowsEqualTheScalarTwin() {
    check(7, 5, 4098);
    check(64, 33, 1024);
  }

  private void check(int rows, int tokens, int width) {
    Rows w = Samples.rows(arena, rows, width, random);
    Rows x = Samples.rows(arena, tokens, width, random);
    float[] found = multiply(Samples.VECTOR, w, x);
    float[] expected = multiply(Samples.SCALAR, w, x);
    for (int t = 0; t < tokens; t++) {
      float[] token = x.toArray(t);
      for (int r = 0; r < rows; r++) {
        double magnitude = 0;
        for (int k = 0; k < width; k++) {
          magnitude += Math.abs((double) w.get(r, k) * token[k]);
        }
        int at = t * (rows + 3) + r;
        assertThat((double) found[at])
            .as("[%d, %d] of %dx%d, width %d, seed %d", t, r, tokens, rows, width, Samples.SEED)
            .isCloseTo(expected[at], within(Tolerance.ofSum(w.stride(), magnitude)));
      }
      for (int beyond = rows; beyond < rows + 3; beyond++) {
        assertThat(found[t * (rows + 3) + beyond]).isEqualTo(UNTOUCHED);
      }
    }
  }

  @Test
  void aResultIsTheSameBitsInAnyTile() {
    int width = 200;
    Rows w = Samples.rows(arena, 11, width, random);
    Rows x = Samples.rows(arena, 14, width, random);
    float[] whole = multiply(Samples.VECTOR, w, x);
    for (int r = 0; r < w.count(); r++) {
      for (int t = 0; t < x.count(); t++) {
        float alone = multiply(Samples.VECTOR, w.slice(r, 1), x.slice(t, 1))[0];
        assertThat(Float.floatToRawIntBits(alone))
            .as("row %d, token %d, seed %d", r, t, Samples.SEED)
            .isEqualTo(Float.floatToRawIntBits(whole[t * (w.count() + 3) + r]));
      }
    }
  }

  @Test
  void whatIsExactInAnyOrderIsEqualToTheBit() {
    Rows w = Samples.rows(arena, 13, 777);
    Rows x = Samples.rows(arena, 9, 777);
    for (Rows rows : new Rows[] {w, x}) {
      for (int row = 0; row < rows.count(); row++) {
        for (int k = 0; k < rows.width(); k++) {
          rows.set(row, k, random.nextInt(-64, 65));
        }
      }
    }
    assertThat(multiply(Samples.VECTOR, w, x)).isEqualTo(multiply(Samples.SCALAR, w, x));
  }

  @Test
  void nothingBesideATileIsReadOrWritten() throws IOException {
    try (var weights = new Cliff(64 << 10);
        var tokens = new Cliff(64 << 10);
        var results = new Cliff(64 << 10)) {
      for (int rows = 1; rows <= 6; rows++) {
        for (int count = 1; count <= 9; count++) {
          Rows w = Samples.rows(arena, rows, 100, random);
          Rows x = Samples.rows(arena, count, 100, random);
          MemorySegment y = results.last(4L * rows * count);
          Samples.VECTOR.multiplyTile(
              weights.last(w.data()).address(),
              rows,
              w.stride(),
              tokens.last(x.data()).address(),
              count,
              y.address(),
              4L * rows);
          float[] expected = multiply(Samples.VECTOR, w, x);
          for (int t = 0; t < count; t++) {
            for (int r = 0; r < rows; r++) {
              assertThat(y.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, (long) t * rows + r))
                  .isEqualTo(expected[t * (rows + 3) + r]);
            }
          }
        }
      }
      assertThat(results.untouchedBefore(4L * 6 * 9)).isTrue();
    }
  }
}
