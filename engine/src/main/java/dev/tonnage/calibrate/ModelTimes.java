package dev.tonnage.calibrate;

import dev.tonnage.file.Checkpoint;
import dev.tonnage.plan.Calibration.AttentionRate;
import dev.tonnage.plan.Capacity;
import dev.tonnage.plan.LoadSettings;
import dev.tonnage.session.LoadedModel;
import dev.tonnage.session.Session;
import java.nio.file.Path;
import java.util.Arrays;

/** How long an opened {@link SyntheticModel} takes. */
final class ModelTimes implements AutoCloseable {

  private static final double WARM_UP_SECONDS = 2;

  private static final int PROMPTS = 5;

  /** Tokens whose median counts. */
  private static final int TOKENS = 31;

  /** A token that is in the vocabulary of each. */
  private static final int TOKEN = 7;

  private final LoadedModel model;

  private ModelTimes(LoadedModel model) {
    this.model = model;
  }

  static ModelTimes open(Path file, int threads) {
    return new ModelTimes(
        LoadedModel.open(Checkpoint.open(file), LoadSettings.defaults().withThreads(threads)));
  }

  /**
   * Seconds of a layer for one token.
   *
   * @param cachedBytesPerSecond that its weights, which caches hold, are read with
   */
  double layerSeconds(double cachedBytesPerSecond) {
    try (Session session = model.session()) {
      session.append(TOKEN);
      Times.warmUp(
          WARM_UP_SECONDS,
          () -> {
            session.truncate(1);
            session.append(TOKEN);
          });
      double seconds = Times.median(TOKENS, () -> session.append(TOKEN));
      double bytes = model.tokenCost().plus(model.logitsCost()).weightBytes();
      return Math.max(0, seconds - bytes / cachedBytesPerSecond) / model.dimensions().layers();
    }
  }

  /**
   * Seconds for each activation of a prompt, beyond what weights and attention take.
   *
   * @param multiplyAddsPerSecond of its weights
   * @param attention of the same heads
   */
  double activationSeconds(double multiplyAddsPerSecond, AttentionRate attention) {
    int chunk = Capacity.CHUNK_TOKENS;
    try (Session session = model.session()) {
      Runnable prompt =
          () -> {
            session.truncate(0);
            read(session, chunk);
          };
      Times.warmUp(WARM_UP_SECONDS, prompt);
      double seconds = Times.median(PROMPTS, prompt);
      double seen = model.dimensions().seenTokens(0, chunk);
      double known =
          chunk * model.tokenCost().multiplyAdds() / multiplyAddsPerSecond
              + seen
                  * model.dimensions().attentionMultiplyAdds()
                  / attention.promptMultiplyAddsPerSecond();
      return Math.max(0, seconds - known) / chunk / model.dimensions().activations();
    }
  }

  /** What attention reaches near a context's end, beyond what it takes at its beginning. */
  AttentionRate attention() {
    int chunk = Capacity.CHUNK_TOKENS;
    int far = model.contextTokens() - 2 * chunk;
    try (Session session = model.session()) {
      read(session, chunk); // what the JVM has compiled is fast from now on
      session.truncate(0);
      double firstChunk = Times.seconds(() -> read(session, chunk));
      double firstToken = Times.median(TOKENS, () -> session.append(TOKEN));
      session.truncate(chunk);
      read(session, far - chunk);
      double lastChunk = Times.seconds(() -> read(session, chunk));
      double lastToken = Times.median(TOKENS, () -> session.append(TOKEN));
      double seen =
          model.dimensions().seenTokens(far, chunk) - model.dimensions().seenTokens(0, chunk);
      double bytes = (double) far * model.cacheLayers().tokenBytes();
      return new AttentionRate(
          bytes / Math.max(1e-9, lastToken - firstToken),
          seen
              * model.dimensions().attentionMultiplyAdds()
              / Math.max(1e-9, lastChunk - firstChunk));
    }
  }

  private static void read(Session session, int count) {
    int[] tokens = new int[count];
    Arrays.fill(tokens, TOKEN);
    session.read(tokens, (_, _) -> {});
  }

  @Override
  public void close() {
    model.close();
  }
}
