package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.x86.Instruction.Form;
import dev.tonnage.kernel.x86.Instruction.Wide;
import dev.tonnage.kernel.x86.Mem.Spread;
import dev.tonnage.kernel.x86.Vec.Width;

/**
 * Writes x86-64 vector code. The shortest encoding is taken, as other assemblers do: VEX where the
 * operands allow it, a displacement of one byte where it fits.
 */
final class X86Assembler extends GeneralAssembler {

  /**
   * How dot products of bytes are encoded, which two extensions of the processor do differently.
   */
  enum Vnni {
    /** AVX-512 VNNI. */
    EVEX,
    /** AVX-VNNI. */
    VEX
  }

  private static final int NO_REGISTER = 0;

  private final Vnni vnni;

  /** Vectors that are in registers though instructions name a place in memory. */
  final HeldVectors held = new HeldVectors(this);

  X86Assembler(Vnni vnni) {
    this.vnni = vnni;
  }

  /** For code of AVX-512 or of AVX2, as its vectors are wide. */
  static X86Assembler of(Width vectors) {
    return new X86Assembler(vectors == Width.ZMM ? Vnni.EVEX : Vnni.VEX);
  }

  // ---- vector instructions

  /** {@code reg = reg op rm}, or a move or conversion of {@code rm} to {@code reg}. */
  void emit(Instruction i, Vec reg, Rm rm) {
    require(i, Form.RM);
    vector(i, reg.number(), NO_REGISTER, rm, widest(reg, rm), Mask.NONE);
  }

  /** The same with eight bits that say how. */
  void emit(Instruction i, Vec reg, Rm rm, int immediate) {
    require(i, Form.RMI);
    vector(i, reg.number(), NO_REGISTER, rm, widest(reg, rm), Mask.NONE);
    code.put8(immediate);
  }

  /** {@code reg = first op second}; a fused multiplication adds to reg. */
  void emit(Instruction i, Vec reg, Vec first, Rm second) {
    emit(i, Mask.NONE, reg, first, second);
  }

  /** The same in some lanes only; the others keep what they had. */
  void emit(Instruction i, Mask mask, Vec reg, Vec first, Rm second) {
    require(i, Form.RVM);
    vector(i, reg.number(), first.number(), second, reg.width(), mask);
  }

  /** The same with eight bits that say how. */
  void emit(Instruction i, Vec reg, Vec first, Rm second, int immediate) {
    require(i, Form.RVMI);
    vector(i, reg.number(), first.number(), second, reg.width(), Mask.NONE);
    code.put8(immediate);
  }

  /** {@code to = first op second}, a bit for each lane. */
  void emit(Instruction i, Mask to, Vec first, Rm second) {
    require(i, Form.KVM);
    vector(i, to.number(), first.number(), second, first.width(), Mask.NONE);
  }

  /** The same with eight bits that say how. */
  void emit(Instruction i, Mask to, Vec first, Rm second, int immediate) {
    require(i, Form.KVMI);
    vector(i, to.number(), first.number(), second, first.width(), Mask.NONE);
    code.put8(immediate);
  }

  /** Stores a register, or converts it to {@code rm}. */
  void store(Instruction i, Rm rm, Vec reg) {
    require(i, Form.MR);
    vector(i, reg.number(), NO_REGISTER, rm, widest(reg, rm), Mask.NONE);
  }

  /** The same with eight bits that say how. */
  void store(Instruction i, Rm rm, Vec reg, int immediate) {
    require(i, Form.MRI);
    vector(i, reg.number(), NO_REGISTER, rm, widest(reg, rm), Mask.NONE);
    code.put8(immediate);
  }

  /** {@code reg = from shifted by bits}. */
  void shift(Instruction i, Vec reg, Vec from, int bits) {
    require(i, Form.VMI);
    vector(i, i.digit, reg.number(), from, reg.width(), Mask.NONE);
    code.put8(bits);
  }

  private static void require(Instruction i, Form form) {
    if (i.form != form) {
      throw new IllegalArgumentException(i + " has operands " + i.form);
    }
  }

