/**
 * Files to named, checked tensors. What comes in: a path. What goes out: a {@link
 * dev.tonnage.file.Checkpoint}: {@link dev.tonnage.file.Metadata} and {@link
 * dev.tonnage.tensor.Tensor}s that lie in the mapped file. Whatever is wrong with a file is a
 * {@link dev.tonnage.error.BadFile} that says where. Start at {@link dev.tonnage.file.Checkpoint},
 * then {@link dev.tonnage.file.GgufCheckpoint}; files are made by {@link
 * dev.tonnage.file.GgufWriter}.
 */
package dev.tonnage.file;
