package dev.tonnage.cli;

import dev.tonnage.file.Checkpoint;
import dev.tonnage.model.Architectures;
import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Tensor;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a file says about its model.
 *
 * @param name the file's
 * @param type architecture, and the type of most of the numbers
 * @param bytes of all tensors
 * @param parameters numbers in all tensors
 * @param contextTokens what it was trained for
 */
record BenchModel(String name, String type, long bytes, long parameters, int contextTokens) {

  static BenchModel of(Checkpoint checkpoint) {
    var dimensions = Architectures.dimensions(checkpoint);
    Map<DType, Long> numbers = new EnumMap<>(DType.class);
    for (Tensor tensor : checkpoint.tensors()) {
      numbers.merge(tensor.type(), tensor.shape().elements(), Long::sum);
    }
    DType most = Collections.max(numbers.entrySet(), Map.Entry.comparingByValue()).getKey();
    return new BenchModel(
        checkpoint.name(),
        dimensions.architecture() + " " + most,
        checkpoint.weightBytes(),
        numbers.values().stream().mapToLong(Long::longValue).sum(),
        dimensions.contextTokens());
  }
}
