package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VADDPS;
import static dev.tonnage.kernel.x86.Instruction.VCVTDQ2PS;
import static dev.tonnage.kernel.x86.Instruction.VINSERTI128;
import static dev.tonnage.kernel.x86.Instruction.VMOVSS_LOAD;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VMULPS;
import static dev.tonnage.kernel.x86.Instruction.VPADDB;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPBROADCASTQ;
import static dev.tonnage.kernel.x86.Instruction.VPCMPEQB;
import static dev.tonnage.kernel.x86.Instruction.VPINSRD;
import static dev.tonnage.kernel.x86.Instruction.VPINSRQ;
import static dev.tonnage.kernel.x86.Instruction.VPMULLW;
import static dev.tonnage.kernel.x86.Instruction.VPOR;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFB;
import static dev.tonnage.kernel.x86.Instruction.VPSIGNB;
import static dev.tonnage.kernel.x86.Instruction.VPSLLD;
import static dev.tonnage.kernel.x86.Instruction.VPSRLD;
import static dev.tonnage.kernel.x86.Instruction.VPXOR;

import dev.tonnage.kernel.scalar.Grid;
import dev.tonnage.kernel.scalar.Signs;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Weights that are points of a {@link Grid} of magnitudes, with {@link Signs}. Points are looked up
 * one by one, in a table behind the code; then signs join them, and a bias that makes all bytes
 * unsigned.
 */
final class Grid256 {

  private static final int SPREAD = 0;
  private static final int BITS = 2;
  private static final int ONES = 3;
  private static final int BIAS = 4;
  private static final int HALF = 5;
  private static final int UNIT = 6;
  private static final int PARITY = 7;
  private static final int NIBBLES = 8;
  private static final int FIELDS = 9;

  /** How many of an unpacker's constants are these: the first. */
  static final int CONSTANTS = 13;

  private Grid256() {}

  /**
   * An unpacker's constants: these, its own, and the table.
   *
   * @param most the largest magnitude, which becomes the bias
   * @param unit what d is multiplied with for a scale of 1
   */
  static byte[][] constants(Grid grid, int most, float unit, byte[]... own) {
    List<byte[]> all = new ArrayList<>();
    for (int pair = 0; pair < 2; pair++) { // which byte of signs a weight has, in four vectors
      int first = 8 * pair;
      all.add(Constants.bytes(lane -> first + lane / 8));
    }
    all.add(Constants.bytes(lane -> 1 << (lane % 8)));
    all.add(Constants.bytes(_ -> 1));
    all.add(Constants.bytes(_ -> most));
    all.add(Constants.floats(0.5f));
    all.add(Constants.floats(unit));
    all.add(Constants.bytes(lane -> Signs.even(lane % 16) & 0x80));
    all.add(Constants.bytes(_ -> 15));
    for (int field = 0; field < 4; field++) {
      int mask = 0x7f << (8 * field);
      all.add(Constants.ints(_ -> mask));
    }
    all.addAll(List.of(own));
    all.addAll(table(grid));
    return all.toArray(byte[][]::new);
  }

  private static List<byte[]> table(Grid grid) {
    long[] points = grid.points();
    int bytes =
        switch (grid) {
          case IQ2_XXS, IQ2_XS, IQ2_S, IQ1_S -> 8;
          case IQ3_XXS, IQ3_S -> 4;
        };
    List<byte[]> table = new ArrayList<>();
    for (int first = 0; first < points.length; first += 64 / bytes) {
      ByteBuffer line = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
      for (int point = first; point < first + 64 / bytes; point++) {
        if (bytes == 8) {
          line.putLong(points[point]);
        } else {
          line.putInt((int) points[point]);
        }
      }
      table.add(line.array());
    }
    return table;
  }

  /** Leaves in {@link Avx2#FREE} which point is meant. */
  interface Index {

    /** Appends the code for a point of the half record. */
    void load(int point);
  }

  /**
   * Sixteen points of eight weights, to the weights in their own order.
   *
   * @param own how many constants the unpacker has of its own
   */
  static void eights(X86Assembler a, int own, Index index) {
    for (int v = 0; v < 4; v++) {
      Vec w = Avx2.WEIGHTS.get(v);
      for (int pair = 0; pair < 2; pair++) {
        Vec half = pair == 0 ? w.x() : Avx2.T0.x();
        index.load(4 * v + 2 * pair);
        a.emit(VPBROADCASTQ, half, point(own, 8));
        index.load(4 * v + 2 * pair + 1);
        a.emit(VPINSRQ, half, half, point(own, 8), 1);
      }
      a.emit(VINSERTI128, w, w, Avx2.T0.x(), 1);
    }
  }

