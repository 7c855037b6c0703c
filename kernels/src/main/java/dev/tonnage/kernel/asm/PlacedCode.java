package dev.tonnage.kernel.asm;

import dev.tonnage.os.ExecutableMemory;
import dev.tonnage.os.ExecutableMemory.Refused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * Machine code that can be called: a name, and memory that holds it. A crash in it can be told by
 * its address: {@code System.Logger} "dev.tonnage.code" has every name and range at debug level,
 * and {@code -Dtonnage.dump.code=FOLDER} writes the code itself, for {@code objdump -D -b binary -m
 * i386:x86-64}.
 */
public final class PlacedCode implements AutoCloseable {

  /** The system property that names a folder for the code. */
  public static final String DUMP_PROPERTY = "tonnage.dump.code";

  private static final System.Logger LOGGER = System.getLogger("dev.tonnage.code");

  private final ExecutableMemory memory;

  private PlacedCode(ExecutableMemory memory) {
    this.memory = memory;
  }

  /**
   * Places code.
   *
   * @param name of letters, digits, hyphens and underscores
   * @throws Refused where the system forbids executable memory
   */
  public static PlacedCode place(String name, byte[] code) throws Refused {
    ExecutableMemory memory = ExecutableMemory.place(code);
    LOGGER.log(
        System.Logger.Level.DEBUG,
        () ->
            name
                + " at "
                + HexFormat.of().toHexDigits(memory.address())
                + ", "
                + code.length
                + " bytes");
    String folder = System.getProperty(DUMP_PROPERTY, "");
    if (!folder.isEmpty()) {
      try {
        Files.write(Files.createDirectories(Path.of(folder)).resolve(name + ".bin"), code);
      } catch (IOException e) {
        memory.close();
        throw new UncheckedIOException("-D" + DUMP_PROPERTY + "=" + folder, e);
      }
    }
    return new PlacedCode(memory);
  }

  /**
   * Runs it.
   *
   * @param arguments address of the block of arguments, which the code trusts
   */
  public void run(long arguments) {
    memory.call(arguments);
  }

  @Override
  public void close() {
    memory.close();
  }
}
