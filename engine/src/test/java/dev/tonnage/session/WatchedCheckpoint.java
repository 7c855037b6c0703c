package dev.tonnage.session;

import dev.tonnage.file.Checkpoint;
import dev.tonnage.file.Metadata;
import dev.tonnage.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/** A checkpoint that remembers whether it was closed. */
final class WatchedCheckpoint implements Checkpoint {

  private final Checkpoint checkpoint;
  private int closings;

  WatchedCheckpoint(Checkpoint checkpoint) {
    this.checkpoint = checkpoint;
  }

  /** How often it was closed. */
  int closings() {
    return closings;
  }

  @Override
  public String name() {
    return checkpoint.name();
  }

  @Override
  public String format() {
    return checkpoint.format();
  }

  @Override
  public List<String> files() {
    return checkpoint.files();
  }

  @Override
  public Metadata metadata() {
    return checkpoint.metadata();
  }

  @Override
  public List<Tensor> tensors() {
    return checkpoint.tensors();
  }

  @Override
  public Optional<Tensor> tensor(String name) {
    return checkpoint.tensor(name);
  }

  @Override
  public void verifyUnchanged() {
    checkpoint.verifyUnchanged();
  }

  @Override
  public void close() {
    closings++;
    checkpoint.close();
  }
}
