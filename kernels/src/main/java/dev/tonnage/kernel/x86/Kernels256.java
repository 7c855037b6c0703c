package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.Kernels;
import dev.tonnage.kernel.Level;
import dev.tonnage.kernel.PeakLoop;
import dev.tonnage.kernel.asm.CodeFamily;
import dev.tonnage.kernel.asm.CodeShelf;
import dev.tonnage.kernel.x86.Vec.Width;
import dev.tonnage.kernel.x86.X86Assembler.Vnni;
import dev.tonnage.tensor.DType;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The level of AVX2 code, on top of another for what has no code yet. */
public final class Kernels256 implements CodeKernels {

  private final Products products;
  private final Kernels others;
  private final CodeShelf shelf = new CodeShelf();
  private final Attentions attentions = new Attentions(Width.YMM, shelf);
  private final RowOperations rowOperations = new RowOperations(Width.YMM, shelf);
  private final Matrices matrices;
  private final CodeFamily peak =
      new CodeFamily(shelf, "peak", 1, _ -> DotPeak.code(Vnni.VEX, Width.YMM, this::addProducts));

  /**
   * @param cpu what the processor has; more than AVX2 is used where it is there
   * @param others what computes everything else
   */
  public Kernels256(CpuFeatures cpu, Kernels others) {
    this.products = Products.of(cpu);
    this.others = others;
    this.matrices =
        new Matrices(
            new MatrixCode256(new Unpack256Q2_K(), products), this::groups, Width.YMM, shelf);
    unpackers(products)
        .forEach((type, unpacker) ->
            matrices.add(type, () -> new MatrixCode256(unpacker.get(), products)));
  }

  private static Map<DType, Supplier<Unpacker256>> unpackers(Products products) {
    Map<DType, Supplier<Unpacker256>> unpackers = new EnumMap<>(DType.class);
    unpackers.put(DType.Q8_0, () -> new Unpack256Q8_0(products));
    unpackers.put(DType.Q2_K, Unpack256Q2_K::new);
    unpackers.put(DType.Q3_K, Unpack256Q3_K::new);
    unpackers.put(DType.Q4_K, Unpack256Q4_K::new);
    unpackers.put(DType.Q5_K, Unpack256Q5_K::new);
    unpackers.put(DType.Q6_K, Unpack256Q6_K::new);
    unpackers.put(DType.Q4_0, Unpack256Q4_0::new);
    unpackers.put(DType.Q4_1, Unpack256Q4_1::new);
    unpackers.put(DType.Q5_0, Unpack256Q5_0::new);
    unpackers.put(DType.Q5_1, Unpack256Q5_1::new);
    unpackers.put(DType.IQ4_NL, () -> new Unpack256IQ4_NL(products));
    unpackers.put(DType.IQ4_XS, () -> new Unpack256IQ4_XS(products));
    unpackers.put(DType.MXFP4, Unpack256MXFP4::new);
    unpackers.put(DType.IQ2_XXS, Unpack256IQ2_XXS::new);
    unpackers.put(DType.IQ2_XS, Unpack256IQ2_XS::new);
    unpackers.put(DType.IQ2_S, Unpack256IQ2_S::new);
    unpackers.put(DType.IQ3_XXS, Unpack256IQ3_XXS::new);
    unpackers.put(DType.IQ3_S, Unpack256IQ3_S::new);
    unpackers.put(DType.IQ1_S, Unpack256IQ1_S::new);
    unpackers.put(DType.IQ1_M, Unpack256IQ1_M::new);
    unpackers.put(DType.TQ1_0, Unpack256TQ1_0::new);
    unpackers.put(DType.TQ2_0, Unpack256TQ2_0::new);
    unpackers.put(DType.NVFP4, Unpack256NVFP4::new);
    return unpackers;
  }

  /** Pairs of products with bytes of eight bits do not fit, where there are minima. */
  private Optional<MatrixCode> groups(Groups groups) {
    return groups.bits() == 8 && products == Products.PAIRS
        ? Optional.empty()
        : Optional.of(new MatrixCode256(new Unpack256Groups(groups), products));
  }

  /** The least that products cost: without VNNI sums of 16 bits, as long as they fit. */
  private void addProducts(X86Assembler a, Vec sum, Vec weights, Vec activations) {
    switch (products) {
      case FOURS -> a.emit(Instruction.VPDPBUSD, sum, weights, activations);
      case PAIRS -> {
        Vec pairs = Vec.ymm(15);
        a.emit(Instruction.VPMADDUBSW, pairs, weights, activations);
        a.emit(Instruction.VPADDW, sum, sum, pairs);
      }
    }
  }

  /** Whether a processor can run this level's code. */
  public static boolean runsOn(CpuFeatures cpu) {
    return cpu.has(Feature.AVX2, Feature.FMA, Feature.F16C);
  }

  @Override
  public Level level() {
    return Level.AVX2;
  }

  @Override
  public String description() {
    String vnni =
        switch (products) {
          case FOURS -> "with AVX-VNNI";
          case PAIRS -> "without AVX-VNNI";
        };
    return "AVX2 code " + vnni + "; else " + others.description();
  }

  @Override
  public Kernels others() {
    return others;
  }

  @Override
  public Matrices matrices() {
    return matrices;
  }

  @Override
  public Attentions attentions() {
    return attentions;
  }

  @Override
  public RowOperations rowOperations() {
    return rowOperations;
  }

  @Override
  public Optional<PeakLoop> peak() {
    return Optional.of(new DotPeak(peak, Width.YMM));
  }

  @Override
  public void release() {
    shelf.close();
  }
}
