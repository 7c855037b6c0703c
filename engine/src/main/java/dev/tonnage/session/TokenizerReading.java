package dev.tonnage.session;

import dev.tonnage.file.Checkpoint;
import dev.tonnage.text.Tokenizer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A tokenizer that is read while the weights are brought in: a hundred thousand tokens take as long
 * as a gigabyte of weights that the system has in memory.
 */
final class TokenizerReading {

  private final CompletableFuture<Tokenizer> tokenizer;

  TokenizerReading(Checkpoint checkpoint) {
    tokenizer =
        CompletableFuture.supplyAsync(
            () -> Tokenizer.of(checkpoint.metadata()),
            reading -> Thread.ofPlatform().daemon().name("tonnage-tokenizer").start(reading));
  }

  /** Whether there will be no tokenizer. */
  boolean hasFailed() {
    return tokenizer.isCompletedExceptionally();
  }

  /**
   * The tokenizer, when it has been read.
   *
   * @throws dev.tonnage.error.TonnageException as {@link Tokenizer#of}
   */
  Tokenizer tokenizer() {
    try {
      return tokenizer.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case RuntimeException known -> throw known;
        case Error error -> throw error;
        default -> throw e;
      }
    }
  }

  /** Returns when the file is no longer read. */
  void await() {
    tokenizer.handle((_, _) -> null).join();
  }
}
