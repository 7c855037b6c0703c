/**
 * What a model is worth in numbers. What comes in: a loaded model and a text, or questions with
 * choices. What goes out: perplexity, divergence from a better format's stored log-probabilities,
 * answers and accuracy, each with its uncertainty. Start at {@link dev.tonnage.eval.Perplexity}.
 */
package dev.tonnage.eval;
