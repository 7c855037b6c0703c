/**
 * One file per architecture, composed of parts from {@code nn}, and the list of architectures. What
 * comes in: a checkpoint. What goes out: a {@link dev.tonnage.model.Model} that turns steps into
 * logits. Start at {@link dev.tonnage.model.Architectures}; {@code Qwen2}, on the shared {@code
 * Decoder}, is the example to follow.
 */
package dev.tonnage.model;
