/**
 * The program {@code tonnage}. What comes in: a command line. What goes out: text on standard
 * output, everything else on standard error, and a documented exit code. Start at {@link
 * dev.tonnage.cli.Main}; each command is a file.
 */
package dev.tonnage.cli;
