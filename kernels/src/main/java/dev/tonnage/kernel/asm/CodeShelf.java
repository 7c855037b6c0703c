package dev.tonnage.kernel.asm;

import dev.tonnage.os.ExecutableMemory.Refused;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Code that is written when it is first wanted, and kept. Safe from many threads. */
public final class CodeShelf implements AutoCloseable {

  private final Map<String, PlacedCode> placed = new HashMap<>();
  private boolean closed;

  /** An empty one. */
  public CodeShelf() {}

  /**
   * The code of a name.
   *
   * @param writer makes it, if it is not there yet
   * @throws IllegalStateException where the system, which gave executable memory before, gives no
   *     more of it
   */
  public synchronized PlacedCode get(String name, Supplier<byte[]> writer) {
    if (closed) {
      throw new IllegalStateException("kernels that were given back: " + name);
    }
    PlacedCode code = placed.get(name);
    if (code == null) {
      try {
        code = PlacedCode.place(name, writer.get());
      } catch (Refused e) {
        throw new IllegalStateException("no more memory for code: " + name, e);
      }
      placed.put(name, code);
    }
    return code;
  }

  /** Gives all code back; nobody may be in it. */
  @Override
  public synchronized void close() {
    closed = true;
    placed.values().forEach(PlacedCode::close);
    placed.clear();
  }
}
