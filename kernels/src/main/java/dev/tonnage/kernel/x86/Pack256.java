package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS_STORE;

import dev.tonnage.kernel.x86.GeneralAssembler.Condition;
import dev.tonnage.kernel.x86.X86Assembler.Vnni;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Rows as a file has them to one half of a {@link PromptTile}: for each 256 inputs, up to eight
 * rows are unpacked into scratch, and then turned so that a lane is a row.
 */
final class Pack256 {

  /** For half a record: four vectors of weights, scales, and what is subtracted. */
  private static final int HALF_BYTES = 192;

  private static final int SCALES = 128;
  private static final int LESS = 160;
  private static final int ROW_BYTES = 2 * HALF_BYTES;

  /** Eight rows. */
  static final int SCRATCH_BYTES = Avx2.LANES * ROW_BYTES;

  private static final Gp ROW = Gp.RAX;
  private static final Gp TO = Gp.RCX;
  private static final Gp COUNT = Gp.R10;
  private static final Gp TILE_AT = Gp.RSI;
  private static final Gp TURNED = Gp.R8;

  /** What turning uses, and unpacking does not. */
  private static final List<Vec> TURNING = IntStream.range(0, 8).mapToObj(Vec::ymm).toList();

  private final X86Assembler a = new X86Assembler(Vnni.VEX);
  private final Unpacker256 unpacker;
  private final PromptTile tile;
  private final int[] groups;
  private final int lastBlocks;

  private Pack256(Unpacker256 unpacker, PromptTile tile, int lastBlocks) {
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
  static byte[] code(Unpacker256 unpacker, PromptTile tile, int lastBlocks) {
    return new Pack256(unpacker, tile, lastBlocks).write();
  }

  private byte[] write() {
    Leaf.begin(a);
    var constants = a.label();
    a.lea(Avx2.CONSTANTS, constants);
    a.mov(TILE_AT, Mem.at(Gp.RDI, PackArguments.TILE));
    a.mov(TURNED, Mem.at(Gp.RDI, PackArguments.SCRATCH));
    var last = a.label();
    a.mov(COUNT, Mem.at(Gp.RDI, PackArguments.RECORDS));
    a.test(COUNT, COUNT);
    a.jump(Condition.EQUAL, last);
    var record = a.here();
    record(8);
    a.sub(Mem.at(Gp.RDI, PackArguments.RECORDS), 1);
    a.jump(Condition.NOT_EQUAL, record);
    a.bind(last);
    if (lastBlocks > 0) {
      record(lastBlocks);
    }
    Leaf.end(a);
    a.place(constants, Avx2.constants(unpacker));
    return a.finish();
  }

  private void record(int blocks) {
    a.mov(ROW, Mem.at(Gp.RDI, PackArguments.WEIGHTS));
    a.mov(TO, TURNED);
    a.mov(COUNT, Mem.at(Gp.RDI, PackArguments.ROWS));
    var rehearsal = new Pack256(unpacker, tile, lastBlocks);
    rehearsal.unpack(blocks);
    a.held.hold(rehearsal.a, Avx2.CONSTANTS, TURNING);
    var row = a.here();
    int bytes = unpacker.bytes();
    a.prefetch(Mem.at(ROW, PackArguments.RECORDS_AHEAD * bytes), bytes);
    unpack(blocks);
    a.add(ROW, Mem.at(Gp.RDI, PackArguments.ROW_BYTES));
    a.add(TO, ROW_BYTES);
    a.sub(COUNT, 1);
    a.jump(Condition.NOT_EQUAL, row);
    a.held.release();
    turn(blocks);
    a.mov(ROW, Mem.at(Gp.RDI, PackArguments.WEIGHTS));
    a.add(ROW, unpacker.bytes(blocks));
    a.mov(Mem.at(Gp.RDI, PackArguments.WEIGHTS), ROW);
    a.add(TILE_AT, blocks * tile.blockBytes());
  }

  /** A row, to scratch. */
  private void unpack(int blocks) {
    for (int half = 0; 4 * half < blocks; half++) {
      unpacker.unpack(a, ROW, half, blocks);
      int at = half * HALF_BYTES;
      for (int u = 0; u < 4; u++) {
        a.store(VMOVUPS_STORE, Mem.at(TO, at + 32 * u), Avx2.WEIGHTS.get(u));
      }
      a.store(VMOVUPS_STORE, Mem.at(TO, at + SCALES), Avx2.SCALES);
      if (tile.hasMinima()) {
        a.store(VMOVUPS_STORE, Mem.at(TO, at + LESS), Avx2.LESS);
      }
    }
  }

  /** All rows, from scratch. */
  private void turn(int blocks) {
    for (int half = 0; 4 * half < blocks; half++) {
      for (int u = 0; u < 4; u++) {
        int four = u;
        turn(half, 32 * u, group -> line(group, four), blocks);
      }
      turn(half, SCALES, group -> ofGroup(group, tile.scales()), blocks);
      if (tile.hasMinima()) {
        turn(half, LESS, group -> ofGroup(group, tile.minima()), blocks);
      }
    }
  }

  /** Where four bytes of a group of sixteen go. */
  private int line(int group, int four) {
    return group / 2 * tile.blockBytes() + (group % 2 * 4 + four) * tile.lineBytes();
  }

  /** Where a scale or min of a group of sixteen goes; both halves of 32 have the same. */
  private int ofGroup(int group, int begin) {
    int line = tile.groups() == 2 ? group % 2 : 0;
    return group / 2 * tile.blockBytes() + begin + line * tile.lineBytes();
  }

  /**
   * Eight rows of eight lanes become eight lanes of eight rows.
   *
   * @param half of the record
   * @param from where the vector is in a row's half
   * @param to where a group's line goes
   */
  private void turn(int half, int from, IntUnaryOperator to, int blocks) {
    for (int r = 0; r < 8; r++) {
      a.emit(VMOVUPS, Vec.ymm(r), Mem.at(TURNED, ROW_BYTES * r + half * HALF_BYTES + from));
    }
    int first = 8 * half;
    Turn256.lanes(
        a,
        lane -> groups[first + lane] / 2 < blocks,
        lane -> Mem.at(TILE_AT, to.applyAsInt(groups[first + lane])));
  }
}
