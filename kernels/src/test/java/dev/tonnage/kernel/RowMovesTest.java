package dev.tonnage.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Shape;
import dev.tonnage.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rows that go elsewhere, through the gate. */
class RowMovesTest {

  private final Arena arena = Arena.ofShared();
  private final Cpu cpu = new Cpu(Samples.VECTOR, 2);
  private final SplittableRandom random = new SplittableRandom(Samples.SEED);

  @AfterEach
  void close() {
    cpu.close();
    arena.close();
  }

  private static void refused(ThrowingCallable call) {
    assertThatIllegalArgumentException().isThrownBy(call);
  }

  private Rows rows(int count, int width) {
    return Samples.rows(arena, count, width, random);
  }

  @Test
  void rowsAreAddedInTheirOrderTimesTheirFactors() {
    for (int width : new int[] {1, 70, 1000}) {
      Rows x = rows(4, width);
      Rows y = rows(3, width);
      float[][] expected = {y.toArray(0), y.toArray(1), y.toArray(2)};
      int[] rows = {2, 0, 2, 2};
      float[] factors = {0.5f, -3, 0.1f, 7};
      for (int i = 0; i < 4; i++) {
        for (int k = 0; k < width; k++) {
          float[] sum = expected[rows[i]];
          sum[k] = Math.fma(factors[i], x.get(i, k), sum[k]);
        }
      }
      cpu.addAt(x, rows, factors, y);
      for (int row = 0; row < 3; row++) {
        assertThat(y.toArray(row)).isEqualTo(expected[row]);
      }
    }
  }

  private Tensor table(int count, int width) {
    MemorySegment data = arena.allocate(4L * count * width, 4);
    for (int i = 0; i < count * width; i++) {
      data.setAtIndex(ValueLayout.JAVA_FLOAT, i, random.nextFloat());
    }
    return new Tensor("table", DType.F32, Shape.of(count, width), data);
  }

  @Test
  void chosenRowsAreAdded() {
    Rows x = rows(4, 71);
    Tensor table = table(3, 71);
    int[] rows = {2, 0, 2, 1};
    float[][] before = {x.toArray(0), x.toArray(1), x.toArray(2), x.toArray(3)};
    cpu.addFrom(x, table, rows);
    for (int i = 0; i < 4; i++) {
      for (int k = 0; k < 71; k++) {
        float added = table.data().getAtIndex(ValueLayout.JAVA_FLOAT, rows[i] * 71 + k);
        assertThat(x.get(i, k)).isEqualTo(before[i][k] + added);
      }
      for (int k = 71; k < x.stride(); k++) {
        assertThat(x.data().getAtIndex(ValueLayout.JAVA_FLOAT, i * x.stride() + k)).isZero();
      }
    }
  }

  private void refusedCopy(Rows x, int from, Rows y, int to, int columns) {
    refused(() -> cpu.copy(List.of(new ColumnCopy(x, from, y, to, columns))));
  }

  @Test
  void columnsAreCopiedToWhereTheyBelong() {
    Rows x = rows(3, 21);
    Rows y = rows(3, 7);
    Rows z = rows(3, 5);
    float[][] before = {y.toArray(0), y.toArray(1), y.toArray(2)};
    cpu.copy(List.of(new ColumnCopy(x, 17, y, 2, 4), new ColumnCopy(x, 3, z, 0, 5)));
    for (int row = 0; row < 3; row++) {
      for (int k = 0; k < 7; k++) {
        float expected = k < 2 || k > 5 ? before[row][k] : x.get(row, 15 + k);
        assertThat(y.get(row, k)).isEqualTo(expected);
      }
      for (int k = 0; k < 5; k++) {
        assertThat(z.get(row, k)).isEqualTo(x.get(row, 3 + k));
      }
    }
  }

  @Test
  void pairsAreTakenApart() {
    Rows pairs = rows(3, 10);
    Rows firsts = rows(3, 5);
    Rows seconds = rows(3, 5);
    cpu.split(pairs, firsts, seconds);
    for (int row = 0; row < 3; row++) {
      for (int i = 0; i < 5; i++) {
        assertThat(firsts.get(row, i)).isEqualTo(pairs.get(row, 2 * i));
        assertThat(seconds.get(row, i)).isEqualTo(pairs.get(row, 2 * i + 1));
      }
    }
    refused(() -> cpu.split(rows(3, 10), rows(3, 5), rows(3, 4)));
    refused(() -> cpu.split(rows(3, 11), rows(3, 5), rows(3, 5)));
    refused(() -> cpu.split(rows(3, 10), rows(2, 5), rows(3, 5)));
  }

  @Test
  void whatIsNotThereIsRefused() {
    refused(() -> cpu.pick(rows(2, 8), new int[] {0, 2}, rows(2, 8)));
    refused(() -> cpu.pick(rows(2, 8), new int[] {0, -1}, rows(2, 8)));
    refused(() -> cpu.pick(rows(2, 8), new int[] {0}, rows(2, 8)));
    refused(() -> cpu.pick(rows(2, 8), new int[] {0}, rows(1, 9)));
    refused(() -> cpu.addFrom(rows(2, 8), table(2, 8), new int[] {0, 2}));
    refused(() -> cpu.addFrom(rows(2, 8), table(2, 8), new int[] {0}));
    refused(() -> cpu.addFrom(rows(2, 8), table(2, 7), new int[] {0, 1}));
    refusedCopy(rows(2, 8), 0, rows(1, 8), 0, 8);
    refusedCopy(rows(2, 8), 1, rows(2, 8), 0, 8);
    refusedCopy(rows(2, 8), 0, rows(2, 8), 7, 2);
    refusedCopy(rows(2, 8), -1, rows(2, 8), 0, 2);
    refusedCopy(rows(2, 8), 0, rows(2, 8), 0, 0);
    refused(() -> cpu.addAt(rows(2, 8), new int[] {0, 3}, new float[2], rows(3, 8)));
    refused(() -> cpu.addAt(rows(2, 8), new int[] {0, 1}, new float[1], rows(3, 8)));
    refused(() -> cpu.addAt(rows(2, 8), new int[] {0}, new float[2], rows(3, 8)));
    refused(() -> cpu.addAt(rows(2, 8), new int[] {0, 1}, new float[2], rows(3, 7)));
  }
}
