package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VADDPS;
import static dev.tonnage.kernel.x86.Instruction.VBROADCASTSS;
import static dev.tonnage.kernel.x86.Instruction.VDIVPS;
import static dev.tonnage.kernel.x86.Instruction.VFMADD231PS;
import static dev.tonnage.kernel.x86.Instruction.VFNMADD231PS;
import static dev.tonnage.kernel.x86.Instruction.VMAXPS;
import static dev.tonnage.kernel.x86.Instruction.VMINPS;
import static dev.tonnage.kernel.x86.Instruction.VMOVSS_LOAD;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VMULPS;
import static dev.tonnage.kernel.x86.Instruction.VPERMI2D;
import static dev.tonnage.kernel.x86.Instruction.VPERMQ;
import static dev.tonnage.kernel.x86.Instruction.VPERMT2D;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFD;
import static dev.tonnage.kernel.x86.Instruction.VPXOR;
import static dev.tonnage.kernel.x86.Instruction.VSHUFPS;
import static dev.tonnage.kernel.x86.Instruction.VSQRTPS;
import static dev.tonnage.kernel.x86.Instruction.VSUBPS;

import dev.tonnage.kernel.ClampedGate;
import dev.tonnage.kernel.asm.CodeBuffer.Label;
import dev.tonnage.kernel.x86.GeneralAssembler.Condition;
import dev.tonnage.kernel.x86.Vec.Width;
import java.util.Arrays;
import java.util.function.Consumer;

/** What goes over rows of floats once, a vector at a time. */
final class ElementWise {

  /** Address of the numbers that change, or are read. */
  static final int X = 0;

  /** Address of the other numbers. */
  static final int Y = 8;

  /** How many vectors there are, at least 1; for a rotation of halves, in each half. */
  static final int VECTORS = 16;

  /** Address of a norm's result. */
  static final int TO = 24;

  /** What a norm's mean is over, a float. */
  static final int WIDTH = 32;

  /** What is added to that mean, a float. */
  static final int EPSILON = 36;

  /** What numbers are multiplied with before they are added, a float. */
  static final int FACTOR = 40;

  private static final Gp X_AT = Gp.RAX;
  private static final Gp Y_AT = Gp.RCX;
  private static final Gp COUNT = Gp.RDX;
  private static final Gp OTHER = Gp.RSI;
  private static final Gp CONSTANTS = Gp.R8;

  private final X86Assembler a;
  private final Width width;

  private ElementWise(Width width) {
    this.a = X86Assembler.of(width);
    this.width = width;
  }

  private static byte[] code(Width width, Consumer<ElementWise> body, byte[]... constants) {
    var code = new ElementWise(width);
    X86Assembler a = code.a;
    Leaf.begin(a);
    var label = a.label();
    a.lea(CONSTANTS, label);
    a.mov(X_AT, Mem.at(Gp.RDI, X));
    a.mov(Y_AT, Mem.at(Gp.RDI, Y));
    a.mov(COUNT, Mem.at(Gp.RDI, VECTORS));
    body.accept(code);
    Leaf.end(a);
    a.place(label, constants);
    return a.finish();
  }

  private Vec vector(int number) {
    return new Vec(number, width);
  }

  private static Mem constant(int index) {
    return Mem.at(CONSTANTS, 64 * index);
  }

  /** A vector further, and back to the loop's begin. */
  private void next(Label begin, Gp... addresses) {
    for (Gp address : addresses) {
      a.add(address, width.bytes());
    }
    a.sub(COUNT, 1);
    a.jump(Condition.NOT_EQUAL, begin);
  }

  /** {@code x += y}. */
  static byte[] add(Width width) {
    return code(width, ElementWise::addVectors);
  }

  private void addVectors() {
    Vec numbers = vector(0);
    var begin = a.here();
    a.emit(VMOVUPS, numbers, Mem.at(X_AT));
    a.emit(VADDPS, numbers, numbers, Mem.at(Y_AT));
    a.store(VMOVUPS_STORE, Mem.at(X_AT), numbers);
    next(begin, X_AT, Y_AT);
  }

  /** {@code x += factor · y}. */
  static byte[] addScaled(Width width) {
    return code(width, ElementWise::addScaledVectors);
  }

  private void addScaledVectors() {
    Vec sum = vector(0);
    Vec factor = vector(1);
    a.emit(VBROADCASTSS, factor, Mem.at(Gp.RDI, FACTOR));
    var begin = a.here();
    a.emit(VMOVUPS, sum, Mem.at(X_AT));
    a.emit(VFMADD231PS, sum, factor, Mem.at(Y_AT));
    a.store(VMOVUPS_STORE, Mem.at(X_AT), sum);
    next(begin, X_AT, Y_AT);
  }

