package dev.tonnage.plan;

import dev.tonnage.file.ModelHeader;
import dev.tonnage.file.TensorHeader;
import dev.tonnage.model.Dimensions;
import dev.tonnage.nn.FeedForwardShape;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What of a model's weights a generated token reads: of experts the chosen ones. */
final class Streamed {

  private static final Pattern LAYER = Pattern.compile("blk\\.(\\d{1,6})\\..+");

  private Streamed() {}

  /** Bytes. */
  static long bytes(ModelHeader header, Dimensions dimensions) {
    return sum(header, dimensions, TensorHeader::bytes);
  }

  /** Parameters. */
  static long parameters(ModelHeader header, Dimensions dimensions) {
    return sum(header, dimensions, tensor -> tensor.shape().elements());
  }

  private static long sum(
      ModelHeader header, Dimensions dimensions, ToLongFunction<TensorHeader> size) {
    boolean isTied = header.tensorHeader("output.weight").isEmpty();
    double sum = 0;
    for (TensorHeader tensor : header.tensorHeaders()) {
      Matcher layer = LAYER.matcher(tensor.name());
      if (!layer.matches()) {
        // of an embedding a token reads a row
        sum += !tensor.name().equals("token_embd.weight") || isTied ? size.applyAsLong(tensor) : 0;
        continue;
      }
      int index = Integer.parseInt(layer.group(1));
      if (index < dimensions.layers()) { // behind them tokens further on are predicted
        sum += size.applyAsLong(tensor) * part(tensor, dimensions.feedForwards().get(index));
      }
    }
    return Math.round(sum);
  }

  private static double part(TensorHeader tensor, FeedForwardShape shape) {
    boolean isOfExperts = tensor.name().contains("_exps.");
    return isOfExperts && shape instanceof FeedForwardShape.Mixture mixture
        ? (double) mixture.used() / mixture.experts()
        : 1;
  }
}
