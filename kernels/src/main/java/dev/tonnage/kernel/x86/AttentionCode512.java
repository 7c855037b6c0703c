package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.CacheSpan;
import dev.tonnage.kernel.asm.CodeFamily;
import dev.tonnage.kernel.asm.CodeShelf;
import dev.tonnage.tensor.DType;
import java.util.Locale;

/** The code for attention over caches of one shape. */
final class AttentionCode512 {

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
      return CacheRows512.supports(keyType, keyWidth)
          && CacheRows512.supports(valueType, valueWidth);
    }
  }

  /** Keys of a block to floats, see {@link CacheRows512}. */
  final CodeFamily keys;

  /** Values of a block to floats. */
  final CodeFamily values;

  final CodeFamily turn;

  /** By the queries of a group. */
  final CodeFamily block;

  final CodeFamily merge;
  final CodeFamily finish;

  AttentionCode512(Shape shape, CodeShelf shelf) {
    int vectors = shape.valueWidth() / 16;
    this.keys = rows(shape.keyType(), shape.keyWidth(), shelf);
    this.values = rows(shape.valueType(), shape.valueWidth(), shelf);
    this.turn =
        new CodeFamily(
            shelf, "turn-" + shape.keyWidth(), 1, _ -> TurnKeys512.code(shape.keyWidth()));
    this.block =
        new CodeFamily(shelf, "attend", AttendBlock512.MOST_QUERIES + 1, AttendBlock512::code);
    this.merge = new CodeFamily(shelf, "merge-" + vectors, 1, _ -> MergeAttention512.code(vectors));
    this.finish =
        new CodeFamily(shelf, "finish-" + vectors, 1, _ -> FinishAttention512.code(vectors));
  }

  private static CodeFamily rows(DType type, int width, CodeShelf shelf) {
    String name = "cache-" + type.name().toLowerCase(Locale.ROOT) + "-" + width;
    return new CodeFamily(shelf, name, 1, _ -> CacheRows512.code(type, width));
  }
}
