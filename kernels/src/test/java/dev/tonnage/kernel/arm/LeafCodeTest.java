package dev.tonnage.kernel.arm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What kernels keep to, in the words of GNU's disassembler. */
class LeafCodeTest {

  /** The stack, what a caller wants back, and the register that belongs to some systems. */
  private static final String FORBIDDEN =
      ".*\\b(w?sp|[xw](1[89]|2[0-9]|30)|[vqdshb]([89]|1[0-5]))\\b.*";

  /** Calls, and what the disassembler does not know. */
  private static final String OUT = "(bl|blr|br|svc|\\.inst|udf)\\b.*";

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void kernelsCallNobodyAndUseOnlyWhatTheyMay(Format format)
      throws IOException, InterruptedException {
    Assumptions.assumeTrue(A64AssemblerTest.GNU.areInstalled(), A64AssemblerTest.NOT_INSTALLED);
    for (int tokens = 1; tokens <= DecodeKernel.MOST_TOKENS; tokens++) {
      byte[] code = DecodeKernel.code(format.unpacker(), tokens);
      var lines = A64AssemblerTest.GNU.disassemble(folder, code, "aarch64");
      assertThat(lines).hasSize(code.length / 4);
      for (String line : lines) {
        String text = line.replaceFirst("^[^\\t]*\\t[^\\t]*\\t", "").replace('\t', ' ');
        assertThat(text).doesNotMatch(FORBIDDEN).doesNotMatch(OUT);
        // results are floats, and there is nothing else to be stored
        assertThat(text).matches("str\\s+s.*|(?!st).*");
      }
    }
  }
}
