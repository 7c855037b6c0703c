/**
 * The one family of errors. What comes in: where something went wrong, what was expected, what was
 * found, what to do. What goes out: {@link dev.tonnage.error.TonnageException}, which the command
 * line maps to exit codes and a server to HTTP errors. Start at {@link
 * dev.tonnage.error.TonnageException}.
 */
package dev.tonnage.error;
