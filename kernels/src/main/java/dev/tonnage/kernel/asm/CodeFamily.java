package dev.tonnage.kernel.asm;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntFunction;

/** Variants of one kernel, by a small number, each written when it is first wanted. */
public final class CodeFamily {

  private final CodeShelf shelf;
  private final String name;
  private final IntFunction<byte[]> writer;
  private final AtomicReferenceArray<PlacedCode> variants;

  /**
   * @param shelf keeps the code
   * @param name to which the variant's number is appended
   * @param variants numbers are below it
   * @param writer writes a variant
   */
  public CodeFamily(CodeShelf shelf, String name, int variants, IntFunction<byte[]> writer) {
    this.shelf = shelf;
    this.name = name;
    this.writer = writer;
    this.variants = new AtomicReferenceArray<>(variants);
  }

  /**
   * Runs a variant.
   *
   * @param arguments address of the block of arguments, which the code trusts
   */
  public void run(int variant, long arguments) {
    PlacedCode code = variants.get(variant);
    if (code == null) {
      code = shelf.get(name + "-" + variant, () -> writer.apply(variant));
      variants.set(variant, code);
    }
    code.run(arguments);
  }
}
