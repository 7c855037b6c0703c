package dev.tonnage.file;

import dev.tonnage.error.TonnageException;
import dev.tonnage.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Opens a file and uses all that a checkpoint promises, for fuzzing. */
final class GgufProbe {

  private GgufProbe() {}

  /**
   * Ends normally where the file is refused, as a whole or a value when it is asked for; anything
   * else that is thrown is a mistake in the reader.
   *
   * @return whether the file was opened
   */
  static boolean use(MemorySegment file) {
    try (var checkpoint = GgufCheckpoint.of("probe.gguf", file)) {
      useTensors(checkpoint, file);
      Metadata metadata = checkpoint.metadata();
      for (String key : metadata.keys()) {
        use(metadata, key);
      }
      return true;
    } catch (TonnageException refused) {
      if (refused.getMessage().contains("probe.gguf")) {
        return false;
      }
      throw new AssertionError("a message that does not name the file", refused);
    }
  }

  private static void useTensors(Checkpoint checkpoint, MemorySegment file) {
    List<Tensor> byAddress = new ArrayList<>(checkpoint.tensors());
    byAddress.sort(Comparator.comparingLong(tensor -> tensor.data().address()));
    long end = file.address();
    for (Tensor tensor : byAddress) {
      MemorySegment data = tensor.data();
      if (data.address() < end || data.byteSize() == 0 || data.address() % 8 != 0) {
        throw new AssertionError(tensor + " overlaps another, is empty or unaligned");
      }
      end = data.address() + data.byteSize();
      data.get(ValueLayout.JAVA_BYTE, 0);
      data.get(ValueLayout.JAVA_BYTE, data.byteSize() - 1);
      if (checkpoint.tensor(tensor.name()).orElseThrow().data().address() != data.address()) {
        throw new AssertionError(tensor + " is not found by its name");
      }
    }
    if (end > file.address() + file.byteSize()) {
      throw new AssertionError("a tensor ends beyond the file");
    }
  }

  private static void use(Metadata metadata, String key) {
    try {
      use(metadata.find(key).orElseThrow(() -> new AssertionError(key)));
    } catch (TonnageException refused) {
      if (!refused.getMessage().startsWith("probe.gguf: " + key)) {
        throw new AssertionError("a message that does not name the key " + key, refused);
      }
    }
  }

  private static void use(Metadata.Value value) {
    if (!(value instanceof Metadata.Array array)) {
      return;
    }
    switch (array.elementKind()) {
      case "integer" -> array.ints();
      case "number" -> array.floats();
      case "text" -> array.utf8();
      case "flag", "array" -> {
        for (long i = 0; i < array.size(); i++) {
          use(array.get(i));
        }
      }
      default -> throw new AssertionError(array.kind());
    }
    if (array.size() > 0) {
      use(array.get(0));
      use(array.get(array.size() / 2));
      use(array.get(array.size() - 1));
    }
  }
}
