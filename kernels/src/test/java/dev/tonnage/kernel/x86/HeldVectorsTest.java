package dev.tonnage.kernel.x86;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tonnage.kernel.x86.Vec.Width;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Code that names places in memory, of which some are held in registers. */
class HeldVectorsTest {

  private static final Mem OFTEN = Mem.at(Gp.R9, 64);
  private static final Mem RARELY = Mem.at(Gp.R9, 128);
  private static final Mem ELSEWHERE = Mem.at(Gp.RSI, 64);
  private static final Vec HELD = Vec.ymm(7);

  private final X86Assembler a = X86Assembler.of(Width.YMM);

  @Test
  void whatIsReadMostOftenIsLoadedOnceAndTakenFromItsRegister() {
    hold(List.of(HELD));
    code(a, OFTEN);

    var expected = X86Assembler.of(Width.YMM);
    expected.emit(Instruction.VMOVUPS, HELD, OFTEN);
    code(expected, HELD);
    assertThat(a.finish()).isEqualTo(expected.finish());
  }

  @Test
  void whatWasReleasedIsReadFromMemory() {
    hold(List.of(HELD));
    a.held.release();
    code(a, OFTEN);

    var expected = X86Assembler.of(Width.YMM);
    expected.emit(Instruction.VMOVUPS, HELD, OFTEN);
    code(expected, OFTEN);
    assertThat(a.finish()).isEqualTo(expected.finish());
  }

  @Test
  void nothingIsHeldWhereNoRegisterIsFree() {
    hold(List.of());
    code(a, OFTEN);

    var expected = X86Assembler.of(Width.YMM);
    code(expected, OFTEN);
    assertThat(a.finish()).isEqualTo(expected.finish());
  }

  private void hold(List<Vec> free) {
    var rehearsal = X86Assembler.of(Width.YMM);
    code(rehearsal, OFTEN);
    a.held.hold(rehearsal, Gp.R9, free);
  }

  /** Reads one vector three times, others once, and part of the first as well. */
  private static void code(X86Assembler a, Rm often) {
    Vec y = Vec.ymm(1);
    a.emit(Instruction.VPAND, y, y, RARELY);
    a.emit(Instruction.VPAND, y, y, often);
    a.emit(Instruction.VPOR, y.x(), y.x(), often instanceof Vec held ? held.x() : often);
    a.emit(Instruction.VMOVUPS, y, often);
    a.emit(Instruction.VPADDD, y, y, ELSEWHERE);
    a.emit(Instruction.VPADDD, y, y, ELSEWHERE);
    a.emit(Instruction.VPADDD, y, y, ELSEWHERE);
    a.emit(Instruction.VPADDD, y, y, ELSEWHERE);
    a.emit(Instruction.VPBROADCASTD, y, OFTEN);
    a.store(Instruction.VMOVUPS_STORE, OFTEN, y);
  }
}
