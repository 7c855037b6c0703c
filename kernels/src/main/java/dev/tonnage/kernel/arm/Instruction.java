package dev.tonnage.kernel.arm;

import static dev.tonnage.kernel.arm.Form.ACROSS;
import static dev.tonnage.kernel.arm.Form.ACROSS_WIDE;
import static dev.tonnage.kernel.arm.Form.DOT;
import static dev.tonnage.kernel.arm.Form.DOT_LANE;
import static dev.tonnage.kernel.arm.Form.EXTRACT;
import static dev.tonnage.kernel.arm.Form.LANE;
import static dev.tonnage.kernel.arm.Form.NARROW;
import static dev.tonnage.kernel.arm.Form.NARROW_SHIFT;
import static dev.tonnage.kernel.arm.Form.PAIRS;
import static dev.tonnage.kernel.arm.Form.SHIFT_LEFT;
import static dev.tonnage.kernel.arm.Form.SHIFT_RIGHT;
import static dev.tonnage.kernel.arm.Form.TABLE;
import static dev.tonnage.kernel.arm.Form.THREE;
import static dev.tonnage.kernel.arm.Form.TWO;
import static dev.tonnage.kernel.arm.Form.WIDE;
import static dev.tonnage.kernel.arm.Form.WIDE_ADD;
import static dev.tonnage.kernel.arm.Form.WIDE_SHIFT;
import static dev.tonnage.kernel.arm.Form.WIDE_THREE;

import dev.tonnage.kernel.arm.Form.Immediate;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The vector instructions that kernels are made of, as the architecture's manual lists them (Arm
 * Architecture Reference Manual for A-profile, DDI 0487, section C7.2): a word in which registers
 * and shapes are zero, and what may be told by the shape.
 */
