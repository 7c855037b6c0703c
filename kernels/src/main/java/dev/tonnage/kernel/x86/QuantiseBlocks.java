package dev.tonnage.kernel.x86;

import static dev.tonnage.kernel.x86.Instruction.VEXTRACTI128;
import static dev.tonnage.kernel.x86.Instruction.VMOVSS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VMOVUPS_STORE;
import static dev.tonnage.kernel.x86.Instruction.VPACKSSDW;
import static dev.tonnage.kernel.x86.Instruction.VPUNPCKLDQ;

import dev.tonnage.kernel.x86.GeneralAssembler.Condition;
import dev.tonnage.kernel.x86.X86Assembler.Vnni;
import java.util.function.Consumer;

/** A token's activations to {@link PromptBlock}s, as {@link Quantise} does. */
final class QuantiseBlocks {

  /** Address of the activations, whole lines of floats. */
  static final int INPUTS = 0;

  /** How many blocks there are, at least 1, a multiple of those that share a scale. */
  static final int BLOCKS = 8;

  /** Address of the first block. */
  static final int TO = 16;

  private static final Gp FROM = Gp.RAX;
  private static final Gp COUNT = Gp.RCX;
  private static final Gp BLOCK = Gp.RDX;
  private static final Gp LEFT = Gp.R8;

  private QuantiseBlocks() {}

  /**
   * The code, for weights that are grouped so and have such an offset.
   *
   * @param span blocks that share a scale
   */
  static byte[] code(Grouping grouping, Offset offset, int span) {
    return code(
        grouping,
        offset,
        span,
        a -> {
          a.store(VMOVSS_STORE, Mem.at(BLOCK, PromptBlock.CORRECTIONS), Quantise.CORRECTIONS.x());
          if (grouping == Grouping.OF_16) {
            a.store(VEXTRACTI128, Quantise.FREE.x(), Quantise.CORRECTIONS, 1);
            a.store(VMOVSS_STORE, Mem.at(BLOCK, PromptBlock.CORRECTIONS + 4), Quantise.FREE.x());
          }
        });
  }

  /**
   * The same, for tiles that have biases.
   *
   * @param span blocks that share a scale
   */
  static byte[] codeWithSums(int span) {
    Vec first = Quantise.CORRECTIONS.x();
    Vec second = Quantise.FREE.x();
    return code(
        Grouping.OF_16,
        new Offset.Bias(1),
        span,
        a -> {
          a.store(VEXTRACTI128, second, Quantise.CORRECTIONS, 1);
          a.emit(VPUNPCKLDQ, first, first, second);
          a.emit(VPACKSSDW, first, first, first);
          a.store(VMOVSS_STORE, Mem.at(BLOCK, PromptBlock.CORRECTIONS), first);
        });
  }

  private static byte[] code(
      Grouping grouping, Offset offset, int span, Consumer<X86Assembler> storeCorrections) {
    var a = new X86Assembler(Vnni.VEX);
    Leaf.begin(a);
    var constants = a.label();
    a.lea(BLOCK, constants);
    Quantise.begin(a, BLOCK);
    a.mov(FROM, Mem.at(Gp.RDI, INPUTS));
    a.mov(COUNT, Mem.at(Gp.RDI, BLOCKS));
    a.mov(BLOCK, Mem.at(Gp.RDI, TO));
    var blocks = a.here();
    Quantise.scale(a, FROM, 0, span);
    a.movd(LEFT, span);
    var block = a.here();
    Quantise.bytes(a, FROM, 0);
    a.store(VMOVUPS_STORE, Mem.at(BLOCK), Quantise.BYTES);
    a.store(VMOVSS_STORE, Mem.at(BLOCK, PromptBlock.SCALE), Quantise.SCALE);
    Quantise.corrections(a, grouping, offset);
    storeCorrections.accept(a);
    a.add(FROM, 128);
    a.add(BLOCK, PromptBlock.BYTES);
    a.sub(LEFT, 1);
    a.jump(Condition.NOT_EQUAL, block);
    a.sub(COUNT, span);
    a.jump(Condition.NOT_EQUAL, blocks);
    Leaf.end(a);
    a.place(constants, Quantise.constants(offset));
    return a.finish();
  }
}
