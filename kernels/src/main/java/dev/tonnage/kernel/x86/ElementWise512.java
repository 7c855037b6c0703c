package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VADDPS;
import static dev.tonnage.kernel.x86.Instruction.VBROADCASTSS;
import static dev.tonnage.kernel.x86.Instruction.VDIVPS;
import static dev.tonnage.kernel.x86.Instruction.VFMADD231PS;
import static dev.tonnage.kernel.x86.Instruction.VFNMADD231PS;
import static dev.tonnage.kernel.x86.Instruction.VMOVSS_LOAD;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VMULPS;
import static dev.tonnage.kernel.x86.Instruction.VPERMI2D;
import static dev.tonnage.kernel.x86.Instruction.VPERMT2D;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFD;
import static dev.tonnage.kernel.x86.Instruction.VPXOR;
import static dev.tonnage.kernel.x86.Instruction.VSQRTPS;
import static dev.tonnage.kernel.x86.Instruction.VSUBPS;

import dev.tonnage.kernel.x86.X86Assembler.Condition;
import dev.tonnage.kernel.x86.X86Assembler.Vnni;
import java.util.Arrays;
import java.util.function.Consumer;

/** What goes over rows of floats once, sixteen numbers at a time. */
final class ElementWise512 {

  /** Address of the numbers that change, or are read. */
  static final int X = 0;

  /** Address of the other numbers. */
  static final int Y = 8;

  /** How many times sixteen numbers there are, at least 1; for a rotation, pairs. */
  static final int LINES = 16;

  /** Address of a norm's result. */
  static final int TO = 24;

  /** What a norm's mean is over, a float. */
  static final int WIDTH = 32;

  /** What is added to that mean, a float. */
  static final int EPSILON = 36;

  private static final Gp X_AT = Gp.RAX;
  private static final Gp Y_AT = Gp.RCX;
  private static final Gp COUNT = Gp.RDX;
  private static final Gp OTHER = Gp.RSI;

  private final X86Assembler a = new X86Assembler(Vnni.EVEX);

  private ElementWise512() {}

  private static byte[] code(Consumer<ElementWise512> body, byte[]... constants) {
    var code = new ElementWise512();
    X86Assembler a = code.a;
    Leaf.begin(a);
    var label = a.label();
    a.lea(X_AT, label);
    for (int i = 0; i < constants.length; i++) {
      a.emit(VMOVUPS, Vec.zmm(16 + i), Mem.at(X_AT, 64 * i));
    }
    a.mov(X_AT, Mem.at(Gp.RDI, X));
    a.mov(Y_AT, Mem.at(Gp.RDI, Y));
    a.mov(COUNT, Mem.at(Gp.RDI, LINES));
    body.accept(code);
    Leaf.end(a);
    a.place(label, constants);
    return a.finish();
  }

  /** {@code x += y}. */
  static byte[] add() {
    return code(ElementWise512::addLines);
  }

  private void addLines() {
    var line = a.here();
    a.emit(VMOVUPS, Vec.zmm(0), Mem.at(X_AT));
    a.emit(VADDPS, Vec.zmm(0), Vec.zmm(0), Mem.at(Y_AT));
    a.store(VMOVUPS_STORE, Mem.at(X_AT), Vec.zmm(0));
    a.add(X_AT, 64);
    a.add(Y_AT, 64);
    a.sub(COUNT, 1);
    a.jump(Condition.NOT_EQUAL, line);
  }

  /** {@code x = x / (1 + e^-x) · y}. */
  static byte[] swiGlu() {
    byte[][] constants = Arrays.copyOf(Exponential512.constants(), Exponential512.CONSTANTS + 1);
    constants[Exponential512.CONSTANTS] = Constants.floats(1);
    return code(ElementWise512::swiGluLines, constants);
  }

  private void swiGluLines() {
    Vec one = Vec.zmm(16 + Exponential512.CONSTANTS);
    var exponential = new Exponential512(a, 16);
    var line = a.here();
    a.emit(VMOVUPS, Vec.zmm(0), Mem.at(X_AT));
    a.emit(VPXOR, Vec.zmm(1), Vec.zmm(1), Vec.zmm(1));
    a.emit(VSUBPS, Vec.zmm(1), Vec.zmm(1), Vec.zmm(0));
    exponential.emit(Vec.zmm(1), Vec.zmm(2), Vec.zmm(3), one);
    a.emit(VADDPS, Vec.zmm(1), Vec.zmm(1), one);
    a.emit(VDIVPS, Vec.zmm(0), Vec.zmm(0), Vec.zmm(1));
    a.emit(VMULPS, Vec.zmm(0), Vec.zmm(0), Mem.at(Y_AT));
    a.store(VMOVUPS_STORE, Mem.at(X_AT), Vec.zmm(0));
    a.add(X_AT, 64);
    a.add(Y_AT, 64);
    a.sub(COUNT, 1);
    a.jump(Condition.NOT_EQUAL, line);
  }

  /** {@code to = x / sqrt(mean(x²) + ε) · y}. */
  static byte[] rmsNorm() {
    return code(ElementWise512::rmsNormLines, Constants.floats(1));
  }

