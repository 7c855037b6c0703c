package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.CacheSpan;
import dev.tonnage.kernel.asm.CodeFamily;
import dev.tonnage.kernel.asm.CodeShelf;
import dev.tonnage.kernel.x86.Vec.Width;
import dev.tonnage.tensor.DType;
import java.util.Locale;

/** The code for attention over caches of one shape. */
final class AttentionCode {

  /**
   * What code depends on.
   *
   * @param keyWidth numbers of a key
   * @param valueWidth numbers of a value
   */
  record Shape(DType keyType, int keyWidth, DType valueType, int valueWidth) {

    static Shape of(CacheSpan span) {
      return new Shape(span.keyType(), span.keyWidth(), span.valueType(), span.valueWidth());
    }

    boolean hasCode() {
      return CacheRows.supports(keyType, keyWidth) && CacheRows.supports(valueType, valueWidth);
    }
  }

  private final Width width;

  /** Keys of a block to floats, see {@link CacheRows}. */
  final CodeFamily keys;

  /** Values of a block to floats. */
  final CodeFamily values;

  final CodeFamily turn;

  /** By the queries of a group. */
  final CodeFamily block;

  final CodeFamily merge;
  final CodeFamily finish;

  /** Queries of a group at most. */
  final int queries;

  AttentionCode(Shape shape, Width width, CodeShelf shelf) {
    int lines = shape.valueWidth() / 16;
    this.width = width;
    this.keys = rows(shape.keyType(), shape.keyWidth(), shelf);
    this.values = rows(shape.valueType(), shape.valueWidth(), shelf);
    this.turn =
        new CodeFamily(
            shelf, "turn-" + shape.keyWidth(), 1, _ -> TurnKeys.code(shape.keyWidth(), width));
    boolean wide = width == Width.ZMM;
    this.queries = wide ? AttendBlock512.MOST_QUERIES : AttendBlock256.MOST_QUERIES;
    this.block =
        new CodeFamily(
            shelf, "attend", queries + 1, wide ? AttendBlock512::code : AttendBlock256::code);
    this.merge = new CodeFamily(shelf, "merge-" + lines, 1, _ -> MergeAttention.code(lines, width));
    this.finish =
        new CodeFamily(shelf, "finish-" + lines, 1, _ -> FinishAttention.code(lines, width));
  }

  private CodeFamily rows(DType type, int numbers, CodeShelf shelf) {
    String name = "cache-" + type.name().toLowerCase(Locale.ROOT) + "-" + numbers;
    return new CodeFamily(shelf, name, 1, _ -> CacheRows.code(type, numbers, width));
  }
}
