/**
 * What writing machine code has in common for every CPU. What comes in: bytes and labels from an
 * assembler such as {@code x86}. What goes out: code to be placed. Start at {@link
 * dev.tonnage.kernel.asm.CodeBuffer}.
 */
package dev.tonnage.kernel.asm;