  private void rmsNormLines() {
    Vec sum = Vec.zmm(0);
    Vec numbers = Vec.zmm(1);
    a.emit(VPXOR, sum, sum, sum);
    var square = a.here();
    a.emit(VMOVUPS, numbers, Mem.at(X_AT));
    a.emit(VFMADD231PS, sum, numbers, numbers);
    a.add(X_AT, 64);
    a.sub(COUNT, 1);
    a.jump(Condition.NOT_EQUAL, square);
    Avx512.reduce(a, VADDPS, sum, numbers);
    a.emit(VMOVSS_LOAD, numbers.x(), Mem.at(Gp.RDI, WIDTH));
    a.emit(VDIVPS, sum.x(), sum.x(), numbers.x());
    a.emit(VMOVSS_LOAD, numbers.x(), Mem.at(Gp.RDI, EPSILON));
    a.emit(VADDPS, sum.x(), sum.x(), numbers.x());
    a.emit(VSQRTPS, sum.x(), sum.x());
    a.emit(VDIVPS, sum.x(), Vec.zmm(16).x(), sum.x());
    a.emit(VBROADCASTSS, sum, sum.x());
    a.mov(X_AT, Mem.at(Gp.RDI, X));
    a.mov(COUNT, Mem.at(Gp.RDI, LINES));
    a.mov(OTHER, Mem.at(Gp.RDI, TO));
    var line = a.here();
    a.emit(VMULPS, numbers, sum, Mem.at(X_AT));
    a.emit(VMULPS, numbers, numbers, Mem.at(Y_AT));
    a.store(VMOVUPS_STORE, Mem.at(OTHER), numbers);
    a.add(X_AT, 64);
    a.add(Y_AT, 64);
    a.add(OTHER, 64);
    a.sub(COUNT, 1);
    a.jump(Condition.NOT_EQUAL, line);
  }

  /** Turns neighbours, eight pairs at a time; {@link #LINES} counts eights. */
  static byte[] rotateAdjacent() {
    return code(
        ElementWise512::rotateNeighbours, Constants.ints(lane -> lane % 2 == 0 ? 1 << 31 : 0));
  }

  private void rotateNeighbours() {
    Vec numbers = Vec.zmm(0);
    Vec swapped = Vec.zmm(1);
    Vec turns = Vec.zmm(2);
    Vec sines = Vec.zmm(3);
    var line = a.here();
    a.emit(VMOVUPS, numbers, Mem.at(X_AT));
    a.emit(VMOVUPS, turns, Mem.at(Y_AT));
    a.emit(VPSHUFD, swapped, numbers, 0b10_11_00_01);
    a.emit(VPSHUFD, sines, turns, 0b11_11_01_01);
    a.emit(VPSHUFD, turns, turns, 0b10_10_00_00);
    a.emit(VPXOR, sines, sines, Vec.zmm(16)); // the first of a pair gets less
    a.emit(VMULPS, numbers, numbers, turns);
    a.emit(VFMADD231PS, numbers, swapped, sines);
    a.store(VMOVUPS_STORE, Mem.at(X_AT), numbers);
    a.add(X_AT, 64);
    a.add(Y_AT, 64);
    a.sub(COUNT, 1);
    a.jump(Condition.NOT_EQUAL, line);
  }

  /** Turns the first half's numbers with the second's, sixteen pairs at a time. */
  static byte[] rotateHalves() {
    return code(
        ElementWise512::rotateApart,
        Constants.ints(lane -> 2 * lane),
        Constants.ints(lane -> 2 * lane + 1));
  }

  private void rotateApart() {
    Vec first = Vec.zmm(0);
    Vec second = Vec.zmm(1);
    Vec cosines = Vec.zmm(2);
    Vec sines = Vec.zmm(3);
    Vec turned = Vec.zmm(4);
    a.mov(OTHER, COUNT);
    a.shl(OTHER, 6);
    a.add(OTHER, X_AT);
    var line = a.here();
    a.emit(VMOVUPS, cosines, Vec.zmm(16));
    a.emit(VMOVUPS, sines, Mem.at(Y_AT));
    a.emit(VPERMI2D, cosines, sines, Mem.at(Y_AT, 64));
    a.emit(VPERMT2D, sines, Vec.zmm(17), Mem.at(Y_AT, 64));
    a.emit(VMOVUPS, first, Mem.at(X_AT));
    a.emit(VMOVUPS, second, Mem.at(OTHER));
    a.emit(VMULPS, turned, first, cosines);
    a.emit(VFNMADD231PS, turned, second, sines);
    a.emit(VMULPS, second, second, cosines);
    a.emit(VFMADD231PS, second, first, sines);
    a.store(VMOVUPS_STORE, Mem.at(X_AT), turned);
    a.store(VMOVUPS_STORE, Mem.at(OTHER), second);
    a.add(X_AT, 64);
    a.add(OTHER, 64);
    a.add(Y_AT, 128);
    a.sub(COUNT, 1);
    a.jump(Condition.NOT_EQUAL, line);
  }
}
