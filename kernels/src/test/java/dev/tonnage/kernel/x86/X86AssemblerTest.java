package dev.tonnage.kernel.x86;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tonnage.kernel.asm.GnuTools;
import dev.tonnage.kernel.x86.GeneralAssembler.Condition;
import dev.tonnage.kernel.x86.RandomCode.Line;
import dev.tonnage.kernel.x86.X86Assembler.Vnni;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our bytes against those of GNU's assembler: where it is installed, and as recorded. */
class X86AssemblerTest {

  private static final long SEED = Long.getLong("tonnage.seed", System.nanoTime());

  private static final GnuTools GNU = new GnuTools("", List.of("--64"));

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void everyInstructionIsEncodedAsItWasRecorded(Vnni vnni) throws IOException {
    List<Line> lines = new RandomCode(1, vnni).lines(12);
    String recorded;
    try (InputStream in = X86AssemblerTest.class.getResourceAsStream(vnni + ".hex")) {
      recorded = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
    List<String> expected = recorded.lines().toList();
    assertThat(expected).hasSameSizeAs(lines);
    for (int i = 0; i < lines.size(); i++) {
      assertThat(lines.get(i).hex()).as(lines.get(i).text()).isEqualTo(expected.get(i));
    }
  }

  @ParameterizedTest
  @EnumSource
  void randomInstructionsAreEncodedAsGnuAsEncodesThem(Vnni vnni)
      throws IOException, InterruptedException {
    Assumptions.assumeTrue(
        GNU.areInstalled() && isX86(), "GNU as is not installed: apt-get install binutils");
    List<Line> lines = new RandomCode(SEED, vnni).lines(60);
    byte[] expected = assemble(lines, vnni);
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

  private static boolean isX86() {
    String architecture = System.getProperty("os.arch");
    return architecture.equals("amd64") || architecture.equals("x86_64");
  }

  private byte[] assemble(List<Line> lines, Vnni vnni) throws IOException, InterruptedException {
    var text = new ArrayList<String>();
    text.add(".intel_syntax noprefix");
    for (Line line : lines) {
      text.add(prefix(line, vnni) + line.text());
    }
    return GNU.assemble(folder, text);
  }

  /** Says which of two encodings is meant, where GNU as takes the other one. */
  private static String prefix(Line line, Vnni vnni) {
    boolean lower = !line.hex().startsWith("62");
    return vnni == Vnni.VEX && lower && line.text().startsWith("vpdp") ? "{vex} " : "";
  }

  @Test
  void jumpsLeadToTheirLabels() {
    var a = new X86Assembler(Vnni.EVEX);
    var out = a.label();
    var loop = a.here();
    a.sub(Gp.RCX, 1);
    a.jump(Condition.EQUAL, out);
    a.jump(Condition.NOT_EQUAL, loop);
    a.jmp(loop);
    a.bind(out);
    a.ret();
    assertThat(HexFormat.of().formatHex(a.finish()))
        .isEqualTo("4883e901" + "0f8404000000" + "75f4" + "ebf2" + "c3");
  }

  @Test
  void longJumpsBackHave32Bits() {
    var a = new X86Assembler(Vnni.EVEX);
    var loop = a.here();
    for (int i = 0; i < 64; i++) {
      a.vzeroupper();
    }
    a.jump(Condition.BELOW, loop);
    a.jmp(loop);
    byte[] code = a.finish();
    assertThat(HexFormat.of().formatHex(code, 192, code.length))
        .isEqualTo("0f823affffff" + "e935ffffff");
  }

  @Test
  void maskedLanesAreEncoded() {
    var a = new X86Assembler(Vnni.EVEX);
    a.emit(Instruction.VMULPS, Mask.K1, Vec.zmm(1), Vec.zmm(2), Vec.zmm(3));
    assertThat(HexFormat.of().formatHex(a.finish())).isEqualTo("62f16c4959cb");
  }

  @Test
  void operandsThatAnInstructionDoesNotHaveAreRefused() {
    var a = new X86Assembler(Vnni.EVEX);
    assertThatThrownBy(() -> a.emit(Instruction.VADDPS, Vec.xmm(1), Vec.xmm(2)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> a.emit(Instruction.VPSIGNB, Vec.zmm(1), Vec.zmm(2), Vec.zmm(3)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Vec.zmm(32)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Mem.at(Gp.RAX, Gp.RSP, 1, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Mem.at(Gp.RAX, Gp.RCX, 3, 0))
        .isInstanceOf(IllegalArgumentException.class);
    var nowhere = a.label();
    a.jmp(nowhere);
    assertThatThrownBy(a::finish).isInstanceOf(IllegalStateException.class);
  }
}
