package dev.tonnage.plan;

import dev.tonnage.file.KnownMetadata;
import dev.tonnage.file.Metadata;
import dev.tonnage.file.ModelHeader;
import dev.tonnage.file.TensorHeader;
import dev.tonnage.model.Architectures;
import dev.tonnage.model.Dimensions;
import dev.tonnage.nn.FeedForwardShape;
import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A published model as its configuration says, without a file of it.
 *
 * @param name to ask for it
 * @param title for people
 * @param source where its numbers were read, and when
 * @param metadata as a GGUF file of it would have
 * @param vocabulary V, tokens
 * @param isTied whether the embedding is the output, too
 */
public record CataloguedModel(
    String name,
    String title,
    String source,
    KnownMetadata metadata,
    int vocabulary,
    boolean isTied) {

  /**
   * Dimensions.
   *
   * @throws dev.tonnage.error.TonnageException for what the program cannot run
   */
  public Dimensions dimensions() {
    return Architectures.dimensions(new Header(name, metadata, stub()));
  }

  /** What is known before dimensions are: how many tokens and layers there are. */
  private Map<String, TensorHeader> stub() {
    Map<String, TensorHeader> tensors = new LinkedHashMap<>();
    String architecture = metadata.text("general.architecture");
    long hidden = metadata.integer(architecture + ".embedding_length");
    add(tensors, "token_embd.weight", DType.F32, Shape.of(vocabulary, hidden));
    long layers = metadata.integer(architecture + ".block_count");
    for (long layer = 0; layer < layers; layer++) {
      add(tensors, "blk." + layer + ".attn_norm.weight", DType.F32, Shape.of(hidden));
    }
    return tensors;
  }

  private static void add(Map<String, TensorHeader> tensors, String name, DType type, Shape shape) {
    long bytes = QuantMix.bytes(type, shape.elements());
    tensors.put(name, new TensorHeader(name, type, shape, bytes));
  }

  /** Numbers of all its tensors. */
  public long parameters() {
    return header(QuantMix.F16).tensorHeaders().stream()
        .mapToLong(tensor -> tensor.shape().elements())
        .sum();
  }

  /** The mix that most people run it in. */
  public QuantMix usualMix() {
    return dimensions().architecture().equals("gpt-oss") ? QuantMix.MXFP4_MOE : QuantMix.Q4_K_M;
  }

  /** What a file of it in a mix would say: its tensors with their types. */
  public ModelHeader header(QuantMix mix) {
    Dimensions dimensions = dimensions();
    String architecture = dimensions.architecture();
    int predictionLayers = (int) metadata.integer(architecture + ".nextn_predict_layers", 0);
    int experts =
        dimensions.feedForwards().stream()
            .mapToInt(each -> each instanceof FeedForwardShape.Mixture some ? some.experts() : 0)
            .max()
            .orElse(0);
    int layers = dimensions.layers() + predictionLayers;
    var rules =
        new MixRules(
            mix,
            layers,
            experts,
            dimensions.attention().heads() / dimensions.attention().keyValueHeads(),
            isTied,
            layers == 80 && List.of("llama", "qwen2").contains(architecture));
    Map<String, TensorHeader> tensors = new LinkedHashMap<>();
    TensorList.of(dimensions, isTied, predictionLayers)
        .forEach((tensor, shape) -> add(tensors, tensor, rules.type(tensor, shape), shape));
    return new Header(name + " " + mix, metadata, tensors);
  }

  private record Header(String name, Metadata metadata, Map<String, TensorHeader> tensors)
      implements ModelHeader {

    @Override
    public List<TensorHeader> tensorHeaders() {
      return new ArrayList<>(tensors.values());
    }

    @Override
    public Optional<TensorHeader> tensorHeader(String tensor) {
      return Optional.ofNullable(tensors.get(tensor));
    }
  }
}
