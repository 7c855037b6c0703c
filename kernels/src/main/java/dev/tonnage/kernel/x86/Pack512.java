package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS_STORE;

import dev.tonnage.kernel.asm.CodeBuffer.Label;
import dev.tonnage.kernel.x86.GeneralAssembler.Condition;
import dev.tonnage.kernel.x86.X86Assembler.Vnni;
import java.util.function.IntFunction;

/**
 * Rows as a file has them to one half of a {@link PromptTile}: for each 256 inputs, up to sixteen
 * rows are unpacked into scratch, and then turned so that a lane is a row.
 */
final class Pack512 {

  /** Four vectors of weights, scales, and what is subtracted, of sixteen rows. */
  static final int SCRATCH_BYTES = 16 * 384;

  private static final int ROW_SCRATCH = 384;
  private static final int SCALES = 256;
  private static final int LESS = 320;

  private static final Gp ROW = Gp.RAX;
  private static final Gp TO = Gp.RCX;
  private static final Gp COUNT = Gp.R10;
  private static final Gp TILE_AT = Gp.RSI;
  private static final Gp TURNED = Gp.R8;

  private final X86Assembler a = new X86Assembler(Vnni.EVEX);
  private final Unpacker unpacker;
  private final PromptTile tile;
  private final int[] groups;
  private final int lastBlocks;

  private Pack512(Unpacker unpacker, PromptTile tile, int lastBlocks) {
    this.unpacker = unpacker;
    this.tile = tile;
    this.groups = unpacker.groups();
    this.lastBlocks = lastBlocks;
  }

  /**
   * The code; its arguments are {@link PackArguments}.
   *
   * @param lastBlocks how many times 32 inputs are left at the end of a row, 0 to 7
   */
  static byte[] code(Unpacker unpacker, PromptTile tile, int lastBlocks) {
    return new Pack512(unpacker, tile, lastBlocks).write();
  }

  private byte[] write() {
    Leaf.begin(a);
    a.mov(TILE_AT, Mem.at(Gp.RDI, PackArguments.TILE));
    var constants = a.label();
    var last = a.label();
    a.mov(COUNT, Mem.at(Gp.RDI, PackArguments.RECORDS));
    a.test(COUNT, COUNT);
    a.jump(Condition.EQUAL, last);
    var record = a.here();
    record(constants, 8);
    a.sub(Mem.at(Gp.RDI, PackArguments.RECORDS), 1);
    a.jump(Condition.NOT_EQUAL, record);
    a.bind(last);
    if (lastBlocks > 0) {
      record(constants, lastBlocks);
    }
    Leaf.end(a);
    a.place(constants, unpacker.constants());
    return a.finish();
  }

  private void record(Label constants, int blocks) {
    // turning needs all registers
    Avx512.loadConstants(a, constants, unpacker.constants().length);
    a.mov(ROW, Mem.at(Gp.RDI, PackArguments.WEIGHTS));
    a.mov(TO, Mem.at(Gp.RDI, PackArguments.SCRATCH));
    a.mov(COUNT, Mem.at(Gp.RDI, PackArguments.ROWS));
    var row = a.here();
    int bytes = unpacker.bytes();
    a.prefetch(Mem.at(ROW, PackArguments.RECORDS_AHEAD * bytes), bytes);
    unpacker.unpack(a, ROW, blocks);
    for (int u = 0; u < 4; u++) {
      a.store(VMOVUPS_STORE, Mem.at(TO, 64 * u), Avx512.WEIGHTS.get(u));
    }
    a.store(VMOVUPS_STORE, Mem.at(TO, SCALES), Avx512.SCALES);
    if (tile.hasMinima()) {
      a.store(VMOVUPS_STORE, Mem.at(TO, LESS), Avx512.LESS);
    }
    a.add(ROW, Mem.at(Gp.RDI, PackArguments.ROW_BYTES));
    a.add(TO, ROW_SCRATCH);
    a.sub(COUNT, 1);
    a.jump(Condition.NOT_EQUAL, row);

    a.mov(TURNED, Mem.at(Gp.RDI, PackArguments.SCRATCH));
    for (int u = 0; u < 4; u++) {
      int four = u;
      turn(64 * u, group -> line(group, four), blocks);
    }
    turn(SCALES, group -> ofGroup(group, tile.scales()), blocks);
    if (tile.hasMinima()) {
      turn(LESS, group -> ofGroup(group, tile.subtracted()), blocks);
    }
    a.mov(ROW, Mem.at(Gp.RDI, PackArguments.WEIGHTS));
    a.add(ROW, unpacker.bytes(blocks));
    a.mov(Mem.at(Gp.RDI, PackArguments.WEIGHTS), ROW);
    a.add(TILE_AT, blocks * tile.blockBytes());
  }

  /** Where four bytes of a group of sixteen go. */
  private int line(int group, int four) {
    return group / 2 * tile.blockBytes() + 64 * (group % 2 * 4 + four);
  }

  /** Where a scale or min of a group of sixteen goes; both halves of 32 have the same. */
  private int ofGroup(int group, int begin) {
    return group / 2 * tile.blockBytes() + begin + (tile.groups() == 2 ? group % 2 * 64 : 0);
  }

  /**
   * Sixteen rows of sixteen lanes become sixteen lanes of sixteen rows.
   *
   * @param from where the vector is in a row's scratch
   * @param to where a group's line goes
   */
  private void turn(int from, IntFunction<Integer> to, int blocks) {
    for (int r = 0; r < 16; r++) {
      a.emit(VMOVUPS, Vec.zmm(r), Mem.at(TURNED, ROW_SCRATCH * r + from));
    }
    Turn512.lanes(
        a, lane -> groups[lane] / 2 < blocks, lane -> Mem.at(TILE_AT, to.apply(groups[lane])));
  }
}