  /** {@code x = x / (1 + e^-x) · y}. */
  static byte[] swiGlu(Width width) {
    return code(width, ElementWise::swiGluVectors, Exponential256.constants());
  }

  private void swiGluVectors() {
    Vec numbers = vector(0);
    Vec power = vector(1);
    Vec one = vector(5);
    a.emit(VMOVUPS, one, constant(Exponential512.CONSTANTS));
    Runnable exponential = exponential(power, one);
    var begin = a.here();
    a.emit(VMOVUPS, numbers, Mem.at(X_AT));
    a.emit(VPXOR, power, power, power);
    a.emit(VSUBPS, power, power, numbers);
    exponential.run();
    a.emit(VADDPS, power, power, one);
    a.emit(VDIVPS, numbers, numbers, power);
    a.emit(VMULPS, numbers, numbers, Mem.at(Y_AT));
    a.store(VMOVUPS_STORE, Mem.at(X_AT), numbers);
    next(begin, X_AT, Y_AT);
  }

  /** {@code x = g / (1 + e^(-slope · g)) · (u + 1)}, of x up to a limit and y within it. */
  static byte[] clampedSwiGlu(Width width) {
    byte[][] constants = Arrays.copyOf(Exponential256.constants(), Exponential256.CONSTANTS + 3);
    constants[Exponential256.CONSTANTS] = Constants.floats(ClampedGate.LIMIT);
    constants[Exponential256.CONSTANTS + 1] = Constants.floats(-ClampedGate.LIMIT);
    constants[Exponential256.CONSTANTS + 2] = Constants.floats(-ClampedGate.SLOPE);
    return code(width, ElementWise::clampedSwiGluVectors, constants);
  }

  private void clampedSwiGluVectors() {
    Vec gate = vector(0);
    Vec power = vector(1);
    Vec one = vector(5);
    Vec up = vector(6);
    Vec most = vector(7);
    Vec least = vector(8);
    Vec slope = vector(9);
    a.emit(VMOVUPS, one, constant(Exponential512.CONSTANTS));
    a.emit(VMOVUPS, most, constant(Exponential256.CONSTANTS));
    a.emit(VMOVUPS, least, constant(Exponential256.CONSTANTS + 1));
    a.emit(VMOVUPS, slope, constant(Exponential256.CONSTANTS + 2));
    Runnable exponential = exponential(power, one);
    var begin = a.here();
    a.emit(VMINPS, gate, most, Mem.at(X_AT)); // of what is no number, the second is taken
    a.emit(VMINPS, up, most, Mem.at(Y_AT));
    a.emit(VMAXPS, up, least, up);
    a.emit(VMULPS, power, slope, gate);
    exponential.run();
    a.emit(VADDPS, power, power, one);
    a.emit(VDIVPS, gate, gate, power);
    a.emit(VADDPS, up, up, one);
    a.emit(VMULPS, gate, gate, up);
    a.store(VMOVUPS_STORE, Mem.at(X_AT), gate);
    next(begin, X_AT, Y_AT);
  }

  /** Writes what makes of x e^x; what that needs in registers is loaded here. */
  private Runnable exponential(Vec x, Vec one) {
    if (width == Width.YMM) {
      var exponential = new Exponential256(a, CONSTANTS);
      return () -> exponential.emit(x, vector(2), vector(3), vector(4));
    }
    for (int i = 0; i < Exponential512.CONSTANTS; i++) {
      a.emit(VMOVUPS, vector(16 + i), constant(i));
    }
    var exponential = new Exponential512(a, 16);
    return () -> exponential.emit(x, vector(2), vector(3), one);
  }

  /** {@code to = x / sqrt(mean(x²) + ε) · y}. */
  static byte[] rmsNorm(Width width) {
    return code(width, ElementWise::rmsNormVectors, Constants.floats(1));
  }

