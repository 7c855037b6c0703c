package dev.tonnage.file;

import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Shape;
import dev.tonnage.tensor.Tensor;

/**
 * What a tensor is, without its numbers.
 *
 * @param name as in the checkpoint
 * @param type how the numbers are stored
 * @param shape outermost extent first
 * @param bytes of them, scales that stand elsewhere included
 */
public record TensorHeader(String name, DType type, Shape shape, long bytes) {

  /** Of numbers that need no scales. */
  public TensorHeader(String name, DType type, Shape shape) {
    this(name, type, shape, type.bytes(shape.elements()));
  }

  /** Of a tensor that is there. */
  static TensorHeader of(Tensor tensor) {
    return new TensorHeader(tensor.name(), tensor.type(), tensor.shape(), tensor.bytes());
  }
}
