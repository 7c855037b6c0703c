package dev.tonnage.session;

import dev.tonnage.file.GgufCheckpoint;
import dev.tonnage.kernel.Level;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/** All logits of a model along a text, in chunks that each begin with begin of sequence. */
final class LogitsOfText {

  static final int CHUNKS = 32;
  private static final int CHUNK_TOKENS = 128;
  private static final int BEGIN = 1;

  private LogitsOfText() {}

  /** The chunks of a file whose {@code ids} are the text's. */
  static List<int[]> chunks(Path json) throws IOException {
    List<Integer> ids = new ArrayList<>();
    JsonMapper.shared()
        .readTree(Files.readString(json))
        .get("ids")
        .forEach(id -> ids.add(id.asInt()));
    int[] all = OpenModels.ints(ids);
    List<int[]> chunks = new ArrayList<>();
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
      int from = chunk * CHUNK_TOKENS;
      int[] own = Arrays.copyOfRange(all, from, from + CHUNK_TOKENS);
      own[0] = BEGIN;
      chunks.add(own);
    }
    return chunks;
  }

  /** Reads the chunks and gives the logits after each token. */
  static void read(LoadedModel model, List<int[]> chunks, Consumer<float[]> reader) {
    for (int[] chunk : chunks) {
      try (Session session = model.session()) {
        session.readEach(chunk, (_, logits) -> reader.accept(logits));
      }
    }
  }

  /**
   * Writes what is as good as exact for bench/peers/divergence.mjs, big-endian.
   *
   * @param arguments the model, the text's ids, and the file to write
   */
  public static void main(String[] arguments) throws IOException {
    var checkpoint = GgufCheckpoint.open(Path.of(arguments[0]));
    try (var model = OpenModels.open(checkpoint, OpenModels.settings(), Level.SCALAR);
        var out = new DataOutputStream(Files.newOutputStream(Path.of(arguments[2])))) {
      read(
          model,
          chunks(Path.of(arguments[1])),
          logits -> {
            byte[] bytes = new byte[4 * logits.length];
            ByteBuffer.wrap(bytes).asFloatBuffer().put(logits);
            try {
              out.write(bytes);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }
}