  private void rmsNormVectors() {
    Vec sum = vector(0);
    Vec numbers = vector(1);
    Vec one = vector(2);
    a.emit(VPXOR, sum, sum, sum);
    var square = a.here();
    a.emit(VMOVUPS, numbers, Mem.at(X_AT));
    a.emit(VFMADD231PS, sum, numbers, numbers);
    next(square, X_AT);
    Lanes.reduce(a, VADDPS, sum, numbers);
    a.emit(VMOVSS_LOAD, numbers.x(), Mem.at(Gp.RDI, WIDTH));
    a.emit(VDIVPS, sum.x(), sum.x(), numbers.x());
    a.emit(VMOVSS_LOAD, numbers.x(), Mem.at(Gp.RDI, EPSILON));
    a.emit(VADDPS, sum.x(), sum.x(), numbers.x());
    a.emit(VSQRTPS, sum.x(), sum.x());
    a.emit(VMOVUPS, one.x(), constant(0));
    a.emit(VDIVPS, sum.x(), one.x(), sum.x());
    a.emit(VBROADCASTSS, sum, sum.x());
    a.mov(X_AT, Mem.at(Gp.RDI, X));
    a.mov(COUNT, Mem.at(Gp.RDI, VECTORS));
    a.mov(OTHER, Mem.at(Gp.RDI, TO));
    var begin = a.here();
    a.emit(VMULPS, numbers, sum, Mem.at(X_AT));
    a.emit(VMULPS, numbers, numbers, Mem.at(Y_AT));
    a.store(VMOVUPS_STORE, Mem.at(OTHER), numbers);
    next(begin, X_AT, Y_AT, OTHER);
  }

  /** Turns neighbours, half as many pairs at a time as a vector has lanes. */
  static byte[] rotateAdjacent(Width width) {
    return code(
        width, ElementWise::rotateNeighbours, Constants.ints(lane -> lane % 2 == 0 ? 1 << 31 : 0));
  }

  private void rotateNeighbours() {
    Vec numbers = vector(0);
    Vec swapped = vector(1);
    Vec turns = vector(2);
    Vec sines = vector(3);
    var begin = a.here();
    a.emit(VMOVUPS, numbers, Mem.at(X_AT));
    a.emit(VMOVUPS, turns, Mem.at(Y_AT));
    a.emit(VPSHUFD, swapped, numbers, 0b10_11_00_01);
    a.emit(VPSHUFD, sines, turns, 0b11_11_01_01);
    a.emit(VPSHUFD, turns, turns, 0b10_10_00_00);
    a.emit(VPXOR, sines, sines, constant(0)); // the first of a pair gets less
    a.emit(VMULPS, numbers, numbers, turns);
    a.emit(VFMADD231PS, numbers, swapped, sines);
    a.store(VMOVUPS_STORE, Mem.at(X_AT), numbers);
    next(begin, X_AT, Y_AT);
  }

  /** Turns the first half's numbers with the second's, as many at a time as there are lanes. */
  static byte[] rotateHalves(Width width) {
    return code(
        width,
        ElementWise::rotateApart,
        Constants.ints(lane -> 2 * lane),
        Constants.ints(lane -> 2 * lane + 1));
  }

  private void rotateApart() {
    Vec first = vector(0);
    Vec second = vector(1);
    Vec cosines = vector(2);
    Vec sines = vector(3);
    Vec turned = vector(4);
    a.mov(OTHER, COUNT);
    a.shl(OTHER, Integer.numberOfTrailingZeros(width.bytes()));
    a.add(OTHER, X_AT);
    var begin = a.here();
    turns(cosines, sines);
    a.emit(VMOVUPS, first, Mem.at(X_AT));
    a.emit(VMOVUPS, second, Mem.at(OTHER));
    a.emit(VMULPS, turned, first, cosines);
    a.emit(VFNMADD231PS, turned, second, sines);
    a.emit(VMULPS, second, second, cosines);
    a.emit(VFMADD231PS, second, first, sines);
    a.store(VMOVUPS_STORE, Mem.at(X_AT), turned);
    a.store(VMOVUPS_STORE, Mem.at(OTHER), second);
    a.add(Y_AT, 2 * width.bytes());
    next(begin, X_AT, OTHER);
  }

  /** Two vectors, in which cosines and sines alternate, to one of each. */
  private void turns(Vec cosines, Vec sines) {
    Mem lower = Mem.at(Y_AT);
    Mem upper = Mem.at(Y_AT, width.bytes());
    if (width == Width.ZMM) {
      a.emit(VMOVUPS, cosines, constant(0));
      a.emit(VMOVUPS, sines, lower);
      a.emit(VPERMI2D, cosines, sines, upper);
      a.emit(VMOVUPS, vector(5), constant(1));
      a.emit(VPERMT2D, sines, vector(5), upper);
      return;
    }
    a.emit(VMOVUPS, sines, lower);
    a.emit(VSHUFPS, cosines, sines, upper, 0b10_00_10_00); // pairs 0, 1, 4, 5, 2, 3, 6, 7
    a.emit(VSHUFPS, sines, sines, upper, 0b11_01_11_01);
    a.emit(VPERMQ, cosines, cosines, 0b11_01_10_00);
    a.emit(VPERMQ, sines, sines, 0b11_01_10_00);
  }
}
