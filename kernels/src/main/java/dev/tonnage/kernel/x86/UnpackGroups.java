package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VPERMPS;
import static dev.tonnage.kernel.x86.Instruction.VPMOVZXBW;
import static dev.tonnage.kernel.x86.Instruction.VPSLLW;
import static dev.tonnage.kernel.x86.Instruction.VPTERNLOGD;
import static dev.tonnage.kernel.x86.Instruction.VPXOR;

/** {@link Groups}: what is added becomes what is subtracted. */
record UnpackGroups(Groups groupsOf) implements Blocks512 {

  private static final Vec NIBBLES = Avx512.constant(0);
  private static final Vec GROUPS = Avx512.constant(1);
  private static final Vec SIGN = Avx512.constant(2);

  /** Bits of the first or the second, where the third has one. */
  private static final int OR_THEN_AND = 0xa8;

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
  public int[] groups() {
    return Avx512.transposedGroups();
  }

  @Override
  public byte[][] constants() {
    int[] groups = groups();
    return new byte[][] {
      Constants.ints(_ -> 0x0f0f0f0f),
      Constants.ints(lane -> groupsOf.of(groups[lane])),
      Constants.ints(_ -> 0x8000_0000)
    };
  }

  @Override
  public void unpack(X86Assembler a, Gp at, int blocks) {
    for (int pair = 0; pair < 4; pair++) {
      Vec w = Avx512.WEIGHTS.get(pair);
      int left = Math.clamp(blocks - 2L * pair, 0, 2);
      Mem numbers = Mem.at(at, pair * groupsOf.bytes() / 4);
      if (left == 0) {
        a.emit(VPXOR, w, w, w);
      } else if (groupsOf.bits() == 8) {
        a.emit(VMOVUPS, left == 2 ? w : w.y(), numbers);
      } else {
        // of each byte the lower four bits, then the upper
        a.emit(VPMOVZXBW, left == 2 ? w : w.y(), numbers);
        a.shift(VPSLLW, Avx512.T0, w, 4);
        a.emit(VPTERNLOGD, w, Avx512.T0, NIBBLES, OR_THEN_AND);
      }
    }
    Avx512.transpose(a);
    int count = groupsOf.count(blocks);
    groupsOf.scalesOf(a, Avx512.FREE, at);
    groupsOf.load(a, Avx512.T0.y(), Avx512.FREE, count, Avx512.T1.y());
    a.emit(VPERMPS, Avx512.SCALES, GROUPS, Avx512.T0);
    groupsOf.biasesOf(a, Avx512.FREE);
    groupsOf.load(a, Avx512.T0.y(), Avx512.FREE, count, Avx512.T1.y());
    a.emit(VPERMPS, Avx512.LESS, GROUPS, Avx512.T0);
    a.emit(VPXOR, Avx512.LESS, Avx512.LESS, SIGN);
  }
}
