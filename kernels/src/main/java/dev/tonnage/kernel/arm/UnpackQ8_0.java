package dev.tonnage.kernel.arm;

import dev.tonnage.kernel.arm.GeneralAssembler.Condition;
import dev.tonnage.kernel.asm.CodeBuffer.Label;

/**
 * Q8_0: blocks of 32, a half-precision scale and 32 signed bytes. A group is four blocks, or what
 * is left of them at the end of a row.
 */
record UnpackQ8_0() implements Unpacker {

  private static final int BLOCK_BYTES = 34;

  @Override
  public boolean hasMinima() {
    return false;
  }

  @Override
  public int stepBytes() {
    return 4 * BLOCK_BYTES;
  }

  @Override
  public int groups() {
    return 1;
  }

  @Override
  public void begin(A64Assembler a) {}

  @Override
  public void group(A64Assembler a, int group) {
    Label few = a.label();
    Label taken = a.label();
    a.cmp(LEFT, 4);
    a.b(Condition.BELOW, few);
    for (int block = 0; block < 4; block++) {
      take(a, block);
    }
    a.sub(LEFT, LEFT, 4);
    a.b(taken);
    a.bind(few);
    takeFew(a, taken);
    a.bind(taken);
    a.add(CURSOR, CURSOR, stepBytes());
    // four numbers of 16 bits side by side, and then of 32
    a.emit(Instruction.ZIP1, half(0), half(0), half(1));
    a.emit(Instruction.ZIP1, half(2), half(2), half(3));
    a.emit(Instruction.ZIP1, half(0).as(Shape.S2), half(0).as(Shape.S2), half(2).as(Shape.S2));
    a.emit(Instruction.FCVTL, SCALES, half(0));
  }

  /** One to three blocks; no byte beyond them is read. */
  private static void takeFew(A64Assembler a, Label taken) {
    // in the bytes of the others is anything, but the activations for them are zeros
    for (int block = 0; block < 4; block++) {
      a.movi(half(block).as(Shape.B16), 0);
    }
    for (int block = 0; block < 3; block++) {
      take(a, block);
      a.sub(LEFT, LEFT, 1);
      if (block < 2) {
        a.cbz(LEFT, taken);
      }
    }
  }

  private static void take(A64Assembler a, int block) {
    int at = block * BLOCK_BYTES;
    a.ldr(half(block).as(Shape.H), Mem.at(CURSOR, at));
    a.ldr(Unpacker.bytes(2 * block).as(Shape.Q), Mem.at(CURSOR, at + 2));
    a.ldr(Unpacker.bytes(2 * block + 1).as(Shape.Q), Mem.at(CURSOR, at + 18));
  }

  /** Where the scale of a block is at first. */
  private static Vec half(int block) {
    return Vec.v(2 + block, Shape.H4);
  }
}