  /**
   * The same, where a point is eight bits in T0, as 16, and more that are put upon them: what T1
   * has is shuffled, multiplied and masked by three of the unpacker's constants.
   *
   * @param first of these constants
   */
  static void eights(X86Assembler a, int own, int first) {
    Vec points = Avx2.T0;
    Vec upper = Avx2.T1;
    a.emit(VPSHUFB, upper, upper, Avx2.constant(first));
    a.emit(VPMULLW, upper, upper, Avx2.constant(first + 1));
    a.emit(VPAND, upper, upper, Avx2.constant(first + 2));
    a.emit(VPOR, points, points, upper);
    a.store(VMOVUPS_STORE, Avx2.kept(0), points);
    eights(a, own, point -> a.movw(Avx2.FREE, Avx2.kept(2 * point)));
  }

  /** 32 points of four weights likewise. */
  static void fours(X86Assembler a, int own, Index index) {
    for (int v = 0; v < 4; v++) {
      Vec w = Avx2.WEIGHTS.get(v);
      for (int four = 0; four < 8; four++) {
        Vec half = four < 4 ? w.x() : Avx2.T0.x();
        index.load(8 * v + four);
        if (four % 4 == 0) {
          a.emit(VMOVSS_LOAD, half, point(own, 4));
        } else {
          a.emit(VPINSRD, half, half, point(own, 4), four % 4);
        }
      }
      a.emit(VINSERTI128, w, w, Avx2.T0.x(), 1);
    }
  }

  private static Mem point(int own, int bytes) {
    int table = Avx2.constant(CONSTANTS + own).displacement();
    return Mem.at(Avx2.CONSTANTS, Avx2.FREE, bytes, table);
  }

  /** Four times seven signs in each 32 bits of T0: to as many bytes. */
  static void splitSevens(X86Assembler a) {
    Vec packed = Avx2.T0;
    Vec some = Avx2.T1;
    Vec signs = Avx2.T2;
    a.emit(VPAND, signs, packed, Avx2.constant(FIELDS));
    for (int field = 1; field < 4; field++) {
      a.shift(VPSLLD, some, packed, field);
      a.emit(VPAND, some, some, Avx2.constant(FIELDS + field));
      a.emit(VPOR, signs, signs, some);
    }
    a.emit(VMOVUPS, packed, signs);
  }

  /** To bytes of seven signs in T0 the eighth that makes the number of minuses even. */
  static void evenSigns(X86Assembler a) {
    Vec signs = Avx2.T0;
    Vec nibble = Avx2.T1;
    Vec parity = Avx2.T2;
    Vec upper = Avx2.T3;
    a.emit(VMOVUPS, parity, Avx2.constant(PARITY));
    a.emit(VPAND, nibble, signs, Avx2.constant(NIBBLES));
    a.shift(VPSRLD, upper, signs, 4);
    a.emit(VPAND, upper, upper, Avx2.constant(NIBBLES));
    a.emit(VPSHUFB, nibble, parity, nibble);
    a.emit(VPSHUFB, upper, parity, upper);
    a.emit(VPXOR, nibble, nibble, upper);
    a.emit(VPXOR, signs, signs, nibble);
  }

  /** Sixteen bytes of signs, twice in T0, join the weights; these become unsigned and turned. */
  static void join(X86Assembler a) {
    Vec sign = Avx2.T1;
    for (int v = 0; v < 4; v++) {
      Vec w = Avx2.WEIGHTS.get(v);
      a.emit(VPSHUFB, sign, Avx2.T0, Avx2.constant(SPREAD + v / 2, v % 2));
      a.emit(VPAND, sign, sign, Avx2.constant(BITS));
      a.emit(VPCMPEQB, sign, sign, Avx2.constant(BITS));
      a.emit(VPOR, sign, sign, Avx2.constant(ONES)); // −1 or 1
      a.emit(VPSIGNB, w, w, sign);
      a.emit(VPADDB, w, w, Avx2.constant(BIAS));
    }
    Avx2.transpose(a);
  }

  /** The unit of these scales, which are odd multiples of half of it. */
  static Unpacker256.Unit unit(float unit) {
    return new Unpacker256.Unit(0, unit / 2);
  }

  /** Integers s in T0 become scales {@code d · unit · (½ + s)}. */
  static void scale(X86Assembler a, Mem d) {
    Avx2.broadcastHalf(a, Avx2.T1, d);
    scale(a);
  }

  /** The same with d, a float in all lanes, in T1. */
  static void scale(X86Assembler a) {
    Vec s = Avx2.T0;
    Vec d = Avx2.T1;
    a.emit(VCVTDQ2PS, s, s);
    a.emit(VADDPS, s, s, Avx2.constant(HALF));
    a.emit(VMULPS, d, d, Avx2.constant(UNIT));
    a.emit(VMULPS, Avx2.SCALES, s, d);
  }
}
