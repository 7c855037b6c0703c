package dev.tonnage.kernel;

/**
 * What a model asks of a compute at most: enough to know its scratch before anything is computed.
 *
 * @param widest the most columns of any weight
 * @param promptTokens tokens of a step at most
 * @param group query heads that share a key/value head
 * @param keyWidth numbers of a key
 * @param valueWidth numbers of a value
 * @param blockTokens tokens of a block of the cache
 * @param contextTokens tokens that attention may go over
 */
public record Demand(
    int widest,
    int promptTokens,
    int group,
    int keyWidth,
    int valueWidth,
    int blockTokens,
    int contextTokens) {}
