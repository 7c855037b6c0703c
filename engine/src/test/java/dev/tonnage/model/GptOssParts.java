package dev.tonnage.model;

import dev.tonnage.model.TinyFolder.Part;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * The tensors of a gpt-oss model in a folder: experts together, as MLX has them, or with a row of
 * gate and up in turn, as they are published.
 *
 * @param folder whose they are
 */
record GptOssParts(TinyFolder folder) {

  private static final Map<String, String> NAMES =
      Map.of(
          "attn_sinks.weight", "self_attn.sinks",
          "ffn_gate_inp.weight", "mlp.router.weight",
          "ffn_gate_inp.bias", "mlp.router.bias",
          "ffn_gate_exps.weight", "mlp.experts.gate_proj.weight",
          "ffn_gate_exps.bias", "mlp.experts.gate_proj.bias",
          "ffn_up_exps.weight", "mlp.experts.up_proj.weight",
          "ffn_up_exps.bias", "mlp.experts.up_proj.bias",
          "ffn_down_exps.weight", "mlp.experts.down_proj.weight",
          "ffn_down_exps.bias", "mlp.experts.down_proj.bias");

  /** What stands for one tensor: itself, several, or none where another has it, too. */
  List<Part> of(TinyWeight weight) {
    boolean isPublished = folder.storage() == FolderStorage.MXFP4_EXPERTS;
    String name = weight.name();
    if (!isPublished || !name.contains("_exps.")) {
      return List.of(plain(name(name), weight.values(), shape(weight)));
    }
    if (name.contains("_up_exps.")) {
      return List.of();
    }
    float[] values = weight.values();
    List<Long> shape = shape(weight);
    String published = name(name).replaceFirst("\\.(weight|bias)$", "");
    if (name.contains("_gate_exps.")) {
      TinyWeight up =
          folder.model().weights().stream()
              .filter(each -> each.name().equals(name.replace("_gate_", "_up_")))
              .findFirst()
              .orElseThrow();
      int columns = name.endsWith(".bias") ? 1 : Math.toIntExact(shape.getLast());
      values = inTurn(values, up.values(), columns);
      shape =
          columns == 1
              ? List.of(shape.get(0), 2 * shape.get(1))
              : List.of(shape.get(0), 2 * shape.get(1), shape.get(2));
      published = published.replace("gate_proj", "gate_up_proj");
    }
    return name.endsWith(".bias")
        ? List.of(plain(published + "_bias", values, shape))
        : blocks(published, values, shape);
  }

  private static List<Part> blocks(String name, float[] values, List<Long> shape) {
    long rows = shape.get(0) * shape.get(1);
    long blocks = shape.get(2) / 32;
    FolderStorage.Stored stored =
        FolderStorage.MXFP4_EXPERTS.store(name, values, rows, shape.get(2));
    return List.of(
        new Part(
            name + "_blocks",
            "U8",
            List.of(shape.get(0), shape.get(1), blocks, 16L),
            stored.pieces().get(0).bytes()),
        new Part(
            name + "_scales",
            "U8",
            List.of(shape.get(0), shape.get(1), blocks),
            stored.pieces().get(1).bytes()));
  }

  private static float[] inTurn(float[] firsts, float[] seconds, int columns) {
    float[] both = new float[2 * firsts.length];
    for (int from = 0; from < firsts.length; from += columns) {
      System.arraycopy(firsts, from, both, 2 * from, columns);
      System.arraycopy(seconds, from, both, 2 * from + columns, columns);
    }
    return both;
  }

  private static Part plain(String name, float[] values, List<Long> shape) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return new Part(name, "F32", shape, bytes);
  }

  private static List<Long> shape(TinyWeight weight) {
    return LongStream.range(0, weight.shape().rank())
        .mapToObj(axis -> weight.shape().extent((int) axis))
        .toList();
  }

  private String name(String name) {
    String[] words = name.split("\\.", 3);
    String own = words.length < 3 ? null : NAMES.get(words[2]);
    return own == null ? folder.name(name) : "model.layers." + words[1] + "." + own;
  }
}
