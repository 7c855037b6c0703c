package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VADDPS;
import static dev.tonnage.kernel.x86.Instruction.VBROADCASTSS;
import static dev.tonnage.kernel.x86.Instruction.VCVTDQ2PS;
import static dev.tonnage.kernel.x86.Instruction.VCVTPH2PS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VMULPS;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPBROADCASTB;
import static dev.tonnage.kernel.x86.Instruction.VPBROADCASTD;
import static dev.tonnage.kernel.x86.Instruction.VPBROADCASTQ;
import static dev.tonnage.kernel.x86.Instruction.VPBROADCASTW;
import static dev.tonnage.kernel.x86.Instruction.VPERMPS;
import static dev.tonnage.kernel.x86.Instruction.VPMOVZXBD;
import static dev.tonnage.kernel.x86.Instruction.VPMOVZXBW;
import static dev.tonnage.kernel.x86.Instruction.VPOR;
import static dev.tonnage.kernel.x86.Instruction.VPSLLD;
import static dev.tonnage.kernel.x86.Instruction.VPSLLW;
import static dev.tonnage.kernel.x86.Instruction.VPSRLD;
import static dev.tonnage.kernel.x86.Instruction.VPSRLVD;
import static dev.tonnage.kernel.x86.Instruction.VPSRLVQ;
import static dev.tonnage.kernel.x86.Instruction.VPXOR;
import static dev.tonnage.kernel.x86.Instruction.VSHUFPS;

import dev.tonnage.kernel.x86.GeneralAssembler.Condition;
import dev.tonnage.kernel.x86.X86Assembler.Vnni;
import dev.tonnage.tensor.DType;

/**
 * A row of numbers whose scales stand elsewhere becomes floats, eight at a time: {@code scale ·
 * number + bias}, each rounded, as the scalar definition has it. Scales that are powers of two are
 * from 2^-126 to 2^127; what is no number among floats of eight bits is 480. Floats of 32 bits are
 * activations of those of eight, and become 256 times greater: see {@link FloatWeights#E4M3}.
 */
final class DecodeRows {

  /** Address of the row's numbers. */
  static final int FROM = 0;

  /** Address of its floats. */
  static final int TO = 8;

  /** How many scales it has, at least 1. */
  static final int SCALES = 16;

  /** Address of the first scale. */
  static final int SCALE = 24;

  /** Address of the first bias. */
  static final int BIAS = 32;

  private static final Gp FROM_AT = Gp.RAX;
  private static final Gp TO_AT = Gp.RCX;
  private static final Gp SCALE_AT = Gp.RDX;
  private static final Gp BIAS_AT = Gp.RSI;
  private static final Gp GROUPS = Gp.R8;
  private static final Gp EIGHTS = Gp.R9;
  private static final Gp CONSTANTS = Gp.R10;

  private static final Vec SCALING = Vec.ymm(0);
  private static final Vec BIASING = Vec.ymm(1);
  private static final Vec NUMBERS = Vec.ymm(2);
  private static final Vec OTHERS = Vec.ymm(3);

  /** Of E2M1. */
  private static final float[] MAGNITUDES = {0, 0.5f, 1, 1.5f, 2, 3, 4, 6};

  // constants
  private static final int FIRST = 0;
  private static final int SECOND = 1;
  private static final int MASK = 2;
  private static final int TABLE = 3;
  private static final int SIGN = 4;
  private static final int RANGE = 5;
  private static final int SIGN_OF_HALVES = 6;

  private final X86Assembler a = new X86Assembler(Vnni.VEX);
  private final DType type;
  private final DType scaleType;
  private final int size;
  private final int bits;
  private final boolean hasBias;

  private DecodeRows(DType type, DType scaleType, int size, boolean hasBias) {
    this.type = type;
    this.scaleType = scaleType;
    this.size = size;
    this.hasBias = hasBias;
    this.bits = type.blockBytes() * 8 / type.blockElements();
  }

  /**
   * The code.
   *
   * @param size how many numbers a scale is for, a multiple of 8
   */
  static byte[] code(DType type, DType scaleType, int size, boolean hasBias) {
    return new DecodeRows(type, scaleType, size, hasBias).write();
  }

  /** Whether up to eight bytes behind the last numbers are read. */
  static boolean readsBehind(DType type) {
    return switch (type) {
      case U3, U5, U6 -> true;
      default -> false;
    };
  }

  private byte[] write() {
    Leaf.begin(a);
    var constants = a.label();
    a.lea(CONSTANTS, constants);
    a.mov(FROM_AT, Mem.at(Gp.RDI, FROM));
    a.mov(TO_AT, Mem.at(Gp.RDI, TO));
    a.mov(SCALE_AT, Mem.at(Gp.RDI, SCALE));
    a.mov(BIAS_AT, Mem.at(Gp.RDI, BIAS));
    a.mov(GROUPS, Mem.at(Gp.RDI, SCALES));
    var group = a.here();
    scale(SCALING, SCALE_AT);
    if (type == DType.E4M3 || type == DType.F32) {
      a.emit(VMULPS, SCALING, SCALING, constant(RANGE));
    }
    if (hasBias) {
      scale(BIASING, BIAS_AT);
    }
    a.movd(EIGHTS, size / 8);
    var eight = a.here();
    numbers();
    a.emit(VMULPS, NUMBERS, NUMBERS, SCALING);
    if (hasBias) {
      a.emit(VADDPS, NUMBERS, NUMBERS, BIASING);
    }
    a.store(VMOVUPS_STORE, Mem.at(TO_AT), NUMBERS);
    a.add(FROM_AT, bits);
    a.add(TO_AT, 32);
    a.sub(EIGHTS, 1);
    a.jump(Condition.NOT_EQUAL, eight);
    a.sub(GROUPS, 1);
    a.jump(Condition.NOT_EQUAL, group);
    Leaf.end(a);
    a.place(constants, constants());
    return a.finish();
  }

