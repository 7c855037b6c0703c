/**
 * Text to token ids and back, from a checkpoint's own metadata. What comes in: {@link
 * dev.tonnage.file.Metadata} once, then text or ids. What goes out: ids, or text that never ends in
 * half a character. Text of users becomes control tokens only where the caller says so: {@link
 * dev.tonnage.text.SpecialTokens}. Start at {@link dev.tonnage.text.Tokenizer}.
 */
package dev.tonnage.text;
