package dev.tonnage.kernel.arm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tonnage.kernel.arm.GeneralAssembler.Condition;
import dev.tonnage.kernel.arm.GeneralAssembler.Shift;
import dev.tonnage.kernel.arm.RandomCode.Line;
import dev.tonnage.kernel.asm.GnuTools;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our words against those of GNU's assembler: where it is installed, and as recorded. */
class A64AssemblerTest {

  /** With everything that the table of instructions names. */
  static final GnuTools GNU = new GnuTools("aarch64-linux-gnu-", List.of("-march=armv8.6-a"));

  static final String NOT_INSTALLED =
      "GNU as for AArch64 is not installed: apt-get install binutils-aarch64-linux-gnu";

  private static final long SEED = Long.getLong("tonnage.seed", System.nanoTime());

  private static final Vec A = Vec.v(1, Shape.S4);
  private static final Vec B = Vec.v(2, Shape.S4);

  @TempDir private Path folder;

  @Test
  void everyInstructionIsEncodedAsItWasRecorded() throws IOException {
    List<Line> lines = new RandomCode(1).lines(4);
    List<String> expected;
    try (InputStream in = A64AssemblerTest.class.getResourceAsStream("A64.hex")) {
      expected = new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
    }
    assertThat(expected).hasSameSizeAs(lines);
    for (int i = 0; i < lines.size(); i++) {
      assertThat(lines.get(i).hex()).as(lines.get(i).text()).isEqualTo(expected.get(i));
    }
  }

  @Test
  void randomInstructionsAreEncodedAsGnuAsEncodesThem() throws IOException, InterruptedException {
    Assumptions.assumeTrue(GNU.areInstalled(), NOT_INSTALLED);
    List<Line> lines = new RandomCode(SEED).lines(60);
    byte[] expected = GNU.assemble(folder, lines.stream().map(Line::text).toList());
    int at = 0;
    for (Line line : lines) {
      int end = Math.min(expected.length, at + line.hex().length() / 2);
      assertThat(line.hex())
          .as("%s, seed %d", line.text(), SEED)
          .isEqualTo(HexFormat.of().formatHex(expected, at, end));
      at = end;
    }
    assertThat(at).isEqualTo(expected.length);
  }

  @Test
  void jumpsLeadToTheirLabels() {
    var a = new A64Assembler();
    var out = a.label();
    var loop = a.here();
    a.subs(Gp.x(1), Gp.x(1), 1);
    a.b(Condition.EQUAL, out);
    a.cbz(Gp.w(2), out);
    a.cbnz(Gp.x(3), loop);
    a.b(loop);
    a.bind(out);
    a.ret();
    assertThat(words(a))
        .containsExactly("f1000421", "54000080", "34000062", "b5ffffa3", "17fffffc", "d65f03c0");
  }

  private static List<String> words(A64Assembler a) {
    byte[] code = a.finish();
    var words = new ArrayList<String>();
    for (int at = 0; at < code.length; at += 4) {
      int word = 0;
      for (int i = 3; i >= 0; i--) {
        word = (word << 8) | (code[at + i] & 0xff);
      }
      words.add(HexFormat.of().toHexDigits(word));
    }
    return words;
  }

  @Test
  void aJumpThatIsTooLongForItsWordIsRefused() {
    var near = new A64Assembler();
    var nearEnd = near.label();
    near.cbz(Gp.x(1), nearEnd);
    returns(near, (1 << 18) - 2);
    near.bind(nearEnd);
    assertThat(near.finish()).startsWith(0xe1, 0xff, 0x7f, 0xb4);

    var far = new A64Assembler();
    var farEnd = far.label();
    far.cbz(Gp.x(1), farEnd);
    returns(far, (1 << 18) - 1);
    far.bind(farEnd);
    assertThatThrownBy(far::finish)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("262144 words");

    var back = new A64Assembler();
    var begin = back.here();
    returns(back, (1 << 18) + 1);
    back.b(Condition.EQUAL, begin);
    assertThatThrownBy(back::finish).isInstanceOf(IllegalStateException.class);
  }