enum Instruction {
  ADD(0x0e208400, THREE, Kind.INTEGER),
  SUB(0x2e208400, THREE, Kind.INTEGER),
  MUL(0x0e209c00, THREE, Kind.UP_TO_32_BITS),
  MLA(0x0e209400, THREE, Kind.UP_TO_32_BITS),
  MLS(0x2e209400, THREE, Kind.UP_TO_32_BITS),
  ADDP(0x0e20bc00, THREE, Kind.INTEGER),
  SMAX(0x0e206400, THREE, Kind.UP_TO_32_BITS),
  SMIN(0x0e206c00, THREE, Kind.UP_TO_32_BITS),
  SSHL(0x0e204400, THREE, Kind.INTEGER),
  USHL(0x2e204400, THREE, Kind.INTEGER),
  AND(0x0e201c00, THREE, Kind.BITS),
  BIC(0x0e601c00, THREE, Kind.BITS),
  ORR(0x0ea01c00, THREE, Kind.BITS),
  EOR(0x2e201c00, THREE, Kind.BITS),
  FADD(0x0e20d400, THREE, Kind.FLOAT),
  FSUB(0x0ea0d400, THREE, Kind.FLOAT),
  FMUL(0x2e20dc00, THREE, Kind.FLOAT),
  FDIV(0x2e20fc00, THREE, Kind.FLOAT),
  FMLA(0x0e20cc00, THREE, Kind.FLOAT),
  FMLS(0x0ea0cc00, THREE, Kind.FLOAT),
  FADDP(0x2e20d400, THREE, Kind.FLOAT),
  FMAX(0x0e20f400, THREE, Kind.FLOAT),
  FMIN(0x0ea0f400, THREE, Kind.FLOAT),
  ZIP1(0x0e003800, THREE, Kind.INTEGER),
  ZIP2(0x0e007800, THREE, Kind.INTEGER),
  UZP1(0x0e001800, THREE, Kind.INTEGER),
  UZP2(0x0e005800, THREE, Kind.INTEGER),
  TRN1(0x0e002800, THREE, Kind.INTEGER),
  TRN2(0x0e006800, THREE, Kind.INTEGER),
  TBL(0x0e000000, TABLE, Kind.BITS),
  EXT(0x2e000000, EXTRACT, Kind.BITS),
  /** FEAT_DotProd. */
  SDOT(0x0e809400, DOT, Kind.FIXED),
  /** FEAT_DotProd. */
  UDOT(0x2e809400, DOT, Kind.FIXED),
  /** FEAT_I8MM; b is unsigned. */
  USDOT(0x0e809c00, DOT, Kind.FIXED),
  /** FEAT_DotProd. */
  SDOT_LANE(0x0f80e000, DOT_LANE, Kind.FIXED),
  /** FEAT_DotProd. */
  UDOT_LANE(0x2f80e000, DOT_LANE, Kind.FIXED),
  /** FEAT_I8MM: two rows of eight bytes times two others. */
  SMMLA(0x0e80a400, DOT, Kind.FIXED_WHOLE),
  /** FEAT_I8MM. */
  UMMLA(0x2e80a400, DOT, Kind.FIXED_WHOLE),
  /** FEAT_I8MM; b is unsigned. */
  USMMLA(0x0e80ac00, DOT, Kind.FIXED_WHOLE),
  MUL_LANE(0x0f008000, LANE, Kind.FROM_16_TO_32_BITS),
  MLA_LANE(0x2f000000, LANE, Kind.FROM_16_TO_32_BITS),
  FMUL_LANE(0x0f809000, LANE, Kind.FLOAT),
  FMLA_LANE(0x0f801000, LANE, Kind.FLOAT),
  FMLS_LANE(0x0f805000, LANE, Kind.FLOAT),
  SADDLP(0x0e202800, PAIRS, Kind.ADDED_UP),
  UADDLP(0x2e202800, PAIRS, Kind.ADDED_UP),
  SADALP(0x0e206800, PAIRS, Kind.ADDED_UP),
  SMULL(0x0e20c000, WIDE_THREE, Kind.UP_TO_32_BITS),
  UMULL(0x2e20c000, WIDE_THREE, Kind.UP_TO_32_BITS),
  SMLAL(0x0e208000, WIDE_THREE, Kind.UP_TO_32_BITS),
  SADDW(0x0e201000, WIDE_ADD, Kind.UP_TO_32_BITS),
  UADDW(0x2e201000, WIDE_ADD, Kind.UP_TO_32_BITS),
  /** By zero bits it is called SXTL. */
  SSHLL(0x0f00a400, WIDE_SHIFT, Kind.SHIFTED_UP_TO_32_BITS),
  /** By zero bits it is called UXTL. */
  USHLL(0x2f00a400, WIDE_SHIFT, Kind.SHIFTED_UP_TO_32_BITS),
  FCVTL(0x0e217800, WIDE, Kind.HALF_OR_SINGLE),
  FCVTN(0x0e216800, NARROW, Kind.HALF_OR_SINGLE),
  XTN(0x0e212800, NARROW, Kind.UP_TO_32_BITS),
  SQXTN(0x0e214800, NARROW, Kind.UP_TO_32_BITS),
  SHRN(0x0f008400, NARROW_SHIFT, Kind.SHIFTED_UP_TO_32_BITS),
  ABS(0x0e20b800, TWO, Kind.INTEGER),
  NEG(0x2e20b800, TWO, Kind.INTEGER),
  SCVTF(0x0e21d800, TWO, Kind.FLOAT),
  UCVTF(0x2e21d800, TWO, Kind.FLOAT),
  /** To the nearest, halves to even. */
  FCVTNS(0x0e21a800, TWO, Kind.FLOAT),
  FABS(0x0ea0f800, TWO, Kind.FLOAT),
  FNEG(0x2ea0f800, TWO, Kind.FLOAT),
  ADDV(0x0e31b800, ACROSS, Kind.ADDED_UP),
  SMAXV(0x0e30a800, ACROSS, Kind.ADDED_UP),
  FMAXV(0x2e30f800, ACROSS, Kind.FIXED_WHOLE),
  SADDLV(0x0e303800, ACROSS_WIDE, Kind.ADDED_UP),
  UADDLV(0x2e303800, ACROSS_WIDE, Kind.ADDED_UP),
  /** The sum of two floats. */
  FADDP_SCALAR(0x7e30d800, ACROSS, Kind.TWO_FLOATS),
  SSHR(0x0f000400, SHIFT_RIGHT, Kind.SHIFTED),
  USHR(0x2f000400, SHIFT_RIGHT, Kind.SHIFTED),
  SHL(0x0f005400, SHIFT_LEFT, Kind.SHIFTED),
  SLI(0x2f005400, SHIFT_LEFT, Kind.SHIFTED),
  SRI(0x2f004400, SHIFT_RIGHT, Kind.SHIFTED);

