package dev.tonnage.eval;

import java.util.Arrays;

/**
 * How far a model's chances are from a base's: the Kullback-Leibler divergence of the base from the
 * model (Kullback and Leibler 1951) and what else tells two formats of the same weights apart. The
 * statistics are those of llama.cpp's {@code --kl-divergence}.
 */
public final class KlDivergence implements TokenScorer {

  /** What the base thought less likely than this is left out, for 16 bits say nothing about it. */
  private static final float LEAST_LOG_PROBABILITY = -16;

  private final KlBaseReader base;
  private final KlBaseRow row;
  private final double[] divergences;
  private final double[] shifts;
  private final Moments nll = new Moments();
  private final Moments baseNll = new Moments();
  private final Moments products = new Moments();
  private final Moments divergence = new Moments();
  private final Moments shift = new Moments();
  private final Moments squaredShift = new Moments();
  private int count;
  private int sameTop;

  /**
   * Nothing compared yet.
   *
   * @param base its rows are read as tokens are added
   * @param chunks chunks to compare
   */
  public KlDivergence(KlBaseReader base, int chunks) {
    this.base = base;
    this.row = new KlBaseRow(base.header());
    int most = Math.multiplyExact(chunks, TextChunks.scored(base.header().context()));
    this.divergences = new double[most];
    this.shifts = new double[most];
  }

  @Override
  public void add(LogSoftmax chances, int token) {
    base.next(row);
    double loss = -chances.logProbability(token);
    double baseLoss = -row.logProbability(token);
    nll.add(loss);
    baseNll.add(baseLoss);
    products.add(loss * baseLoss);
    divergences[count] = compare(chances);
    shifts[count] = Math.exp(-loss) - Math.exp(-baseLoss);
    divergence.add(divergences[count]);
    shift.add(shifts[count]);
    squaredShift.add(shifts[count] * shifts[count]);
    count++;
  }

  /** The divergence at one position; counts whether both find the same token likeliest. */
  private double compare(LogSoftmax chances) {
    double sum = 0;
    int best = 0;
    float bestLog = row.logProbability(0);
    for (int id = 0; id < chances.vocabulary(); id++) {
      float log = row.logProbability(id);
      if (log > bestLog) {
        bestLog = log;
        best = id;
      }
      if (log > LEAST_LOG_PROBABILITY) {
        sum += Math.exp(log) * (log - chances.logProbability(id));
      }
    }
    if (best == chances.best()) {
      sameTop++;
    }
    return sum;
  }

  /** Everything that is known so far, of at least one token. */
  public DivergenceReport report() {
    Estimate loss = nll.mean();
    Estimate baseLoss = baseNll.mean();
    Estimate perplexity = loss.exp();
    Estimate basePerplexity = baseLoss.exp();
    // of the means, as their errors are
    double covariance =
        count < 2 ? 0 : (products.mean().value() - loss.value() * baseLoss.value()) / (count - 1);
    var logRatio =
        new Estimate(
            loss.value() - baseLoss.value(),
            errorOfDifference(loss.error(), baseLoss.error(), covariance));
    var difference =
        new Estimate(
            perplexity.value() - basePerplexity.value(),
            errorOfDifference(
                perplexity.error(),
                basePerplexity.error(),
                perplexity.value() * basePerplexity.value() * covariance));
    return new DivergenceReport(
        count,
        perplexity,
        basePerplexity,
        covariance / (loss.error() * baseLoss.error()),
        logRatio,
        logRatio.exp(),
        difference,
        divergence.mean(),
        new Distribution(Arrays.copyOf(divergences, count)),
        shift.mean(),
        rootMeanSquareShift(),
        new Distribution(Arrays.copyOf(shifts, count)),
        sameTop());
  }

  /** Two values that move together differ by less than each of them errs. */
  private static double errorOfDifference(double error, double other, double covariance) {
    return Math.sqrt(Math.max(0, error * error + other * other - 2 * covariance));
  }

  private Estimate rootMeanSquareShift() {
    Estimate square = squaredShift.mean();
    double root = Math.sqrt(square.value());
    return new Estimate(root, root == 0 ? 0 : square.error() / (2 * root));
  }

  private Estimate sameTop() {
    double share = (double) sameTop / count;
    return new Estimate(share, count < 2 ? 0 : Math.sqrt(share * (1 - share) / (count - 1)));
  }
}
