package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VCVTDQ2PS;
import static dev.tonnage.kernel.x86.Instruction.VCVTPH2PS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VMULPS;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPMOVSXBD;
import static dev.tonnage.kernel.x86.Instruction.VPMOVZXBD;
import static dev.tonnage.kernel.x86.Instruction.VPSRLD;
import static dev.tonnage.kernel.x86.Instruction.VPSUBD;
import static dev.tonnage.kernel.x86.Instruction.VPXOR;

import dev.tonnage.kernel.x86.X86Assembler.Condition;
import dev.tonnage.kernel.x86.X86Assembler.Vnni;
import dev.tonnage.tensor.DType;
import java.util.List;

/**
 * Some tokens' keys or values of one head, as a cache stores them, to floats: [32, width], with
 * zeros for the tokens that are not there. On the way, memory is asked for what is read next.
 */
final class CacheRows512 {

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

  /** The lower and the upper half of a block. */
  private static final List<Vec> HALVES = List.of(Vec.zmm(0), Vec.zmm(1));

  private static final Vec LOWER = HALVES.getFirst();
  private static final Vec UPPER = HALVES.getLast();
  private static final Vec SCALE = Vec.zmm(2);
  private static final Vec NIBBLES = Vec.zmm(3);
  private static final Vec EIGHTS = Vec.zmm(4);

  private final X86Assembler a = new X86Assembler(Vnni.EVEX);
  private final DType type;
  private final int width;

  private CacheRows512(DType type, int width) {
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

  static byte[] code(DType type, int width) {
    return new CacheRows512(type, width).write();
  }

  private byte[] write() {
    Leaf.begin(a);
    a.mov(FROM, Mem.at(Gp.RDI, ROWS));
    a.mov(COUNT, Mem.at(Gp.RDI, TOKENS));
    a.mov(TO_AT, Mem.at(Gp.RDI, TO));
    a.mov(AHEAD, Mem.at(Gp.RDI, NEXT));
    var constants = a.label();
    a.lea(CONSTANTS, constants);
    a.emit(VMOVUPS, NIBBLES, Mem.at(CONSTANTS));
    a.emit(VMOVUPS, EIGHTS, Mem.at(CONSTANTS, 64));
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
    for (int k = 0; k < width; k += 16) {
      a.emit(VMOVUPS, LOWER, Mem.at(FROM, 4 * k));
      a.store(VMOVUPS_STORE, Mem.at(TO_AT, 4 * k), LOWER);
    }
  }

  private void halves() {
    for (int k = 0; k < width; k += 16) {
      a.emit(VCVTPH2PS, LOWER, Mem.at(FROM, 2 * k));
      a.store(VMOVUPS_STORE, Mem.at(TO_AT, 4 * k), LOWER);
    }
  }

  private void bytes() {
    for (int block = 0; block < width / 32; block++) {
      int at = 34 * block;
      Avx512.broadcastHalf(a, SCALE, Mem.at(FROM, at));
      for (int half = 0; half < 2; half++) {
        a.emit(VPMOVSXBD, HALVES.get(half), Mem.at(FROM, at + 2 + 16 * half));
        scaled(block, half);
      }
    }
  }

  private void nibbles() {
    for (int block = 0; block < width / 32; block++) {
      int at = 18 * block;
      Avx512.broadcastHalf(a, SCALE, Mem.at(FROM, at));
      a.emit(VPMOVZXBD, LOWER, Mem.at(FROM, at + 2));
      a.shift(VPSRLD, UPPER, LOWER, 4);
      a.emit(VPAND, LOWER, LOWER, NIBBLES);
      for (int half = 0; half < 2; half++) {
        a.emit(VPSUBD, HALVES.get(half), HALVES.get(half), EIGHTS);
        scaled(block, half);
      }
    }
  }

  private void scaled(int block, int half) {
    Vec numbers = HALVES.get(half);
    a.emit(VCVTDQ2PS, numbers, numbers);
    a.emit(VMULPS, numbers, numbers, SCALE);
    a.store(VMOVUPS_STORE, Mem.at(TO_AT, 128 * block + 64 * half), numbers);
  }

  private void zeros() {
    var done = a.label();
    a.movd(COUNT, 32);
    a.sub(COUNT, Mem.at(Gp.RDI, TOKENS));
    a.jump(Condition.EQUAL, done);
    a.emit(VPXOR, LOWER, LOWER, LOWER);
    var row = a.here();
    for (int k = 0; k < width; k += 16) {
      a.store(VMOVUPS_STORE, Mem.at(TO_AT, 4 * k), LOWER);
    }
    a.add(TO_AT, 4 * width);
    a.sub(COUNT, 1);
    a.jump(Condition.NOT_EQUAL, row);
    a.bind(done);
  }
}
