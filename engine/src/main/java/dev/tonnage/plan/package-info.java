/**
 * The only place that does admission arithmetic. What comes in: a machine and a model's shapes, of
 * a file's header or of the catalogue, no weights. What goes out: the memory it takes, item by
 * item, or a refusal with the sum. Start at {@link dev.tonnage.plan.Plan}.
 */
package dev.tonnage.plan;
