package dev.tonnage.session;

import dev.tonnage.file.Checkpoint;
import dev.tonnage.file.GgufCheckpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The model inside the program: stories260K, a trained Llama of 260,000 parameters that tells small
 * stories (Andrej Karpathy's tinyllamas, MIT licence).
 */
public final class DefaultModel {

  /** Its name, for messages. */
  public static final String NAME = "stories260K";

  private static final String RESOURCE = "/dev/tonnage/model/stories260K.gguf";

  private DefaultModel() {}

  /** Its weights, copied from the program to native memory that goes when nobody refers to it. */
  public static Checkpoint open() {
    try (InputStream in = DefaultModel.class.getResourceAsStream(RESOURCE)) {
      byte[] bytes = in.readAllBytes();
      MemorySegment memory = Arena.ofAuto().allocate(bytes.length, 64);
      MemorySegment.copy(
          bytes, 0, memory, java.lang.foreign.ValueLayout.JAVA_BYTE, 0, bytes.length);
      return GgufCheckpoint.of(NAME, memory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
