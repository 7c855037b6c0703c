package dev.tonnage.kernel.arm;

import dev.tonnage.kernel.arm.Gp.Width;

/** Writes AArch64 code: vector instructions, and what {@link GeneralAssembler} has. */
final class A64Assembler extends GeneralAssembler {

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
}
