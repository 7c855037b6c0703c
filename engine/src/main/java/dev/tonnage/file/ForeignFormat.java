package dev.tonnage.file;

import dev.tonnage.error.BadFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Says what a file is that is not GGUF. */
final class ForeignFormat {

  private ForeignFormat() {}

  /**
   * Fails for a file that does not start as a GGUF file does.
   *
   * @throws BadFile saying what it looks like
   */
  static void refuse(String name, MemorySegment file) {
    if (file.byteSize() < 4
        || file.get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0)
            != Gguf.MAGIC) {
      throw new BadFile(name, "a GGUF file", "something else", Gguf.REMEDY);
    }
  }
}
