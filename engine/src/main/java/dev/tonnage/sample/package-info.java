/**
 * From logits to a token. What comes in: the logits of one position and the tokens before it. What
 * goes out: an id. Start at {@link dev.tonnage.sample.Sampler}; a stage of its chain is a class of
 * the sealed family {@code Stage}.
 */
package dev.tonnage.sample;
