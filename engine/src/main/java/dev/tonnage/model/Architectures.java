package dev.tonnage.model;

import dev.tonnage.error.UnsupportedModel;
import dev.tonnage.file.Checkpoint;
import dev.tonnage.nn.Weights;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The list of architectures: one line each. */
public final class Architectures {

  private record Entry(
      String name,
      Function<Checkpoint, Dimensions> dimensions,
      BiFunction<Checkpoint, Weights, Model> load) {}

  private static final List<Entry> ENTRIES =
      List.of(
          new Entry(Llama.ARCHITECTURE, Llama::dimensions, Llama::load),
          new Entry(Qwen2.ARCHITECTURE, Qwen2::dimensions, Qwen2::load));

  private Architectures() {}

  /** The names that can be run, as they stand in files. */
  public static List<String> names() {
    return ENTRIES.stream().map(Entry::name).toList();
  }

  /**
   * A model's dimensions, from metadata and shapes alone.
   *
   * @throws UnsupportedModel for an unknown architecture, or one that asks for what is not done
   * @throws dev.tonnage.error.BadFile for metadata that is missing or makes no sense
   */
  public static Dimensions dimensions(Checkpoint checkpoint) {
    return entry(checkpoint).dimensions().apply(checkpoint);
  }

  /**
   * A model that computes with the checkpoint's weights where they lie.
   *
   * @throws UnsupportedModel likewise, or for weights of a type without kernels
   * @throws dev.tonnage.error.BadFile for tensors that are missing or of another shape
   */
  public static Model load(Checkpoint checkpoint, Weights weights) {
    return entry(checkpoint).load().apply(checkpoint, weights);
  }

  private static Entry entry(Checkpoint checkpoint) {
    String name = checkpoint.metadata().text("general.architecture");
    return ENTRIES.stream()
        .filter(entry -> entry.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new UnsupportedModel(
                checkpoint.name(),
                "architecture '" + name + "'",
                "known are: " + String.join(", ", names())));
  }
}
