package dev.tonnage.session;

/**
 * What a session goes on with in a step that it shares with others: see {@link LoadedModel#append}.
 *
 * @param session whose next token it is
 * @param token an id that was sampled
 */
public record Continuation(Session session, int token) {}
