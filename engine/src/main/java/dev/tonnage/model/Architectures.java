package dev.tonnage.model;

import dev.tonnage.error.UnsupportedModel;
import dev.tonnage.file.Checkpoint;
import dev.tonnage.file.ModelHeader;
import dev.tonnage.nn.Weights;
import java.util.List;

/** The list of architectures: one line each. */
public final class Architectures {

  private static final List<Architecture> ALL =
      List.of(
          Llama.ARCHITECTURE,
          Qwen2.ARCHITECTURE,
          Qwen3.ARCHITECTURE,
          Qwen3Moe.ARCHITECTURE,
          DeepSeek2.ARCHITECTURE,
          Glm4Moe.ARCHITECTURE,
          MiniMaxM2.ARCHITECTURE,
          CommandR.ARCHITECTURE,
          GptOss.ARCHITECTURE,
          Llama4.ARCHITECTURE);

  private Architectures() {}

  /** The names that can be run, as they stand in files. */
  public static List<String> names() {
    return ALL.stream().map(Architecture::name).toList();
  }

  /**
   * A model's dimensions, from metadata and shapes alone.
   *
   * @throws UnsupportedModel for an unknown architecture, or one that asks for what is not done
   * @throws dev.tonnage.error.BadFile for metadata that is missing or makes no sense
   */
  public static Dimensions dimensions(ModelHeader header) {
    return of(header).dimensions(header);
  }

  /**
   * A model that computes with the checkpoint's weights where they lie.
   *
   * @throws UnsupportedModel likewise, or for weights of a type without kernels
   * @throws dev.tonnage.error.BadFile for tensors that are missing or of another shape
   */
  public static Model load(Checkpoint checkpoint, Weights weights) {
    return of(checkpoint).load(checkpoint, weights);
  }

  private static Architecture of(ModelHeader header) {
    String name = header.metadata().text("general.architecture");
    return ALL.stream()
        .filter(architecture -> architecture.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new UnsupportedModel(
                header.name(),
                "architecture '" + name + "'",
                "known are: " + String.join(", ", names())));
  }
}
