package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.asm.CodeBuffer;
import dev.tonnage.kernel.asm.CodeBuffer.Label;

/** Writes x86-64 code but for vectors: general instructions, jumps, data. */
class GeneralAssembler {

  final CodeBuffer code = new CodeBuffer();

  /** The code, finished. */
  byte[] finish() {
    return code.finish();
  }

  /** Bytes written so far. */
  int size() {
    return code.size();
  }

  // ---- general instructions, all on 64 bits but where it is said

  void mov(Gp to, Gp from) {
    general(0x8b, to.number(), from);
  }

  void mov(Gp to, Mem from) {
    general(0x8b, to.number(), from);
  }

  void mov(Mem to, Gp from) {
    general(0x89, from.number(), to);
  }

  /** 32 bits, the upper ones zero. */
  void movd(Gp to, Mem from) {
    general32(0x8b, to.number(), from);
  }

  /** 8 bits, the upper ones zero. */
  void movb(Gp to, Mem from) {
    wide(0xb6, to.number(), from);
  }

  /** 16 bits, the upper ones zero. */
  void movw(Gp to, Mem from) {
    wide(0xb7, to.number(), from);
  }

  /** A number of 32 bits, the upper ones zero. */
  void movd(Gp to, int value) {
    if (to.number() > 7) {
      code.put8(0x41);
    }
    code.put8(0xb8 | (to.number() & 7));
    code.put32(value);
  }

  void lea(Gp to, Mem address) {
    general(0x8d, to.number(), address);
  }

  /** The address of a label. */
  void lea(Gp to, Label label) {
    code.put8(0x48 | ((to.number() >> 3) << 2));
    code.put8(0x8d);
    code.put8(((to.number() & 7) << 3) | 5);
    code.put32To(label);
  }

  /** Stores 32 bits. */
  void movd(Mem to, Gp from) {
    general32(0x89, from.number(), to);
  }

  void add(Gp to, Gp other) {
    general(0x03, to.number(), other);
  }

  void add(Gp to, Mem other) {
    general(0x03, to.number(), other);
  }

  void add(Gp to, int value) {
    arithmetic(0, to, value);
  }

  void sub(Gp to, Gp other) {
    general(0x2b, to.number(), other);
  }

  void sub(Gp to, Mem other) {
    general(0x2b, to.number(), other);
  }

  void sub(Gp to, int value) {
    arithmetic(5, to, value);
  }

  /** Subtracts from 64 bits in memory. */
  void sub(Mem from, int value) {
    code.put8(0x48 | rex(0, from));
    code.put8(value == (byte) value ? 0x83 : 0x81);
    memory(5 << 3, from, 1);
    immediate(value);
  }

  void and(Gp to, int value) {
    arithmetic(4, to, value);
  }

  void cmp(Gp a, Gp b) {
    general(0x3b, a.number(), b);
  }

  void cmp(Gp a, int value) {
    arithmetic(7, a, value);
  }

  void test(Gp a, Gp b) {
    general(0x85, b.number(), a);
  }

  void shl(Gp to, int bits) {
    shift(4, to, bits);
  }

  void shr(Gp to, int bits) {
    shift(5, to, bits);
  }

  /** {@code to = other · value}. */
  void imul(Gp to, Gp other, int value) {
    general(value == (byte) value ? 0x6b : 0x69, to.number(), other);
    immediate(value);
  }

  /** Asks for a line that will be read soon, into the first-level cache and all behind it. */
  void prefetch(Mem address) {
    if (rex(0, address) != 0) {
      code.put8(0x40 | rex(0, address));
    }
    code.put8(0x0f);
    code.put8(0x18);
    memory(1 << 3, address, 1);
  }

  /** Asks for all lines of some bytes; they may begin anywhere in a line. */
  void prefetch(Mem address, int bytes) {
    for (int line = 0; line < bytes; line += 64) {
      prefetch(address.plus(line));
    }
  }

  /** Asks the processor what it is: eax and ecx say what is asked, eax to edx answer. */
  void cpuid() {
    code.put8(0x0f);
    code.put8(0xa2);
  }

  /** Which state the system keeps, in edx and eax; ecx is 0. */
  void xgetbv() {
    code.put8(0x0f);
    code.put8(0x01);
    code.put8(0xd0);
  }

  void ret() {
    code.put8(0xc3);
  }

  /** An instruction on 64 bits with a register and another. */
  private void general(int opcode, int reg, Gp other) {
    code.put8(0x48 | ((reg >> 3) << 2) | (other.number() >> 3));
    code.put8(opcode);
    code.put8(0xc0 | ((reg & 7) << 3) | (other.number() & 7));
  }

  /** An instruction on 64 bits with a register and memory. */
  private void general(int opcode, int reg, Mem memory) {
    code.put8(0x48 | rex(reg, memory));
    code.put8(opcode);
    memory((reg & 7) << 3, memory, 1);
  }

