package dev.tonnage.kernel.arm;

import java.util.Locale;

/** How much of a vector register is used, and as what. */
enum Shape {
  B(1, 1),
  H(2, 1),
  S(4, 1),
  D(8, 1),
  /** The whole register, to be loaded and stored. */
  Q(16, 1),
  B8(1, 8),
  B16(1, 16),
  H4(2, 4),
  H8(2, 8),
  S2(4, 2),
  S4(4, 4),
  D2(8, 2);

  private final int elementBytes;
  private final int lanes;

  Shape(int elementBytes, int lanes) {
    this.elementBytes = elementBytes;
    this.lanes = lanes;
  }

  int elementBytes() {
    return elementBytes;
  }

  /** Bytes of the register that are used. */
  int bytes() {
    return elementBytes * lanes;
  }

  /** Whether it is one number and no vector. */
  boolean isScalar() {
    return lanes == 1;
  }

  /** Two bits of an instruction: the binary logarithm of the elements' bytes. */
  int size() {
    return Integer.numberOfTrailingZeros(elementBytes);
  }

  /** One bit of an instruction: whether the whole register is used. */
  int q() {
    return bytes() / 16;
  }

  /** The letter of one element. */
  Shape element() {
    return switch (elementBytes) {
      case 1 -> B;
      case 2 -> H;
      case 4 -> S;
      case 8 -> D;
      default -> Q;
    };
  }

  /** A whole register of elements like these. */
  Shape whole() {
    return vector(elementBytes, 16);
  }

  /** A whole register of elements twice as wide. */
  Shape wide() {
    return vector(2 * elementBytes, 16);
  }

  /** The same bytes as elements twice as wide. */
  Shape pairs() {
    return vector(2 * elementBytes, bytes());
  }

  /** The same bytes, each an element. */
  Shape asBytes() {
    return vector(1, bytes());
  }

  private static Shape vector(int elementBytes, int bytes) {
    for (Shape shape : values()) {
      if (shape.elementBytes == elementBytes && shape.bytes() == bytes && !shape.isScalar()) {
        return shape;
      }
    }
    throw new IllegalArgumentException(bytes + " bytes as elements of " + elementBytes);
  }

  /** As in an assembler's text: {@code 4s}, or {@code s} of one number. */
  String text() {
    String letter = element().name().toLowerCase(Locale.ROOT);
    return isScalar() ? letter : lanes + letter;
  }
}
