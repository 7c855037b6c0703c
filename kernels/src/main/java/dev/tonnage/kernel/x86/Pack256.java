package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VCVTPS2DQ;
import static dev.tonnage.kernel.x86.Instruction.VDIVPS;
import static dev.tonnage.kernel.x86.Instruction.VEXTRACTI128;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VMULPS;
import static dev.tonnage.kernel.x86.Instruction.VPAND;
import static dev.tonnage.kernel.x86.Instruction.VPMULLW;
import static dev.tonnage.kernel.x86.Instruction.VPOR;
import static dev.tonnage.kernel.x86.Instruction.VPSHUFB;

import dev.tonnage.kernel.x86.GeneralAssembler.Condition;
import dev.tonnage.kernel.x86.Unpacker256.Unit;
import dev.tonnage.kernel.x86.X86Assembler.Vnni;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Rows as a file has them to one half of a {@link PromptTile}: for each 256 inputs, up to eight
 * rows are unpacked into scratch, and then turned so that a lane is a row.
 */
final class Pack256 {

  /** For half a record: four vectors of weights, scales, what is subtracted, and units. */
  private static final int HALF_BYTES = 224;

  private static final int SCALES = 128;
  private static final int LESS = 160;
  private static final int UNITS = 192;
  private static final int ROW_BYTES = 2 * HALF_BYTES;

  /** Eight rows. */
  static final int SCRATCH_BYTES = Avx2.LANES * ROW_BYTES;

  private static final Gp ROW = Gp.RAX;
  private static final Gp TO = Gp.RCX;
  private static final Gp COUNT = Gp.R10;
  private static final Gp TILE_AT = Gp.RSI;
  private static final Gp TURNED = Gp.R8;

  /** Constants of packing: a word twice; of pairs of words the lower, or upper; and numbers. */
  private static final int TWICE = 0;

  private static final int LOWER = 1;
  private static final int UPPER = 2;
  private static final int BIAS = 3;
  private static final int FACTOR = 4;

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
    if (tile.hasBias() && !Arrays.equals(groups, Avx2.groups())) {
      throw new IllegalArgumentException(unpacker.name() + " has no neighbours in both halves");
    }
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
    a.place(constants, constants());
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
      if (tile.hasMinima()) {
        a.store(VMOVUPS_STORE, Mem.at(TO, at + LESS), Avx2.LESS);
      }
      unpacker.unit().filter(_ -> tile.hasUnits()).ifPresent(unit -> wholeScales(unit, at));
      a.store(VMOVUPS_STORE, Mem.at(TO, at + SCALES), Avx2.SCALES);
    }
  }

  /**
   * Scales become whole, each twice in 16 bits. With a unit of zero, or of no number, they become
   * zeros, and the unit decides.
   *
   * @param at where the half begins
   */
  private void wholeScales(Unit unit, int at) {
    Vec units = Avx2.T0;
    Avx2.broadcastHalf(a, units, Mem.at(ROW, unit.at()));
    if (unit.factor() != 1) {
      a.emit(VMULPS, units, units, own(FACTOR));
    }
    a.store(VMOVUPS_STORE, Mem.at(TO, at + UNITS), units);
    Vec scales = Avx2.SCALES;
    a.emit(VDIVPS, scales, scales, units);
    a.emit(VCVTPS2DQ, scales, scales);
    a.emit(VPSHUFB, scales, scales, own(TWICE));
    if (tile.hasBias()) {
      Vec even = Avx2.T0.x();
      Vec odd = Avx2.T1.x();
      a.emit(VPAND, even, scales.x(), own(LOWER));
      a.store(VEXTRACTI128, odd, scales, 1);
      a.emit(VPAND, odd, odd, own(UPPER));
      a.emit(VPOR, even, even, odd);
      a.emit(VPMULLW, even, even, own(BIAS));
      a.store(VMOVUPS_STORE, Mem.at(TO, at + LESS), even);
    }
  }

  /** A constant behind those of the unpacker. */
  private Mem own(int index) {
    return Avx2.constant(unpacker.constants().length + index);
  }

  private byte[][] constants() {
    byte[][] theirs = Avx2.constants(unpacker);
    float factor = unpacker.unit().map(Unit::factor).orElse(1f);
    byte[][] own = {
      Constants.halves(0),
      Constants.ints(_ -> 0xffff),
      Constants.ints(_ -> 0xffff_0000),
      Constants.words(_ -> unpacker.offset().bias()),
      Constants.floats(factor)
    };
    byte[][] all = Arrays.copyOf(theirs, theirs.length + own.length);
    System.arraycopy(own, 0, all, theirs.length, own.length);
    return all;
  }

  /** All rows, from scratch. */
  private void turn(int blocks) {
    for (int half = 0; 4 * half < blocks; half++) {
      for (int u = 0; u < 4; u++) {
        int four = u;
        turn(half, 32 * u, group -> line(group, four), blocks);
      }
      turn(half, SCALES, group -> ofGroup(group, tile.scales()), blocks);
      int first = 4 * half;
      switch (tile.less()) {
        case NOTHING -> {}
        case MINIMA -> turn(half, LESS, group -> ofGroup(group, tile.subtracted()), blocks);
        case BIAS ->
            turn(half, LESS, lane -> lane < 4, lane -> ofBlock(first + lane, tile.subtracted()));
      }
    }
    if (tile.hasUnits()) {
      turn(0, UNITS, lane -> lane == 0, _ -> tile.units());
    }
  }

  /** Where four bytes of a group of sixteen go. */
  private int line(int group, int four) {
    return ofBlock(group / 2, (group % 2 * 4 + four) * tile.lineBytes());
  }

  /** Where a scale or min of a group of sixteen goes; both halves of 32 have the same. */
  private int ofGroup(int group, int begin) {
    int line = tile.groups() == 2 ? group % 2 : 0;
    return ofBlock(group / 2, begin) + line * tile.lineBytes();
  }

  private int ofBlock(int block, int begin) {
    return block * tile.blockBytes() + begin;
  }

  /** Eight rows of eight lanes become eight lanes of eight rows, of the groups that there are. */
  private void turn(int half, int from, IntUnaryOperator toOfGroup, int blocks) {
    int first = 8 * half;
    turn(
        half,
        from,
        lane -> groups[first + lane] / 2 < blocks,
        lane -> toOfGroup.applyAsInt(groups[first + lane]));
  }

  /**
   * Eight rows of eight lanes become eight lanes of eight rows.
   *
   * @param half of the record
   * @param from where the vector is in a row's half
   * @param wanted whether a lane is stored
   * @param to where its line goes
   */
  private void turn(int half, int from, IntPredicate wanted, IntUnaryOperator to) {
    for (int r = 0; r < 8; r++) {
      a.emit(VMOVUPS, Vec.ymm(r), Mem.at(TURNED, ROW_BYTES * r + half * HALF_BYTES + from));
    }
    Turn256.lanes(a, wanted, lane -> Mem.at(TILE_AT, to.applyAsInt(lane)));
  }
}