  /** An instruction on 32 bits with a register and memory. */
  private void general32(int opcode, int reg, Mem memory) {
    if (rex(reg, memory) != 0) {
      code.put8(0x40 | rex(reg, memory));
    }
    code.put8(opcode);
    memory((reg & 7) << 3, memory, 1);
  }

  /** An instruction of the second table that widens what it reads. */
  private void wide(int opcode, int reg, Mem memory) {
    if (rex(reg, memory) != 0) {
      code.put8(0x40 | rex(reg, memory));
    }
    code.put8(0x0f);
    code.put8(opcode);
    memory((reg & 7) << 3, memory, 1);
  }

  private static int rex(int reg, Mem memory) {
    return ((reg >> 3) << 2) | (indexBit(memory) << 1) | baseBit(memory);
  }

  private void arithmetic(int digit, Gp to, int value) {
    if (value != (byte) value && to == Gp.RAX) { // has a short form of its own
      code.put8(0x48);
      code.put8((digit << 3) | 5);
      code.put32(value);
      return;
    }
    code.put8(0x48 | (to.number() >> 3));
    code.put8(value == (byte) value ? 0x83 : 0x81);
    code.put8(0xc0 | (digit << 3) | (to.number() & 7));
    immediate(value);
  }

  private void immediate(int value) {
    if (value == (byte) value) {
      code.put8(value);
    } else {
      code.put32(value);
    }
  }

  private void shift(int digit, Gp to, int bits) {
    code.put8(0x48 | (to.number() >> 3));
    code.put8(bits == 1 ? 0xd1 : 0xc1);
    code.put8(0xc0 | (digit << 3) | (to.number() & 7));
    if (bits != 1) {
      code.put8(bits);
    }
  }

  // ---- data

  /** Numbers behind the code, on a line of 64 bytes. */
  void place(Label label, byte[]... values) {
    while (code.size() % 64 != 0) {
      code.put8(0xcc); // a trap, should anybody run into it
    }
    bind(label);
    for (byte[] value : values) {
      for (byte each : value) {
        code.put8(each);
      }
    }
  }

  // ---- labels

  Label label() {
    return code.label();
  }

  /** A label that is here. */
  Label here() {
    Label here = code.label();
    code.bind(here);
    return here;
  }

  void bind(Label label) {
    code.bind(label);
  }

  /** Jumps, always. */
  void jmp(Label to) {
    if (to.isBound() && code.distanceTo(to) - 2 >= -128) {
      code.put8(0xeb);
      code.put8(code.distanceTo(to) - 1);
    } else {
      code.put8(0xe9);
      code.put32To(to);
    }
  }

  /** When a comparison's jump is taken. */
  enum Condition {
    /** Unsigned less. */
    BELOW(2),
    /** Unsigned greater or equal. */
    NOT_BELOW(3),
    EQUAL(4),
    NOT_EQUAL(5),
    /** Signed. */
    LESS(12),
    /** Signed. */
    NOT_LESS(13);

    private final int code;

    Condition(int code) {
      this.code = code;
    }
  }

  /** Jumps if the last comparison or subtraction was so. */
  void jump(Condition condition, Label to) {
    if (to.isBound() && code.distanceTo(to) - 2 >= -128) {
      code.put8(0x70 | condition.code);
      code.put8(code.distanceTo(to) - 1);
    } else {
      code.put8(0x0f);
      code.put8(0x80 | condition.code);
      code.put32To(to);
    }
  }

  // ---- addresses

  /**
   * The bytes ModRM, SIB and displacement.
   *
   * @param middle what stands beside the address, at its place in ModRM
   * @param unit what a displacement of one byte counts, in bytes
   */
  void memory(int middle, Mem memory, int unit) {
    int base = memory.base().number() & 7;
    int displacement = memory.displacement();
    boolean fits =
        displacement % unit == 0 && displacement / unit >= -128 && displacement / unit <= 127;
    // a base of rbp or r13 without a displacement means something else
    int mode = displacement == 0 && base != Gp.RBP.number() ? 0 : fits ? 1 : 2;
    boolean sib = memory.index() != Mem.NO_INDEX || base == Gp.RSP.number();
    code.put8((mode << 6) | middle | (sib ? 4 : base));
    if (sib) {
      int index = memory.index() == Mem.NO_INDEX ? 4 : memory.index() & 7;
      code.put8((Integer.numberOfTrailingZeros(memory.scale()) << 6) | (index << 3) | base);
    }
    if (mode == 1) {
      code.put8(displacement / unit);
    } else if (mode == 2) {
      code.put32(displacement);
    }
  }

  /** The fourth bit of an index's number. */
  static int indexBit(Mem memory) {
    return memory.index() != Mem.NO_INDEX ? memory.index() >> 3 : 0;
  }

  /** The fourth bit of a base's number. */
  static int baseBit(Mem memory) {
    return memory.base().number() >> 3;
  }
}