  /** Conversions have operands of two widths and are encoded with the wider. */
  private static Width widest(Vec reg, Rm rm) {
    return rm instanceof Vec other && other.width().bytes() > reg.width().bytes()
        ? other.width()
        : reg.width();
  }

  private void vector(Instruction i, int reg, int second, Rm named, Width width, Mask mask) {
    Rm rm = i.readsVector() ? held.instead(named, width) : named;
    boolean upper =
        reg > 15 || second > 15 || (rm instanceof Vec register && register.number() > 15);
    boolean broadcast = rm instanceof Mem memory && memory.spread() == Spread.BROADCAST;
    boolean wanted = width == Width.ZMM || upper || broadcast || mask != Mask.NONE;
    boolean evex =
        switch (i.vex) {
          case SAME -> wanted;
          case NEVER -> true;
          case ON_REQUEST -> wanted || vnni == Vnni.EVEX;
          case ONLY -> false;
        };
    if (evex) {
      evex(i, reg, second, rm, width, mask);
    } else if (wanted) {
      throw new IllegalArgumentException(i + " has no such operands");
    } else {
      vex(i, reg, second, rm, width);
    }
  }

  private void vex(Instruction i, int reg, int second, Rm rm, Width width) {
    int w = i.wide == Wide.W1 ? 1 : 0;
    int r = (reg >> 3) & 1;
    int x = indexBit(rm);
    int b = baseBit(rm);
    int last = ((~second & 15) << 3) | (width.code() << 2) | i.prefix.code;
    if (i.map == Instruction.OpcodeMap.M_0F && w == 0 && x == 0 && b == 0) {
      code.put8(0xc5);
      code.put8(((r ^ 1) << 7) | last);
    } else {
      code.put8(0xc4);
      code.put8(((r ^ 1) << 7) | ((x ^ 1) << 6) | ((b ^ 1) << 5) | i.map.code);
      code.put8((w << 7) | last);
    }
    code.put8(i.opcode);
    operand(reg, rm, 1);
  }

  private void evex(Instruction i, int reg, int second, Rm rm, Width width, Mask mask) {
    int w = i.wide == Wide.W0 ? 0 : 1;
    boolean broadcast = rm instanceof Mem memory && memory.spread() == Spread.BROADCAST;
    // a register's fifth bit is where an index has its fourth
    int x = rm instanceof Vec register ? (register.number() >> 4) & 1 : indexBit(rm);
    code.put8(0x62);
    code.put8(
        (((~reg >> 3) & 1) << 7)
            | ((x ^ 1) << 6)
            | ((baseBit(rm) ^ 1) << 5)
            | (((~reg >> 4) & 1) << 4)
            | i.map.code);
    code.put8((w << 7) | ((~second & 15) << 3) | (1 << 2) | i.prefix.code);
    code.put8(
        (width.code() << 5)
            | ((broadcast ? 1 : 0) << 4)
            | (((~second >> 4) & 1) << 3)
            | mask.number());
    code.put8(i.opcode);
    operand(reg, rm, broadcast ? i.elementBytes() : i.read.bytes(width));
  }

  private static int indexBit(Rm rm) {
    return rm instanceof Mem memory ? indexBit(memory) : 0;
  }

  private static int baseBit(Rm rm) {
    return switch (rm) {
      case Vec register -> (register.number() >> 3) & 1;
      case Mem memory -> baseBit(memory);
    };
  }

  /**
   * The bytes ModRM, SIB and displacement.
   *
   * @param unit what a displacement of one byte counts, in bytes
   */
  private void operand(int reg, Rm rm, int unit) {
    int middle = (reg & 7) << 3;
    switch (rm) {
      case Vec register -> code.put8(0xc0 | middle | (register.number() & 7));
      case Mem memory -> memory(middle, memory, unit);
    }
  }

  /** Leaves the upper halves of vector registers clean, as callers want them. */
  void vzeroupper() {
    code.put8(0xc5);
    code.put8(0xf8);
    code.put8(0x77);
  }
}
