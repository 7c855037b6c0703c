package dev.tonnage.kernel;

import dev.tonnage.tensor.Rows;
import java.util.List;

/**
 * Rows and the matrices that they are multiplied with.
 *
 * @param x [n, inputs]
 * @param products at least one, each with n rows of results
 */
public record RowProducts(Rows x, List<Product> products) {

  public RowProducts {
    products = List.copyOf(products);
  }

  /** Fails where shapes do not fit together, or memory is gone. */
  void check() {
    for (Product product : products) {
      Bounds.check(
          product.inputs() == x.width()
              && product.outputs() == product.y().width()
              && x.count() == product.y().count(),
          "multiply",
          product.w(),
          x,
          product.y());
    }
  }
}
