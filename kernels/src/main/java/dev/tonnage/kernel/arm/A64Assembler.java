package dev.tonnage.kernel.arm;

import dev.tonnage.kernel.arm.Gp.Width;
import dev.tonnage.kernel.asm.CodeBuffer;
import dev.tonnage.kernel.asm.CodeBuffer.Label;

/** Writes AArch64 code. Nothing in it needs a stack. */
final class A64Assembler {

  private final CodeBuffer code = new CodeBuffer();

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

  // ---- vector instructions

  /** {@code a = op b}. */
  void emit(Instruction i, Vec a, Vec b) {
    code.put32(i.word(0, a, b));
  }

  /** {@code a = b op c}; a multiplication may add to a. */
  void emit(Instruction i, Vec a, Vec b, Vec c) {
    code.put32(i.word(0, a, b, c));
  }

  /** {@code a = b shifted by bits}. */
  void shift(Instruction i, Vec a, Vec b, int bits) {
    code.put32(i.word(bits, a, b));
  }

  /** {@code a = b op c}, where a number tells a lane of c or a byte. */
  void emit(Instruction i, Vec a, Vec b, Vec c, int number) {
    code.put32(i.word(number, a, b, c));
  }

  /** The same number in every byte. */
  void movi(Vec a, int value) {
    require(a.shape().elementBytes() == 1 && !a.shape().isScalar(), a + " has no bytes");
    require(value >= 0 && value < 256, "the byte " + value);
    int bits = ((value >> 5) << 16) | ((value & 31) << 5);
    code.put32(0x0f00e400 | (a.shape().q() << 30) | bits | a.number());
  }

  /** One lane of b in every lane of a. */
  void dup(Vec a, Vec b, int lane) {
    require(!a.shape().isScalar() && b.shape() == a.shape().whole(), a + " from " + b);
    code.put32(0x0e000400 | (a.shape().q() << 30) | lane(b, lane) | (b.number() << 5) | a.number());
  }

  /** A general register in every lane. */
  void dup(Vec a, Gp b) {
    require(!a.shape().isScalar(), a + " has no lanes");
    requireElement(a, b);
    code.put32(0x0e000c00 | (a.shape().q() << 30) | lane(a, 0) | (b.number() << 5) | a.number());
  }

  /** A lane of a becomes one of b. */
  void ins(Vec a, int lane, Vec b, int from) {
    require(a.shape() == a.shape().whole() && a.shape() == b.shape(), a + " from " + b);
    lane(b, from);
    code.put32(
        0x6e000400
            | lane(a, lane)
            | (from << (11 + b.shape().size()))
            | (b.number() << 5)
            | a.number());
  }

  /** A lane of a becomes a general register. */
  void ins(Vec a, int lane, Gp b) {
    require(a.shape() == a.shape().whole(), a + " is no whole register");
    requireElement(a, b);
    code.put32(0x4e001c00 | lane(a, lane) | (b.number() << 5) | a.number());
  }

  /** A general register becomes a lane of b, the rest of it zero. */
  void umov(Gp a, Vec b, int lane) {
    require(b.shape() == b.shape().whole(), b + " is no whole register");
    requireElement(b, a);
    int q = a.width() == Width.X ? 1 : 0;
    code.put32(0x0e003c00 | (q << 30) | lane(b, lane) | (b.number() << 5) | a.number());
  }

  /** The lowest bits of a become a general register, the rest of it zero. */
  void fmov(Vec a, Gp b) {
    requireSame(a, b);
    code.put32((b.width() == Width.X ? 0x9e670000 : 0x1e270000) | (b.number() << 5) | a.number());
  }

  /** A general register becomes the lowest bits of b. */
  void fmov(Gp a, Vec b) {
    requireSame(b, a);
    code.put32((a.width() == Width.X ? 0x9e660000 : 0x1e260000) | (b.number() << 5) | a.number());
  }

  /** Five bits that tell the width of elements and which one is meant. */
  private static int lane(Vec a, int lane) {
    int size = a.shape().size();
    require(lane >= 0 && lane < 16 >> size, "lane " + lane + " of " + a);
    return ((lane << (size + 1)) | (1 << size)) << 16;
  }

  private static void requireElement(Vec a, Gp b) {
    require((b.width() == Width.X) == (a.shape().elementBytes() == 8), b + " with " + a);
  }

  private static void requireSame(Vec a, Gp b) {
    require(a.shape() == (b.width() == Width.X ? Shape.D : Shape.S), b + " with " + a);
  }

  // ---- vector registers and memory

  /** Loads a number or a whole register; what is above it becomes zero. */
  void ldr(Vec a, Mem from) {
    load(wordOf(a) | (1 << 22), a.number(), from, a.shape().bytes());
  }

  /** Stores a number or a whole register. */
  void str(Vec a, Mem to) {
    load(wordOf(a), a.number(), to, a.shape().bytes());
  }

  private static int wordOf(Vec a) {
    require(a.shape().isScalar(), a + " is loaded as numbers");
    return a.shape() == Shape.Q ? 0x3c800000 : 0x3c000000 | (a.shape().size() << 30);
  }

  /** Loads two registers from neighbouring places. */
  void ldp(Vec a, Vec b, Mem from) {
    pair(pairWordOf(a, b) | (1 << 22), a.number(), b.number(), from, a.shape().bytes());
  }

  /** Stores two registers to neighbouring places. */
  void stp(Vec a, Vec b, Mem to) {
    pair(pairWordOf(a, b), a.number(), b.number(), to, a.shape().bytes());
  }

  private static int pairWordOf(Vec a, Vec b) {
    require(a.shape() == b.shape(), a + " with " + b);
    return switch (a.shape()) {
      case S -> 0x2d000000;
      case D -> 0x6d000000;
      case Q -> 0xad000000;
      default -> throw new IllegalArgumentException("a pair of " + a);
    };
  }

  /** Loads one to four registers that follow each other, from one address. */
  void ld1(Vec first, int count, Gp from) {
    code.put32(several(first, count, from) | (1 << 22));
  }

  /** Stores one to four registers that follow each other. */
  void st1(Vec first, int count, Gp to) {
    code.put32(several(first, count, to));
  }

  private static int several(Vec first, int count, Gp address) {
    require(!first.shape().isScalar(), first + " is no vector");
    require(count >= 1 && count <= 4, count + " registers");
    int opcode = new int[] {7, 10, 6, 2}[count - 1];
    return 0x0c000000 | opcode << 12 | shaped(first, address);
  }

  /** Loads one number into every lane. */
  void ld1r(Vec a, Gp from) {
    require(!a.shape().isScalar(), a + " is no vector");
    code.put32(0x0d40c000 | shaped(a, from));
  }

  private static int shaped(Vec a, Gp address) {
    int base = Mem.at(address).base().number();
    return (a.shape().q() << 30) | (a.shape().size() << 10) | (base << 5) | a.number();
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

  private void load(int word, int register, Mem memory, int unit) {
    code.put32(word | memory.bits(unit) | register);
  }

  private void pair(int word, int first, int second, Mem memory, int unit) {
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

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException("an instruction without such operands: " + what);
    }
  }
}
