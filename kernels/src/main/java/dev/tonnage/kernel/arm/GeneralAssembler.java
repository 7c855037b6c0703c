package dev.tonnage.kernel.arm;

import dev.tonnage.kernel.arm.Gp.Width;
import dev.tonnage.kernel.asm.CodeBuffer;
import dev.tonnage.kernel.asm.CodeBuffer.Label;

/**
 * Writes AArch64 code but for vectors: general instructions, jumps. Nothing in it needs a stack.
 */
class GeneralAssembler {

  final CodeBuffer code = new CodeBuffer();

  /**
   * The code, finished.
   *
   * @throws IllegalStateException if a label is nowhere, or too far from a jump to it
   */
  byte[] finish() {
    return code.finish();
  }

  /** Bytes written so far. */
  int size() {
    return code.size();
  }

  // ---- general registers and memory

  void ldr(Gp a, Mem from) {
    load(wordOf(a) | (1 << 22), a.number(), from, a.width().bytes());
  }

  void str(Gp a, Mem to) {
    load(wordOf(a), a.number(), to, a.width().bytes());
  }

  private static int wordOf(Gp a) {
    return a.width() == Width.X ? 0xf8000000 : 0xb8000000;
  }

  void ldp(Gp a, Gp b, Mem from) {
    require(a.width() == b.width(), a + " with " + b);
    int word = a.width() == Width.X ? 0xa9400000 : 0x29400000;
    pair(word, a.number(), b.number(), from, a.width().bytes());
  }

  /** Asks for a line that will be read soon, into the first-level cache and all behind it. */
  void prefetch(Mem address) {
    load(0xf8800000, 0, address, 8);
  }

  /** A load or store of one register. */
  void load(int word, int register, Mem memory, int unit) {
    code.put32(word | memory.bits(unit) | register);
  }

  /** A load or store of two. */
  void pair(int word, int first, int second, Mem memory, int unit) {
    code.put32(word | memory.pairBits(unit) | (second << 10) | first);
  }

  // ---- general instructions, on as many bits as their registers have

  void mov(Gp a, Gp b) {
    orr(a, new Gp(Gp.ZERO, a.width()), b);
  }

  /** A number of 64 bits. */
  void mov(Gp a, long value) {
    require(a.width() == Width.X, a + " has no 64 bits");
    code.put32(0xd2800000 | ((int) (value & 0xffff) << 5) | a.number());
    for (int quarter = 1; quarter < 4; quarter++) {
      int bits = (int) (value >>> (16 * quarter)) & 0xffff;
      if (bits != 0) {
        code.put32(0xf2800000 | (quarter << 21) | (bits << 5) | a.number());
      }
    }
  }

  void add(Gp a, Gp b, int value) {
    immediate(0x11000000, a, b, value);
  }

  void sub(Gp a, Gp b, int value) {
    immediate(0x51000000, a, b, value);
  }

  /** {@code a = b − value}, and a jump may ask how they compare. */
  void subs(Gp a, Gp b, int value) {
    immediate(0x71000000, a, b, value);
  }

  /** Compares as numbers without a sign. */
  void cmp(Gp a, int value) {
    subs(new Gp(Gp.ZERO, a.width()), a, value);
  }

  void add(Gp a, Gp b, Gp c) {
    shifted(0x0b000000, a, b, c, Shift.LEFT, 0);
  }

  void sub(Gp a, Gp b, Gp c) {
    shifted(0x4b000000, a, b, c, Shift.LEFT, 0);
  }

  void cmp(Gp a, Gp b) {
    shifted(0x6b000000, new Gp(Gp.ZERO, a.width()), a, b, Shift.LEFT, 0);
  }

  void and(Gp a, Gp b, Gp c) {
    shifted(0x0a000000, a, b, c, Shift.LEFT, 0);
  }