  /** How a word tells the size of elements. */
  private enum Tells {
    /** Not at all, or by a shift. */
    NOTHING,
    /** In two bits. */
    SIZE,
    /** In one: which of two widths of floats. */
    PRECISION
  }

  /** Which elements there may be. */
  private enum Kind {
    INTEGER(Tells.SIZE),
    UP_TO_32_BITS(Tells.SIZE),
    FROM_16_TO_32_BITS(Tells.SIZE),
    /** Not two of 32 bits, which would become a vector of one. */
    ADDED_UP(Tells.SIZE),
    BITS(Tells.NOTHING),
    FLOAT(Tells.PRECISION),
    TWO_FLOATS(Tells.PRECISION),
    HALF_OR_SINGLE(Tells.PRECISION),
    FIXED(Tells.NOTHING),
    FIXED_WHOLE(Tells.NOTHING),
    SHIFTED(Tells.NOTHING),
    SHIFTED_UP_TO_32_BITS(Tells.NOTHING);

    private final Tells tells;

    Kind(Tells tells) {
      this.tells = tells;
    }

    boolean has(Shape shape) {
      int bytes = shape.elementBytes();
      return !shape.isScalar()
          && switch (this) {
            case INTEGER, SHIFTED -> true;
            case UP_TO_32_BITS, SHIFTED_UP_TO_32_BITS -> bytes <= 4;
            case FROM_16_TO_32_BITS, HALF_OR_SINGLE -> bytes == 2 || bytes == 4;
            case ADDED_UP -> bytes <= 4 && shape != Shape.S2;
            case BITS -> bytes == 1;
            case FLOAT -> bytes >= 4;
            case TWO_FLOATS -> shape == Shape.S2 || shape == Shape.D2;
            case FIXED -> bytes == 4;
            case FIXED_WHOLE -> shape == Shape.S4;
          };
    }

    int bits(Shape key) {
      return switch (tells) {
        case NOTHING -> 0;
        case SIZE -> key.size() << 22;
        // the wider one of two: doubles, but singles where the other ones are halves
        case PRECISION -> (this == HALF_OR_SINGLE ? key.size() - 1 : key.size() - 2) << 22;
      };
    }
  }

  private final int word;
  private final Form form;
  private final Kind kind;

  Instruction(int word, Form form, Kind kind) {
    this.word = word;
    this.form = form;
    this.kind = kind;
  }

  Form form() {
    return form;
  }

  /** Shapes that may be that of {@link Form#key}. */
  List<Shape> keys() {
    return Stream.of(Shape.values()).filter(kind::has).toList();
  }

  /** The name in an assembler's text. */
  String mnemonic(Shape key) {
    String name = name().replaceFirst("_.*", "").toLowerCase(Locale.ROOT);
    boolean upper =
        switch (form) {
          case WIDE, WIDE_THREE, WIDE_ADD, WIDE_SHIFT, NARROW, NARROW_SHIFT -> key.q() == 1;
          default -> false;
        };
    return upper ? name + "2" : name;
  }

  /**
   * The instruction.
   *
   * @param immediate zero where there is none
   * @throws IllegalArgumentException if it has no such operands
   */
  int word(int immediate, Vec... operands) {
    Shape key = form.key() < operands.length ? operands[form.key()].shape() : Shape.Q;
    Immediate number = form.immediate();
    if (!kind.has(key)
        || !form.shapes(key).equals(Stream.of(operands).map(Vec::shape).toList())
        || immediate < number.least()
        || immediate > number.greatest(key)) {
      throw new IllegalArgumentException(
          this + " has operands " + form + ", not " + List.of(operands) + " and " + immediate);
    }
    int encoded = word | (key.q() << 30) | kind.bits(key) | number.bits(key, immediate);
    int[] places = {0, 5, 16};
    for (int i = 0; i < operands.length; i++) {
      encoded |= operands[i].number() << places[i];
    }
    if (number == Immediate.LANE && key.elementBytes() == 2 && operands[2].number() > 15) {
      throw new IllegalArgumentException("a lane of 16 bits of " + operands[2]);
    }
    return encoded;
  }
}
