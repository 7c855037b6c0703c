package dev.tonnage.kernel.asm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * GNU's assembler and disassembler for one processor, where they are installed.
 *
 * @param prefix of the programs' names
 * @param options of the assembler
 */
public record GnuTools(String prefix, List<String> options) {

  /** Whether the search path has them. */
  public boolean areInstalled() {
    return Stream.of("as", "objcopy", "objdump")
        .allMatch(name -> new Program(prefix + name).isInstalled());
  }

  /** The machine code of a text; a folder is given for files. */
  public byte[] assemble(Path folder, List<String> text) throws IOException, InterruptedException {
    Files.write(folder.resolve("code.s"), text);
    var as = Stream.concat(options.stream(), Stream.of("-o", "code.o", "code.s"));
    new Program(prefix + "as").succeed(folder, as.toArray(String[]::new));
    new Program(prefix + "objcopy")
        .succeed(folder, "-O", "binary", "-j", ".text", "code.o", "code.bin");
    return Files.readAllBytes(folder.resolve("code.bin"));
  }

  /** The lines of a disassembly: address, word, text. */
  public List<String> disassemble(Path folder, byte[] code, String machine)
      throws IOException, InterruptedException {
    Files.write(folder.resolve("code.bin"), code);
    byte[] said =
        new Program(prefix + "objdump")
            .succeed(folder, "-D", "-b", "binary", "-m", machine, "code.bin");
    return new String(said, StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.matches("\\s*[0-9a-f]+:\\t.*"))
        .toList();
  }
}