  /** {@code a = b} without the bits of c. */
  void bic(Gp a, Gp b, Gp c) {
    shifted(0x0a200000, a, b, c, Shift.LEFT, 0);
  }

  void orr(Gp a, Gp b, Gp c) {
    orr(a, b, c, Shift.LEFT, 0);
  }

  /** {@code a = b | c shifted}. */
  void orr(Gp a, Gp b, Gp c, Shift shift, int bits) {
    shifted(0x2a000000, a, b, c, shift, bits);
  }

  void eor(Gp a, Gp b, Gp c) {
    shifted(0x4a000000, a, b, c, Shift.LEFT, 0);
  }

  /** How a register is shifted before it is used. */
  enum Shift {
    LEFT(0),
    RIGHT(1);

    private final int code;

    Shift(int code) {
      this.code = code;
    }
  }

  private void shifted(int word, Gp a, Gp b, Gp c, Shift shift, int bits) {
    require(b.width() == a.width() && c.width() == a.width(), a + " with " + b + " and " + c);
    require(bits >= 0 && bits < 8 * a.width().bytes(), "a shift by " + bits);
    int high = a.widthBit() | word | (shift.code << 22) | (c.number() << 16) | (bits << 10);
    code.put32(high | (b.number() << 5) | a.number());
  }

  /** Twelve bits, or twelve bits above twelve zeros. */
  private void immediate(int word, Gp a, Gp b, int value) {
    require(b.width() == a.width(), a + " with " + b);
    boolean flags = (word & (1 << 29)) != 0;
    require(b.number() != Gp.ZERO && (flags || a.number() != Gp.ZERO), "there is no stack here");
    boolean high = (value & 0xfff) == 0 && value > 0;
    int bits = high ? value >> 12 : value;
    require(bits >= 0 && bits < 1 << 12, "the number " + value);
    int place = high ? 1 << 22 : 0;
    code.put32(a.widthBit() | word | place | (bits << 10) | (b.number() << 5) | a.number());
  }

  void ret() {
    code.put32(0xd65f03c0);
  }

  /** Calls what is at an address. */
  void blr(Gp address) {
    require(address.width() == Width.X && address.number() != Gp.ZERO, address + " is no address");
    code.put32(0xd63f0000 | (address.number() << 5));
  }

  /** Calls the system. */
  void svc() {
    code.put32(0xd4000001);
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

  /** When a comparison's jump is taken. */
  enum Condition {
    EQUAL(0),
    NOT_EQUAL(1),
    /** Unsigned greater or equal. */
    NOT_BELOW(2),
    /** Unsigned less. */
    BELOW(3);

    private final int code;

    Condition(int code) {
      this.code = code;
    }
  }

  /** Jumps, always. */
  void b(Label to) {
    code.put32To(to, 0x14000000, (word, bytes) -> word | way(bytes, 26));
  }

  /** Jumps if the last comparison or subtraction was so. */
  void b(Condition condition, Label to) {
    far(0x54000000 | condition.code, to);
  }

  /** Jumps if a register is zero. */
  void cbz(Gp a, Label to) {
    far(a.widthBit() | 0x34000000 | a.number(), to);
  }

  /** Jumps if a register is not zero. */
  void cbnz(Gp a, Label to) {
    far(a.widthBit() | 0x35000000 | a.number(), to);
  }

  private void far(int jump, Label to) {
    code.put32To(to, jump, (word, bytes) -> word | (way(bytes, 19) << 5));
  }

  /** From the begin of a jump to its label, in words. */
  private static int way(int bytesFromEnd, int bits) {
    int words = (bytesFromEnd + 4) / 4;
    if (words < -(1 << (bits - 1)) || words >= 1 << (bits - 1)) {
      throw new IllegalStateException("a label that is " + words + " words away from a jump to it");
    }
    return words & ((1 << bits) - 1);
  }

  /** Refuses operands that an instruction has not. */
  static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException("an instruction without such operands: " + what);
    }
  }
}
