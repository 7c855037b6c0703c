package dev.tonnage.kernel.arm;

import java.util.List;
import java.util.stream.Stream;

/**
 * Which operands a vector instruction has, the destination first, and of which shapes: all of them
 * follow from the shape of one, which is also the one that the instruction's word tells.
 */
enum Form {
  /** {@code a = b op c}. */
  THREE(Immediate.NONE, 0, Operand.SAME, Operand.SAME, Operand.SAME),
  /** {@code a = op b}. */
  TWO(Immediate.NONE, 0, Operand.SAME, Operand.SAME),
  /** Each lane of 32 bits gets four products of bytes. */
  DOT(Immediate.NONE, 0, Operand.SAME, Operand.BYTES, Operand.BYTES),
  /** The same; c is one group of four bytes for all lanes. */
  DOT_LANE(Immediate.LANE_4B, 0, Operand.SAME, Operand.BYTES, Operand.WHOLE),
  /** {@code a = b op c}, c being one lane for all. */
  LANE(Immediate.LANE, 0, Operand.SAME, Operand.SAME, Operand.WHOLE),
  /** Neighbours of b become one element of a. */
  PAIRS(Immediate.NONE, 1, Operand.PAIRS, Operand.SAME),
  /** Elements become wider: the lower half of b or, with a whole b, the upper. */
  WIDE(Immediate.NONE, 1, Operand.WIDE, Operand.SAME),
  /** The same with two operands. */
  WIDE_THREE(Immediate.NONE, 1, Operand.WIDE, Operand.SAME, Operand.SAME),
  /** The same with a b that is wide already. */
  WIDE_ADD(Immediate.NONE, 2, Operand.WIDE, Operand.WIDE, Operand.SAME),
  /** Elements become wider and are shifted. */
  WIDE_SHIFT(Immediate.LEFT, 1, Operand.WIDE, Operand.SAME),
  /** Elements become narrower: the lower half of a or, with a whole a, the upper. */
  NARROW(Immediate.NONE, 0, Operand.SAME, Operand.WIDE),
  /** Elements are shifted and become narrower. */
  NARROW_SHIFT(Immediate.RIGHT, 0, Operand.SAME, Operand.WIDE),
  /** All lanes of b become one number. */
  ACROSS(Immediate.NONE, 1, Operand.ELEMENT, Operand.SAME),
  /** The same, of twice the width. */
  ACROSS_WIDE(Immediate.NONE, 1, Operand.WIDE_ELEMENT, Operand.SAME),
  SHIFT_RIGHT(Immediate.RIGHT, 0, Operand.SAME, Operand.SAME),
  SHIFT_LEFT(Immediate.LEFT, 0, Operand.SAME, Operand.SAME),
  /** {@code a} = the bytes of b and c from the one with this number on. */
  EXTRACT(Immediate.BYTE, 0, Operand.SAME, Operand.SAME, Operand.SAME),
  /** {@code a} = bytes of b, a whole register, of the numbers that c has. */
  TABLE(Immediate.NONE, 0, Operand.SAME, Operand.WHOLE, Operand.SAME);

  /** What a number in an instruction says. */
  enum Immediate {
    NONE,
    /** How far to the left, 0 and up. */
    LEFT,
    /** How far to the right, 1 and up. */
    RIGHT,
    /** Which lane. */
    LANE,
    /** Which group of four bytes. */
    LANE_4B,
    /** Which byte. */
    BYTE;

    /** The least that there is. */
    int least() {
      return this == RIGHT ? 1 : 0;
    }

    /** The greatest that there is, for the shape that an instruction's word tells. */
    int greatest(Shape key) {
      return switch (this) {
        case NONE -> 0;
        case LEFT -> 8 * key.elementBytes() - 1;
        case RIGHT -> 8 * key.elementBytes();
        case LANE -> 16 / key.elementBytes() - 1;
        case LANE_4B -> 3;
        case BYTE -> key.bytes() - 1;
      };
    }

    /** Its bits in an instruction. */
    int bits(Shape key, int value) {
      int elementBits = 8 * key.elementBytes();
      return switch (this) {
        case NONE -> 0;
        case LEFT -> (elementBits + value) << 16;
        case RIGHT -> (2 * elementBits - value) << 16;
        // the bits H, L and M, as many as there are lanes
        case LANE ->
            switch (key.elementBytes()) {
              case 2 -> ((value >> 2) << 11) | ((value & 3) << 20);
              case 4 -> ((value >> 1) << 11) | ((value & 1) << 21);
              default -> value << 11;
            };
        case LANE_4B -> ((value >> 1) << 11) | ((value & 1) << 21);
        case BYTE -> value << 11;
      };
    }
  }

  /** How the shape of an operand follows from that of another. */
  private enum Operand {
    NONE,
    SAME,
    BYTES,
    WHOLE,
    PAIRS,
    WIDE,
    ELEMENT,
    WIDE_ELEMENT;

    Shape shape(Shape key) {
      return switch (this) {
        case NONE -> throw new IllegalStateException("no operand");
        case SAME -> key;
        case BYTES -> key.asBytes();
        case WHOLE -> key.whole();
        case PAIRS -> key.pairs();
        case WIDE -> key.wide();
        case ELEMENT -> key.element();
        case WIDE_ELEMENT -> key.wide().element();
      };
    }
  }

  private final Immediate immediate;
  private final int key;
  private final Operand a;
  private final Operand b;
  private final Operand c;

  Form(Immediate immediate, int key, Operand a, Operand b) {
    this(immediate, key, a, b, Operand.NONE);
  }

  Form(Immediate immediate, int key, Operand a, Operand b, Operand c) {
    this.immediate = immediate;
    this.key = key;
    this.a = a;
    this.b = b;
    this.c = c;
  }

  Immediate immediate() {
    return immediate;
  }

  /** Which operand's shape the instruction's word tells. */
  int key() {
    return key;
  }

  /** All operands' shapes. */
  List<Shape> shapes(Shape keyShape) {
    return Stream.of(a, b, c)
        .filter(operand -> operand != Operand.NONE)
        .map(operand -> operand.shape(keyShape))
        .toList();
  }
}
