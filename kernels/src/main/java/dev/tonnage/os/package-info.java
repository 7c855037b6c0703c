/**
 * Every contact with the operating system. What comes in: paths. What goes out: {@link
 * dev.tonnage.os.MappedFile}, a file as memory; a system that refuses is a {@link
 * dev.tonnage.error.StorageFailure}. Start at {@link dev.tonnage.os.MappedFile}.
 */
package dev.tonnage.os;
