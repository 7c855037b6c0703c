package dev.tonnage.eval;

/**
 * What a comparison with a base came to. Probabilities are fractions of one, divergences nats.
 *
 * @param scored tokens compared
 * @param perplexity of the model
 * @param basePerplexity of the base, from its stored log-probabilities
 * @param correlation of the tokens' log-likelihoods; NaN where they do not vary
 * @param logRatio logarithm of the perplexities' ratio
 * @param ratio of the perplexities
 * @param difference of the perplexities
 * @param divergence the mean over tokens
 * @param divergences of all tokens
 * @param shift what the probability of the token that came has gained, the mean
 * @param rootMeanSquareShift likewise, as root mean square
 * @param shifts of all tokens
 * @param sameTop the share of tokens before which both found the same token likeliest
 */
public record DivergenceReport(
    long scored,
    Estimate perplexity,
    Estimate basePerplexity,
    double correlation,
    Estimate logRatio,
    Estimate ratio,
    Estimate difference,
    Estimate divergence,
    Distribution divergences,
    Estimate shift,
    Estimate rootMeanSquareShift,
    Distribution shifts,
    Estimate sameTop) {}
