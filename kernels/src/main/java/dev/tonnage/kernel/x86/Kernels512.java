package dev.tonnage.kernel.x86;

import static java.util.Map.entry;

import dev.tonnage.kernel.Kernels;
import dev.tonnage.kernel.Level;
import dev.tonnage.kernel.PeakLoop;
import dev.tonnage.kernel.asm.CodeFamily;
import dev.tonnage.kernel.asm.CodeShelf;
import dev.tonnage.kernel.x86.Vec.Width;
import dev.tonnage.kernel.x86.X86Assembler.Vnni;
import dev.tonnage.tensor.DType;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The level of AVX-512 code, on top of another for what has no code yet. */
public final class Kernels512 implements CodeKernels {

  /** Made when they are wanted: some read a grid. */
  private static final Map<DType, Supplier<Unpacker>> UNPACKERS =
      Map.ofEntries(
          entry(DType.Q8_0, UnpackQ8_0::new),
          entry(DType.Q4_0, UnpackQ4_0::new),
          entry(DType.Q4_1, UnpackQ4_1::new),
          entry(DType.Q5_0, UnpackQ5_0::new),
          entry(DType.Q5_1, UnpackQ5_1::new),
          entry(DType.IQ1_S, UnpackIQ1_S::new),
          entry(DType.IQ1_M, UnpackIQ1_M::new),
          entry(DType.IQ2_XXS, UnpackIQ2_XXS::new),
          entry(DType.IQ2_XS, UnpackIQ2_XS::new),
          entry(DType.IQ2_S, UnpackIQ2_S::new),
          entry(DType.IQ3_XXS, UnpackIQ3_XXS::new),
          entry(DType.IQ3_S, UnpackIQ3_S::new),
          entry(DType.IQ4_NL, UnpackIQ4_NL::new),
          entry(DType.IQ4_XS, UnpackIQ4_XS::new),
          entry(DType.MXFP4, UnpackMXFP4::new),
          entry(DType.NVFP4, UnpackNVFP4::new),
          entry(DType.TQ1_0, UnpackTQ1_0::new),
          entry(DType.TQ2_0, UnpackTQ2_0::new),
          entry(DType.Q2_K, UnpackQ2_K::new),
          entry(DType.Q3_K, UnpackQ3_K::new),
          entry(DType.Q4_K, UnpackQ4_K::new),
          entry(DType.Q5_K, UnpackQ5_K::new),
          entry(DType.Q6_K, UnpackQ6_K::new));

  private final Kernels others;
  private final CodeShelf shelf = new CodeShelf();
  private final CodeFamily peak =
      new CodeFamily(
          shelf,
          "peak",
          1,
          _ ->
              DotPeak.code(
                  Vnni.EVEX,
                  Width.ZMM,
                  (a, sum, weights, x) -> a.emit(Instruction.VPDPBUSD, sum, weights, x)));
  private final Attentions attentions = new Attentions(Width.ZMM, shelf);
  private final RowOperations rowOperations = new RowOperations(Width.ZMM, shelf);
  private final Matrices matrices =
      new Matrices(
          new MatrixCode512(new UnpackQ2_K()),
          groups -> Optional.of(new MatrixCode512(new UnpackGroups(groups))),
          Width.ZMM,
          shelf);

  /**
   * @param others what computes everything else
   */
  public Kernels512(Kernels others) {
    this.others = others;
    UNPACKERS.forEach(
        (type, unpacker) -> matrices.add(type, () -> new MatrixCode512(unpacker.get())));
  }

  /** Whether a processor can run this level's code. */
  public static boolean runsOn(CpuFeatures cpu) {
    return cpu.has(Feature.AVX2, Feature.FMA, Feature.F16C, Feature.AVX512, Feature.AVX512_VNNI);
  }

  @Override
  public Level level() {
    return Level.AVX512;
  }

  @Override
  public String description() {
    return "AVX-512 VNNI code; else " + others.description();
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
    return Optional.of(new DotPeak(peak, Width.ZMM));
  }

  @Override
  public void release() {
    shelf.close();
  }
}