  private static void returns(A64Assembler a, int count) {
    for (int n = 0; n < count; n++) {
      a.ret();
    }
  }

  @Test
  void aJumpToALabelThatIsNowhereIsRefused() {
    var a = new A64Assembler();
    a.b(a.label());
    assertThatThrownBy(a::finish).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void registersThatDoNotExistAreRefused() {
    refused(() -> Vec.v(32, Shape.S4));
    refused(() -> Vec.v(-1, Shape.S4));
    refused(() -> Gp.x(32));
    refused(() -> Mem.at(Gp.XZR));
    refused(() -> Mem.at(Gp.w(1)));
  }

  @Test
  void operandsThatAnInstructionDoesNotHaveAreRefused() {
    var a = new A64Assembler();
    refused(() -> a.emit(Instruction.ADD, A, B));
    refused(() -> a.emit(Instruction.ADD, A, B, B.as(Shape.H8)));
    refused(() -> a.emit(Instruction.MUL, A.as(Shape.D2), B.as(Shape.D2), B.as(Shape.D2)));
    refused(() -> a.emit(Instruction.FADD, A.as(Shape.H8), B.as(Shape.H8), B.as(Shape.H8)));
    refused(() -> a.emit(Instruction.SDOT, A, B, B));
    refused(() -> a.emit(Instruction.SMMLA, A.as(Shape.S2), B.as(Shape.B8), B.as(Shape.B8)));
    refused(() -> a.emit(Instruction.FMLA_LANE, A, B, B, 4));
    refused(
        () -> a.emit(Instruction.MUL_LANE, A.as(Shape.H8), B.as(Shape.H8), Vec.v(16, Shape.H8), 0));
    refused(() -> a.shift(Instruction.SHL, A, B, 32));
    refused(() -> a.shift(Instruction.USHR, A, B, 0));
    refused(() -> a.movi(A.as(Shape.B16), 256));
    refused(() -> a.movi(A, 0));
    refused(() -> a.dup(A, B, 4));
    refused(() -> a.ins(A, 0, Gp.x(1)));
    refused(() -> a.umov(Gp.w(1), B.as(Shape.D2), 0));
    refused(() -> a.fmov(A, Gp.w(1)));
    refused(() -> a.ldr(A, Mem.at(Gp.x(1))));
    refused(() -> a.ldp(A.as(Shape.H), B.as(Shape.H), Mem.at(Gp.x(1))));
    refused(() -> a.ldp(A.as(Shape.Q), B.as(Shape.Q), Mem.at(Gp.x(1), 1024)));
    refused(() -> a.ldp(A.as(Shape.Q), B.as(Shape.Q), Mem.at(Gp.x(1), 8)));
    refused(() -> a.ldr(A.as(Shape.Q), Mem.at(Gp.x(1), 257)));
    refused(() -> a.ldr(A.as(Shape.Q), Mem.at(Gp.x(1), 1 << 16)));
    refused(() -> a.ld1(A, 5, Gp.x(1)));
    refused(() -> a.add(Gp.x(1), Gp.x(2), 4097));
    refused(() -> a.add(Gp.x(1), Gp.x(2), -1));
    refused(() -> a.add(Gp.XZR, Gp.x(2), 1));
    refused(() -> a.add(Gp.x(1), Gp.w(2), 1));
    refused(() -> a.mov(Gp.w(1), 1));
    refused(() -> a.orr(Gp.w(1), Gp.w(1), Gp.w(1), Shift.LEFT, 32));
    refused(() -> a.blr(Gp.w(1)));
    assertThat(a.size()).isZero();
  }

  private static void refused(Runnable call) {
    assertThatThrownBy(call::run).isInstanceOf(IllegalArgumentException.class);
  }
}
