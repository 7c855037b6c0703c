package dev.tonnage.eval;

import java.util.ArrayList;
import java.util.List;

/**
 * How well a model foretells a text: the exponential of the mean negative log-likelihood of its
 * tokens (Jelinek et al. 1977), lower is better. {@link ScoredReading} reads the text.
 */
public final class Perplexity implements TokenScorer {

  private final Moments nll = new Moments();
  private final List<Double> chunks = new ArrayList<>();
  private Moments chunk = new Moments();

  /** Of nothing yet. */
  public Perplexity() {}

  @Override
  public void add(LogSoftmax chances, int token) {
    double loss = -chances.logProbability(token);
    nll.add(loss);
    chunk.add(loss);
  }

  /** All of a chunk has been added. */
  public void endChunk() {
    chunks.add(chunk.mean().value());
    chunk = new Moments();
  }

  /** Tokens that were scored. */
  public long scored() {
    return nll.count();
  }

  /** The mean negative log-likelihood of each chunk that was read to its end, in nats. */
  public List<Double> chunkNlls() {
    return List.copyOf(chunks);
  }

  /** The mean negative log-likelihood, in nats a token; NaN before the first. */
  public Estimate nll() {
    return nll.mean();
  }

  /** The perplexity, with the error that follows from that of the mean; NaN before the first. */
  public Estimate value() {
    return nll().exp();
  }
}
