package dev.tonnage.cli;

import dev.tonnage.eval.Estimate;
import dev.tonnage.eval.Perplexity;
import dev.tonnage.eval.ScoredReading;
import dev.tonnage.eval.TextChunks;
import dev.tonnage.eval.TokenScorer;
import dev.tonnage.os.ProcessMemory;
import dev.tonnage.plan.MemoryPlan;
import dev.tonnage.session.LoadedModel;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A model reads a text's chunks, shown as it goes; and what came of it. */
final class PerplexityRun implements ScoredReading.Progress {

  private final Terminal terminal;
  private final Interrupt interrupt;
  private final LoadedModel model;
  private final TextChunks text;
  private final int chunks;
  private final Perplexity perplexity = new Perplexity();
  private final long begin = System.nanoTime();
  private long end = begin;

  PerplexityRun(
      Terminal terminal, Interrupt interrupt, LoadedModel model, TextChunks text, int chunks) {
    this.terminal = terminal;
    this.interrupt = interrupt;
    this.model = model;
    this.text = text;
    this.chunks = chunks;
  }

  /** Whether all was read, and nobody interrupted it. */
  boolean read(List<TokenScorer> more) {
    List<TokenScorer> scorers = Stream.concat(Stream.of(perplexity), more.stream()).toList();
    boolean whole = ScoredReading.read(model, text, chunks, scorers, this);
    end = System.nanoTime();
    return whole;
  }

  @Override
  public void endChunk(int done) {
    perplexity.endChunk();
    double left = (System.nanoTime() - begin) / 1e9 / done * (chunks - done);
    terminal.progress(
        String.format(
            Locale.ROOT, "chunk %d of %d: PPL %s, %.0f s left", done, chunks, value(), left));
  }

  @Override
  public boolean cancelled() {
    return interrupt.requested();
  }

  Perplexity perplexity() {
    return perplexity;
  }

  int context() {
    return text.context();
  }

  int chunks() {
    return chunks;
  }

  int done() {
    return perplexity.chunkNlls().size();
  }

  boolean complete() {
    return done() == chunks;
  }

  double seconds() {
    return (end - begin) / 1e9;
  }

  /** Of chunks that were read to their end. */
  long tokens() {
    return (long) done() * text.context();
  }

  double tokensPerSecond() {
    return tokens() / seconds();
  }

  /** The result; nothing before the first token. */
  List<String> lines() {
    if (perplexity.scored() == 0) {
      return List.of();
    }
    String which =
        complete()
            ? chunks + " chunks"
            : "interrupted after " + done() + " of " + chunks + " chunks";
    return List.of(
        "PPL = "
            + value()
            + ", "
            + which
            + " of "
            + context()
            + " tokens, "
            + perplexity.scored()
            + " of them scored");
  }

  private String value() {
    Estimate value = perplexity.value();
    return String.format(Locale.ROOT, "%.4f ± %.5f", value.value(), value.error());
  }

  String closingLine() {
    var cache = CacheTypes.of(model);
    return String.format(
        Locale.ROOT,
        "[%d tokens in %.1f s, %.1f tok/s; keys %s, values %s; memory %s; %s]",
        tokens(),
        seconds(),
        tokensPerSecond(),
        cache.keys(),
        cache.values(),
        MemoryPlan.gib(ProcessMemory.peakBytes().orElse(model.takenBytes())),
        model.computeDescription());
  }
}
