package dev.tonnage.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.BadRequest;
import dev.tonnage.model.TinyLlama;
import dev.tonnage.session.LoadedModel;
import dev.tonnage.session.Session;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class PerplexityTest {

  @TempDir private static Path folder;

  @Test
  void eachChunkBringsItToWhatTheReferencePrints() {
    JsonNode recorded = Recorded.json("perplexity.json");
    var perplexity = new Perplexity();
    List<Double> running = new ArrayList<>();
    try (LoadedModel model = Recorded.open(Recorded.ODD, folder)) {
      TextChunks text = Recorded.chunks(model);
      assertThat(text.count()).isEqualTo(recorded.get("running").size());
      var progress =
          new ScoredReading.Progress() {
            @Override
            public void endChunk(int done) {
              perplexity.endChunk();
              running.add(perplexity.value().value());
              assertThat(running).hasSize(done);
            }

            @Override
            public boolean cancelled() {
              return false;
            }
          };
      assertThat(ScoredReading.read(model, text, text.count(), List.of(perplexity), progress))
          .isTrue();
    }
    for (int chunk = 0; chunk < running.size(); chunk++) {
      assertThat(running.get(chunk))
          .as("chunk %d", chunk)
          .isCloseTo(recorded.get("running").get(chunk).asDouble(), withinPercentage(1e-3));
    }
    assertThat(perplexity.value().value())
        .isCloseTo(recorded.get("ppl").asDouble(), withinPercentage(1e-3));
    assertThat(perplexity.value().error())
        .isCloseTo(recorded.get("error").asDouble(), withinPercentage(1e-3));
    assertThat(perplexity.scored()).isEqualTo(7L * running.size());
  }

  /** Textbook formulas over logits of a session that reads each chunk token by token. */
  @Test
  void itIsTheExponentialOfTheMeanNegativeLogLikelihood() {
    int chunks = 3;
    var perplexity = new Perplexity();
    List<Double> losses = new ArrayList<>();
    try (LoadedModel model = Recorded.open(Recorded.OTHER, folder)) {
      Recorded.read(model, chunks, perplexity);
      TextChunks text = Recorded.chunks(model);
      for (int chunk = 0; chunk < chunks; chunk++) {
        int[] ids = text.ids(chunk);
        ids[0] = 1;
        try (Session session = model.session()) {
          for (int at = 0; at < Recorded.CONTEXT - 1; at++) {
            assertThat(session.read(new int[] {ids[at]}, (_, _) -> {})).isTrue();
            if (at >= Recorded.CONTEXT / 2) {
              losses.add(-Math.log(softmax(session.logits())[ids[at + 1]]));
            }
          }
        }
      }
    }
    double mean = losses.stream().mapToDouble(loss -> loss).average().orElseThrow();
    double squares = losses.stream().mapToDouble(loss -> (loss - mean) * (loss - mean)).sum();
    double error = Math.sqrt(squares / losses.size() / (losses.size() - 1));
    assertThat(perplexity.scored()).isEqualTo(losses.size());
    assertThat(perplexity.nll().value()).isCloseTo(mean, within(1e-9));
    assertThat(perplexity.nll().error()).isCloseTo(error, within(1e-9));
    assertThat(perplexity.value().value()).isCloseTo(Math.exp(mean), withinPercentage(1e-6));
    assertThat(perplexity.value().error())
        .isCloseTo(Math.exp(mean) * error, withinPercentage(1e-6));
  }

  private static double[] softmax(float[] logits) {
    double[] probabilities = new double[logits.length];
    double sum = 0;
    for (int id = 0; id < logits.length; id++) {
      probabilities[id] = Math.exp(logits[id]);
      sum += probabilities[id];
    }
    for (int id = 0; id < logits.length; id++) {
      probabilities[id] /= sum;
    }
    return probabilities;
  }

  @Test
  void whatIsNoLongerWantedIsLeftBetweenChunks() {
    var perplexity = new Perplexity();
    try (LoadedModel model = Recorded.open(Recorded.ODD, folder)) {
      var progress =
          new ScoredReading.Progress() {
            private int done;

            @Override
            public void endChunk(int chunks) {
              done = chunks;
              perplexity.endChunk();
            }

            @Override
            public boolean cancelled() {
              return done == 2;
            }
          };
      assertThat(
              ScoredReading.read(model, Recorded.chunks(model), 9, List.of(perplexity), progress))
          .isFalse();
    }
    assertThat(perplexity.scored()).isEqualTo(14);
    assertThat(perplexity.chunkNlls()).hasSize(2);
    assertThat(perplexity.chunkNlls().stream().mapToDouble(nll -> nll).average().orElseThrow())
        .isCloseTo(perplexity.nll().value(), within(1e-9));
  }

  @Test
  void chunksThatTheModelCannotHoldAreRefused() {
    TinyLlama small =
        Recorded.ODD.withName("small").withSizes(new TinyLlama.Sizes(2, 100, 172, 301, 12));
    try (LoadedModel model = Recorded.open(small, folder)) {
      assertThatThrownBy(() -> Recorded.read(model, 1, new Perplexity()))
          .isInstanceOf(BadRequest.class)
          .hasMessageContaining("15 tokens")
          .hasMessageContaining("12");
    }
  }

  @Test
  void aModelThatComputesNoNumbersIsSaidToBeBroken() throws IOException {
    TinyLlama broken = Recorded.ODD.withName("broken");
    Path path = folder.resolve("broken.gguf");
    broken.write(path);
    try (var file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(file.length() - 4096); // within the last tensor
      for (int i = 0; i < 1024; i++) {
        file.writeInt(Integer.reverseBytes(Float.floatToIntBits(Float.NaN)));
      }
    }
    try (LoadedModel model = Recorded.open(broken, folder)) {
      assertThatThrownBy(() -> Recorded.read(model, 1, new Perplexity()))
          .isInstanceOf(BadFile.class)
          .hasMessageContaining("broken.gguf")
          .hasMessageContaining("finite");
    }
  }
}
