package dev.tonnage.session;

import dev.tonnage.error.BadFile;
import dev.tonnage.file.Checkpoint;
import dev.tonnage.model.Dimensions;
import dev.tonnage.text.Tokenizer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A tokenizer that is read while the weights are brought in: a hundred thousand tokens take as long
 * as a gigabyte of weights that the system has in memory.
 */
final class TokenizerReading {

  private final CompletableFuture<Tokenizer> tokenizer;

  /**
   * @param dimensions whose vocabulary the tokenizer has to have
   */
  TokenizerReading(Checkpoint checkpoint, Dimensions dimensions) {
    tokenizer =
        CompletableFuture.supplyAsync(
            () -> read(checkpoint, dimensions),
            reading -> Thread.ofPlatform().daemon().name("tonnage-tokenizer").start(reading));
  }

  private static Tokenizer read(Checkpoint checkpoint, Dimensions dimensions) {
    Tokenizer tokenizer = Tokenizer.of(checkpoint.metadata());
    int pieces = tokenizer.vocabulary().size();
    if (pieces != dimensions.vocabulary()) {
      throw new BadFile(
          checkpoint.name() + ": tokenizer.ggml.tokens",
          "as many pieces as token_embd.weight has rows, " + dimensions.vocabulary(),
          pieces + "",
          "convert the model again");
    }
    return tokenizer;
  }

  /** Whether there will be no tokenizer. */
  boolean hasFailed() {
    return tokenizer.isCompletedExceptionally();
  }

  /**
   * The tokenizer, when it has been read.
   *
   * @throws dev.tonnage.error.TonnageException as {@link Tokenizer#of}, or for one of another size
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
