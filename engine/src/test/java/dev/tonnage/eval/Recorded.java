package dev.tonnage.eval;

import dev.tonnage.kernel.Level;
import dev.tonnage.model.TinyLlama;
import dev.tonnage.model.TinyLlamas;
import dev.tonnage.session.LoadedModel;
import dev.tonnage.session.OpenModels;
import dev.tonnage.tensor.DType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What llama.cpp measured, and on which models: README.md beside the resources. */
final class Recorded {

  /** The model of the recorded log-probabilities. */
  static final TinyLlama ODD = TinyLlamas.ODD_SIZES.model();

  /** The one that was compared with them. */
  static final TinyLlama OTHER =
      ODD.withName("other-epsilon").withStream(new TinyLlama.Stream(0.3f, 1));

  static final int CONTEXT = 16;
  static final int CHUNKS = 15;
  static final int SCORED = CHUNKS * 7;

  private Recorded() {}

  static LoadedModel open(TinyLlama tiny, Path folder) {
    return OpenModels.open(
        tiny, folder, OpenModels.settings().withCache(DType.F32, DType.F32), Level.SCALAR);
  }

  static TextChunks chunks(LoadedModel model) {
    return new TextChunks(
        model.tokenizer(), new String(bytes("text.txt"), StandardCharsets.UTF_8), CONTEXT);
  }

  /** Reads some chunks to their end. */
  static void read(LoadedModel model, int chunks, TokenScorer... scorers) {
    read(model, chunks(model), chunks, scorers);
  }

  /** Reads some chunks of another text to their end. */
  static void read(LoadedModel model, TextChunks text, int chunks, TokenScorer... scorers) {
    var uninterrupted =
        new ScoredReading.Progress() {
          @Override
          public void endChunk(int done) {}

          @Override
          public boolean cancelled() {
            return false;
          }
        };
    if (!ScoredReading.read(model, text, chunks, List.of(scorers), uninterrupted)) {
      throw new AssertionError("nobody cancelled it");
    }
  }

  /** The file that llama.cpp wrote, in a folder. */
  static Path base(Path folder) {
    Path file = folder.resolve("odd-sizes.logits");
    try {
      return Files.write(file, bytes("odd-sizes.logits"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode json(String resource) {
    return JsonMapper.shared().readTree(bytes(resource));
  }

  static byte[] bytes(String resource) {
    try (InputStream in = Recorded.class.getResourceAsStream(resource)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
