package dev.tonnage.session;

import dev.tonnage.file.GgufCheckpoint;
import dev.tonnage.file.GgufType;
import dev.tonnage.file.GgufValue;
import dev.tonnage.file.GgufWriter;
import dev.tonnage.file.Metadata;
import dev.tonnage.model.TinyLlama;
import dev.tonnage.model.TinyWeight;
import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A tiny model's file with something changed: to be refused, or to be read all the same. */
final class EditedModel {

  private record Content(DType type, Shape shape, MemorySegment data) {}

  private final Path path;
  private final Map<String, GgufValue> keys = new LinkedHashMap<>();
  private final Map<String, Content> tensors = new LinkedHashMap<>();

  /** The model, unchanged, to be written beside it. */
  EditedModel(TinyLlama model, Path folder) {
    path = folder.resolve(model.name() + "-edited.gguf");
    try (GgufCheckpoint source = OpenModels.file(model, folder)) {
      Metadata metadata = source.metadata();
      for (String key : metadata.keys()) {
        keys.put(key, value(metadata.find(key).orElseThrow()));
      }
    }
    for (TinyWeight weight : model.weights()) {
      tensors.put(weight.name(), content(weight));
    }
  }

  EditedModel put(String key, GgufValue value) {
    keys.put(key, value);
    return this;
  }

  EditedModel without(String key) {
    keys.remove(key);
    return this;
  }

  /** A tensor of zeros in the place of the one with that name, if there is one. */
  EditedModel zeros(String name, DType type, long... extents) {
    Shape shape = Shape.of(extents);
    return tensor(name, type, shape, new byte[(int) type.bytes(shape.elements())]);
  }

  EditedModel tensor(String name, DType type, Shape shape, byte[] bytes) {
    tensors.put(name, new Content(type, shape, MemorySegment.ofArray(bytes)));
    return this;
  }

  /** Every number of an F32 tensor becomes this one. */
  EditedModel fill(String name, float value) {
    Shape shape = tensors.get(name).shape();
    float[] values = new float[(int) shape.elements()];
    Arrays.fill(values, value);
    return tensor(name, DType.F32, shape, TinyWeight.of(name, shape, values).bytes());
  }

  EditedModel withoutTensor(String name) {
    tensors.remove(name);
    return this;
  }

  EditedModel withoutTensors() {
    tensors.clear();
    return this;
  }

  /** Writes the file and opens it. */
  GgufCheckpoint open() {
    var file = new GgufWriter();
    keys.forEach(file::put);
    tensors.forEach(
        (name, content) -> file.tensor(name, content.type(), content.shape(), content.data()));
    file.write(path);
    return GgufCheckpoint.open(path);
  }

  private static Content content(TinyWeight weight) {
    return new Content(weight.type(), weight.shape(), MemorySegment.ofArray(weight.bytes()));
  }

  private static GgufValue value(Metadata.Value value) {
    return switch (value) {
      case Metadata.Int(long integer) -> GgufValue.uint32(integer);
      case Metadata.Huge(var huge) -> GgufValue.uint64(huge.longValue());
      case Metadata.Real(double real) -> GgufValue.float32((float) real);
      case Metadata.Flag(boolean flag) -> GgufValue.flag(flag);
      case Metadata.Text(String text) -> GgufValue.text(text);
      case Metadata.Array array -> array(array);
    };
  }

  private static GgufValue array(Metadata.Array array) {
    return switch (array.elementKind()) {
      case "text" -> {
        List<GgufValue> texts = new ArrayList<>();
        for (byte[] utf8 : array.utf8()) {
          texts.add(GgufValue.text(new String(utf8, StandardCharsets.UTF_8)));
        }
        yield GgufValue.array(GgufType.STRING, texts);
      }
      case "integer" -> GgufValue.int32s(array.ints());
      default -> GgufValue.float32s(array.floats());
    };
  }
}
