package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPERMPS;
import static dev.tonnage.kernel.x86.Instruction.VPMOVZXBW;
import static dev.tonnage.kernel.x86.Instruction.VPOR;
import static dev.tonnage.kernel.x86.Instruction.VPSLLW;
import static dev.tonnage.kernel.x86.Instruction.VPXOR;

/** {@link Groups}: what is added becomes what is subtracted. */
record Unpack256Groups(Groups groupsOf) implements Blocks256 {

  private static final int NIBBLES = 0;
  private static final int SIGN = 1;
  private static final int GROUPS = 2;

  @Override
  public String name() {
    return groupsOf.name();
  }

  @Override
  public int blockBytes() {
    return groupsOf.bytes() / 8;
  }

  @Override
  public Offset offset() {
    return new Offset.Min();
  }

  @Override
  public int most() {
    return (1 << groupsOf.bits()) - 1;
  }

  @Override
  public byte[][] constants() {
    int[] groups = groups();
    return new byte[][] {
      Constants.ints(_ -> 0x0f0f0f0f),
      Constants.ints(_ -> 0x8000_0000),
      Constants.ints(lane -> groupsOf.of(groups[lane]))
    };
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int half, int blocks) {
    for (int b = 0; b < 4; b++) {
      Vec w = Avx2.WEIGHTS.get(b);
      int block = 4 * half + b;
      Mem numbers = Mem.at(at, block * blockBytes());
      if (block >= blocks) {
        a.emit(VPXOR, w, w, w);
      } else if (groupsOf.bits() == 8) {
        a.emit(VMOVUPS, w, numbers);
      } else {
        // of each byte the lower four bits, then the upper
        a.emit(VPMOVZXBW, w, numbers);
        a.shift(VPSLLW, Avx2.T0, w, 4);
        a.emit(VPOR, w, w, Avx2.T0);
        a.emit(VPAND, w, w, Avx2.constant(NIBBLES));
      }
    }
    Avx2.transpose(a);
    int count = groupsOf.count(blocks);
    groupsOf.scalesOf(a, Avx2.FREE, at);
    toLanes(a, Avx2.SCALES, count, half);
    groupsOf.biasesOf(a, Avx2.FREE);
    toLanes(a, Avx2.LESS, count, half);
    a.emit(VPXOR, Avx2.LESS, Avx2.LESS, Avx2.constant(SIGN));
  }

  private void toLanes(X86Assembler a, Vec to, int count, int half) {
    groupsOf.load(a, Avx2.T0, Avx2.FREE, count, Avx2.T1);
    a.emit(VMOVUPS, to, Avx2.constant(GROUPS, half));
    a.emit(VPERMPS, to, to, Avx2.T0);
  }
}
