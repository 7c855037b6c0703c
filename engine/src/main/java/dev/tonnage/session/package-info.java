/**
 * Steps over a cache. What comes in: a checkpoint and token ids. What goes out: logits, and from
 * the sampler tokens and text. Start at {@link dev.tonnage.session.LoadedModel}.
 */
package dev.tonnage.session;
