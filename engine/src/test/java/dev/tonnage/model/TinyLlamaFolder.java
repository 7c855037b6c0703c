package dev.tonnage.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Writes every model of {@link TinyLlamas} into a folder, with what bench/peers/record-logits.mjs
 * needs to know of each: NAME.gguf, NAME.dequantised.gguf where it is not F32, NAME.tokens.json.
 */
final class TinyLlamaFolder {

  private static final int FEW_POSITIONS_FROM_TOKENS = 100;

  private TinyLlamaFolder() {}

  /** The only argument is the folder. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    Files.createDirectories(folder);
    for (TinyLlamas tiny : TinyLlamas.values()) {
      write(tiny.referenceModel(), sha256(tiny.model()), 0, folder);
    }
    TinyLlama chunks = LongTinyLlama.model();
    write(chunks, sha256(chunks), LongTinyLlama.FROM_POSITION, folder);
  }

  private static void write(TinyLlama model, String sha256, int fromPosition, Path folder)
      throws IOException {
    model.write(folder.resolve(model.name() + ".gguf"));
    String exact = model.name() + ".gguf";
    if (model.storage() != TinyStorage.F32) {
      exact = model.name() + ".dequantised.gguf";
      model.writeDequantised(folder.resolve(exact));
    }
    int every = model.promptTokens() < FEW_POSITIONS_FROM_TOKENS ? 1 : 8;
    Files.writeString(
        folder.resolve(model.name() + ".tokens.json"),
        """
        {"exact": "%s", "vocabulary": %d, "everyPosition": %d, "fromPosition": %d, "greedyTokens": 16, \
        "sha256": "%s", "prompt": %s}
        """
            .formatted(
                exact, model.sizes().vocabulary(), every, fromPosition, sha256, model.prompt()));
  }

  /** Of the model's file, as hexadecimal digits. */
  static String sha256(TinyLlama model) throws IOException {
    Path file = Files.createTempFile("tonnage", ".gguf");
    try {
      model.write(file);
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    } finally {
      Files.delete(file);
    }
  }
}
