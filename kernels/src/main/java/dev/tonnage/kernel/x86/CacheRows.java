package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VBROADCASTSS;
import static dev.tonnage.kernel.x86.Instruction.VCVTDQ2PS;
import static dev.tonnage.kernel.x86.Instruction.VCVTPH2PS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VMULPS;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPBROADCASTW;
import static dev.tonnage.kernel.x86.Instruction.VPMOVSXBD;
import static dev.tonnage.kernel.x86.Instruction.VPMOVZXBD;
import static dev.tonnage.kernel.x86.Instruction.VPSRLD;
import static dev.tonnage.kernel.x86.Instruction.VPSUBD;
import static dev.tonnage.kernel.x86.Instruction.VPXOR;

import dev.tonnage.kernel.x86.GeneralAssembler.Condition;
import dev.tonnage.kernel.x86.Vec.Width;
import dev.tonnage.tensor.DType;

/**
 * Some tokens' keys or values of one head, as a cache stores them, to floats: [32, width], with
 * zeros for the tokens that are not there. On the way, memory is asked for what is read next.
 */
final class CacheRows {

  /** Address of the first row; rows follow each other. */
  static final int ROWS = 0;

  /** How many tokens there are, 1 to 32. */
  static final int TOKENS = 8;

  /** Address of the floats. */
  static final int TO = 16;

  /** Address of as many bytes that will be read next. */
  static final int NEXT = 24;

  private static final Gp FROM = Gp.RAX;
  private static final Gp TO_AT = Gp.RCX;
  private static final Gp COUNT = Gp.RDX;
  private static final Gp AHEAD = Gp.RSI;
  private static final Gp CONSTANTS = Gp.R8;

  private final X86Assembler a;
  private final int lanes;
  private final Vec lower;
  private final Vec upper;
  private final Vec scale;
  private final Vec nibbles;
  private final Vec eights;
  private final DType type;
  private final int width;

  private CacheRows(DType type, int width, Width vector) {
    this.a = X86Assembler.of(vector);
    this.lanes = vector.bytes() / 4;
    this.lower = new Vec(0, vector);
    this.upper = new Vec(1, vector);
    this.scale = new Vec(2, vector);
    this.nibbles = new Vec(3, vector);
    this.eights = new Vec(4, vector);
    this.type = type;
    this.width = width;
  }

  /** Whether there is code for a type and a width. */
  static boolean supports(DType type, int width) {
    return switch (type) {
      case F16, F32 -> width % 16 == 0;
      case Q8_0, Q4_0 -> width % 32 == 0;
      default -> false;
    };
  }

  static byte[] code(DType type, int width, Width vector) {
    return new CacheRows(type, width, vector).write();
  }

  private byte[] write() {
    Leaf.begin(a);
    a.mov(FROM, Mem.at(Gp.RDI, ROWS));
    a.mov(COUNT, Mem.at(Gp.RDI, TOKENS));
    a.mov(TO_AT, Mem.at(Gp.RDI, TO));
    a.mov(AHEAD, Mem.at(Gp.RDI, NEXT));
    var constants = a.label();
    a.lea(CONSTANTS, constants);
    a.emit(VMOVUPS, nibbles, Mem.at(CONSTANTS));
    a.emit(VMOVUPS, eights, Mem.at(CONSTANTS, 64));
    int rowBytes = Math.toIntExact(type.bytes(width));
    var row = a.here();
    for (int line = 0; line < rowBytes; line += 64) {
      a.prefetch(Mem.at(AHEAD, line));
    }
    switch (type) {
      case F32 -> floats();
      case F16 -> halves();
      case Q8_0 -> bytes();
      case Q4_0 -> nibbles();
      default -> throw new IllegalArgumentException("no cache of " + type);
    }
    a.add(FROM, rowBytes);
    a.add(AHEAD, rowBytes);
    a.add(TO_AT, 4 * width);
    a.sub(COUNT, 1);
    a.jump(Condition.NOT_EQUAL, row);
    zeros();
    Leaf.end(a);
    a.place(constants, Constants.ints(_ -> 15), Constants.ints(_ -> 8));
    return a.finish();
  }

  private void floats() {
    for (int k = 0; k < width; k += lanes) {
      a.emit(VMOVUPS, lower, Mem.at(FROM, 4 * k));
      a.store(VMOVUPS_STORE, Mem.at(TO_AT, 4 * k), lower);
    }
  }

  private void halves() {
    for (int k = 0; k < width; k += lanes) {
      a.emit(VCVTPH2PS, lower, Mem.at(FROM, 2 * k));
      a.store(VMOVUPS_STORE, Mem.at(TO_AT, 4 * k), lower);
    }
  }

  private void bytes() {
    for (int block = 0; block < width / 32; block++) {
      int at = 34 * block;
      scale(at);
      for (int k = 0; k < 32; k += lanes) {
        a.emit(VPMOVSXBD, lower, Mem.at(FROM, at + 2 + k));
        scaled(lower, 32 * block + k);
      }
    }
  }

  private void nibbles() {
    for (int block = 0; block < width / 32; block++) {
      int at = 18 * block;
      scale(at);
      for (int k = 0; k < 16; k += lanes) {
        a.emit(VPMOVZXBD, lower, Mem.at(FROM, at + 2 + k));
        a.shift(VPSRLD, upper, lower, 4);
        a.emit(VPAND, lower, lower, nibbles);
        a.emit(VPSUBD, lower, lower, eights);
        a.emit(VPSUBD, upper, upper, eights);
        scaled(lower, 32 * block + k);
        scaled(upper, 32 * block + 16 + k);
      }
    }
  }

  private void scale(int at) {
    a.emit(VPBROADCASTW, scale.x(), Mem.at(FROM, at));
    a.emit(VCVTPH2PS, scale.x(), scale.x());
    a.emit(VBROADCASTSS, scale, scale.x());
  }

  private void scaled(Vec numbers, int to) {
    a.emit(VCVTDQ2PS, numbers, numbers);
    a.emit(VMULPS, numbers, numbers, scale);
    a.store(VMOVUPS_STORE, Mem.at(TO_AT, 4 * to), numbers);
  }

  private void zeros() {
    var done = a.label();
    a.movd(COUNT, 32);
    a.sub(COUNT, Mem.at(Gp.RDI, TOKENS));
    a.jump(Condition.EQUAL, done);
    a.emit(VPXOR, lower, lower, lower);
    var row = a.here();
    for (int k = 0; k < width; k += lanes) {
      a.store(VMOVUPS_STORE, Mem.at(TO_AT, 4 * k), lower);
    }
    a.add(TO_AT, 4 * width);
    a.sub(COUNT, 1);
    a.jump(Condition.NOT_EQUAL, row);
    a.bind(done);
  }
}
