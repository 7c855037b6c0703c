package dev.tonnage.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Shapes, weights and rows refuse what they cannot be. */
class TensorTest {

  private final Arena arena = Arena.ofConfined();

  @AfterEach
  void close() {
    arena.close();
  }

  @Test
  void aShapeCountsRowsAndColumns() {
    Shape shape = Shape.of(256, 1024, 4096);
    assertThat(shape.rank()).isEqualTo(3);
    assertThat(shape.extent(0)).isEqualTo(256);
    assertThat(shape.columns()).isEqualTo(4096);
    assertThat(shape.rows()).isEqualTo(256 * 1024);
    assertThat(shape.elements()).isEqualTo(1L << 30);
    assertThat(shape).hasToString("[256, 1024, 4096]").isEqualTo(Shape.of(256, 1024, 4096));
    assertThat(shape).isNotEqualTo(Shape.of(1024, 256, 4096));
    assertThat(shape).hasSameHashCodeAs(Shape.of(256, 1024, 4096));
  }

  @Test
  void aShapeDoesNotChangeWithTheArrayItWasMadeOf() {
    long[] extents = {3, 4};
    Shape shape = Shape.of(extents);
    extents[0] = 9;
    assertThat(shape).isEqualTo(Shape.of(3, 4));
  }

  @Test
  void aShapeThatCannotBeIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(Shape::of);
    assertThatIllegalArgumentException().isThrownBy(() -> Shape.of(4, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> Shape.of(-1, -4));
    assertThatThrownBy(() -> Shape.of(1L << 32, 1L << 31)).isInstanceOf(ArithmeticException.class);
  }

  @Test
  void aTensorHasExactlyItsBytesOffTheHeap() {
    Shape shape = Shape.of(3, 512);
    var tensor = new Tensor("w", DType.Q6_K, shape, arena.allocate(3 * 420));
    assertThat(tensor.rowBytes()).isEqualTo(420);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Tensor("w", DType.Q6_K, shape, arena.allocate(3 * 420 - 1)))
        .withMessageContaining("w: Q6_K [3, 512]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Tensor("w", DType.Q6_K, shape, arena.allocate(3 * 420 + 1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Tensor("w", DType.Q6_K, Shape.of(512, 3), arena.allocate(1260)));
    MemorySegment heap = MemorySegment.ofArray(new byte[3 * 420]);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Tensor("w", DType.Q6_K, shape, heap))
        .withMessageContaining("heap");
  }

  @Test
  void rowsBeginOnLinesAndArePaddedToLines() {
    assertThat(Rows.padded(1)).isEqualTo(16);
    assertThat(Rows.padded(16)).isEqualTo(16);
    assertThat(Rows.padded(17)).isEqualTo(32);
    assertThat(Rows.bytes(3, 17)).isEqualTo(3 * 128);
    assertThat(Rows.bytes(1 << 20, 1 << 20)).isEqualTo(1L << 42);
    assertThatThrownBy(() -> Rows.padded(Integer.MAX_VALUE))
        .isInstanceOf(ArithmeticException.class);
    MemorySegment data = arena.allocate(3 * 128 + 64, 64);
    var rows = new Rows(data.asSlice(0, 384), 3, 17);
    assertThat(rows.stride()).isEqualTo(32);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Rows(data.asSlice(4, 384), 3, 17)); // off a line
    assertThatIllegalArgumentException().isThrownBy(() -> new Rows(data, 3, 17));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Rows(data.asSlice(0, 384).asReadOnly(), 3, 17));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Rows(MemorySegment.ofArray(new byte[384]), 3, 17));
  }

  @Test
  void aSliceOfRowsIsTheSameMemory() {
    var rows = new Rows(arena.allocate(Rows.bytes(4, 5), 64), 4, 5);
    rows.setRow(2, new float[] {1, 2, 3, 4, 5});
    Rows slice = rows.slice(2, 2);
    assertThat(slice.toArray(0)).containsExactly(1, 2, 3, 4, 5);
    slice.set(1, 4, 7);
    assertThat(rows.get(3, 4)).isEqualTo(7);
    assertThatThrownBy(() -> rows.slice(3, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> rows.slice(-1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void aNumberOutsideOfItsRowIsRefused() {
    var rows = new Rows(arena.allocate(Rows.bytes(2, 5), 64), 2, 5);
    for (int[] at : new int[][] {{2, 0}, {-1, 0}, {0, 5}, {0, -1}}) {
      assertThatThrownBy(() -> rows.get(at[0], at[1]))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> rows.set(at[0], at[1], 1))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
    assertThatIllegalArgumentException().isThrownBy(() -> rows.setRow(0, new float[6]));
  }
}