  private static Mem constant(int index) {
    return Mem.at(CONSTANTS, 64 * index);
  }

  private byte[][] constants() {
    return new byte[][] {
      bits <= 4 ? Constants.ints(lane -> lane % 8 * bits) : quads(0, 1, 4, 5),
      quads(2, 3, 6, 7),
      Constants.ints(lane -> bits <= 4 || lane % 2 == 0 ? (1 << bits) - 1 : 0),
      Constants.ints(lane -> Float.floatToRawIntBits(MAGNITUDES[lane % 8])),
      Constants.ints(_ -> 0x8000_0000),
      Constants.floats(256),
      Constants.ints(_ -> 0x8000_8000)
    };
  }

  /** How far some of eight numbers are from the first bit, in 64 bits each. */
  private byte[] quads(int... numbers) {
    return Constants.ints(lane -> lane % 2 == 0 ? numbers[lane / 2 % 4] * bits : 0);
  }

  /** The next scale or bias, for all lanes. */
  private void scale(Vec to, Gp at) {
    switch (scaleType) {
      case F32 -> a.emit(VBROADCASTSS, to, Mem.at(at));
      case F16 -> {
        a.emit(VPBROADCASTW, to.x(), Mem.at(at));
        a.emit(VCVTPH2PS, to, to.x());
      }
      case BF16 -> {
        a.emit(VPBROADCASTW, to, Mem.at(at));
        a.shift(VPSLLD, to, to, 16);
      }
      case E8M0 -> {
        a.emit(VPBROADCASTB, to, Mem.at(at));
        a.shift(VPSRLD, to, to, 24);
        a.shift(VPSLLD, to, to, 23);
      }
      default -> throw new IllegalArgumentException("scales of " + scaleType);
    }
    a.add(at, scaleType.blockBytes());
  }

  /** Eight numbers as floats, without their scale. */
  private void numbers() {
    Mem from = Mem.at(FROM_AT);
    switch (type) {
      case F32 -> {
        a.emit(VMOVUPS, NUMBERS, from);
        return;
      }
      case U8 -> a.emit(VPMOVZXBD, NUMBERS, from);
      case U2 -> narrow(VPBROADCASTW);
      case U3, U4, E2M1 -> narrow(VPBROADCASTD);
      case U5, U6 -> {
        a.emit(VPBROADCASTQ, NUMBERS, from);
        a.emit(VPSRLVQ, OTHERS, NUMBERS, constant(SECOND));
        a.emit(VPSRLVQ, NUMBERS, NUMBERS, constant(FIRST));
        a.emit(VPAND, NUMBERS, NUMBERS, constant(MASK));
        a.emit(VPAND, OTHERS, OTHERS, constant(MASK));
        a.emit(VSHUFPS, NUMBERS, NUMBERS, OTHERS, 0b10_00_10_00);
      }
      case E4M3 -> {
        // as halves they have the same fraction, and an exponent that is 8 too small
        a.emit(VPMOVZXBW, NUMBERS.x(), from);
        a.shift(VPSLLW, OTHERS.x(), NUMBERS.x(), 9);
        a.shift(VPSLLW, NUMBERS.x(), NUMBERS.x(), 8);
        a.emit(VPAND, NUMBERS.x(), NUMBERS.x(), constant(SIGN_OF_HALVES));
        a.shift(Instruction.VPSRLW, OTHERS.x(), OTHERS.x(), 2);
        a.emit(VPOR, NUMBERS.x(), NUMBERS.x(), OTHERS.x());
        a.emit(VCVTPH2PS, NUMBERS, NUMBERS.x());
        return;
      }
      default -> throw new IllegalArgumentException(type + "");
    }
    if (type == DType.E2M1) {
      a.shift(VPSLLD, OTHERS, NUMBERS, 28);
      a.emit(VPAND, OTHERS, OTHERS, constant(SIGN));
      a.emit(VPERMPS, NUMBERS, NUMBERS, constant(TABLE)); // by the lower three bits
      a.emit(VPXOR, NUMBERS, NUMBERS, OTHERS);
    } else {
      a.emit(VCVTDQ2PS, NUMBERS, NUMBERS);
    }
  }

  /** Numbers of up to four bits. */
  private void narrow(Instruction broadcast) {
    a.emit(broadcast, NUMBERS, Mem.at(FROM_AT));
    a.emit(VPSRLVD, NUMBERS, NUMBERS, constant(FIRST));
    a.emit(VPAND, NUMBERS, NUMBERS, constant(MASK));
  }
}
