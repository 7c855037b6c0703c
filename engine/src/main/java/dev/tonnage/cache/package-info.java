/**
 * What a token leaves behind. What comes in: how a model's layers keep keys and values. What goes
 * out: {@link dev.tonnage.kernel.CacheSpan}s for the kernels. Start at {@link
 * dev.tonnage.cache.KvLayout}.
 */
package dev.tonnage.cache;
