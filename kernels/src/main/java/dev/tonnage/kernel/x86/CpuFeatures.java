package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.Memory;
import dev.tonnage.kernel.asm.PlacedCode;
import dev.tonnage.kernel.x86.X86Assembler.Vnni;
import dev.tonnage.os.ExecutableMemory.Refused;
import java.lang.foreign.Arena;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What this processor has and its system supports. Found by asking the processor, with a few
 * instructions of code; others can be made up, to test what a lesser processor would do.
 *
 * @param features what there is
 */
public record CpuFeatures(Set<Feature> features) {

  private static final int AVX_STATE = 0x06;
  private static final int AVX512_STATE = 0xe6;

  /** A copy that nobody changes. */
  public CpuFeatures {
    EnumSet<Feature> copy = EnumSet.noneOf(Feature.class);
    copy.addAll(features);
    features = Collections.unmodifiableSet(copy);
  }

  /** A processor with these and nothing else. */
  public static CpuFeatures of(Feature... features) {
    return new CpuFeatures(Set.of(features));
  }

  /** Whether all of these are there. */
  public boolean has(Feature... wanted) {
    return features.containsAll(Set.of(wanted));
  }

  /** The same without some. */
  public CpuFeatures without(Feature... lacking) {
    EnumSet<Feature> left = EnumSet.noneOf(Feature.class);
    left.addAll(features);
    left.removeAll(Set.of(lacking));
    return new CpuFeatures(left);
  }

  /**
   * This processor's.
   *
   * @throws Refused where no code can be placed, so that it cannot be asked
   */
  public static CpuFeatures here() throws Refused {
    try (var question = PlacedCode.place("cpuid", code());
        Arena arena = Arena.ofConfined()) {
      long block = arena.allocate(ANSWER + 16L, 8).address();
      Answer basic = ask(question, block, 0, 0);
      Answer first = ask(question, block, 1, 0);
      Answer seventh = basic.eax() >= 7 ? ask(question, block, 7, 0) : Answer.NONE;
      Answer further =
          basic.eax() >= 7 && seventh.eax() >= 1 ? ask(question, block, 7, 1) : Answer.NONE;
      boolean saves = bit(first.ecx(), 27);
      int state = saves ? ask(question, block, STATE, 0).eax() : 0;
      return from(first, seventh, further, state);
    }
  }

  /** What CPUID answers. */
  private record Answer(int eax, int ebx, int ecx, int edx) {
    static final Answer NONE = new Answer(0, 0, 0, 0);
  }

  private static CpuFeatures from(Answer first, Answer seventh, Answer further, int state) {
    EnumSet<Feature> found = EnumSet.noneOf(Feature.class);
    if (bit(first.ecx(), 28) && (state & AVX_STATE) == AVX_STATE) {
      add(found, Feature.FMA, bit(first.ecx(), 12));
      add(found, Feature.F16C, bit(first.ecx(), 29));
      add(found, Feature.AVX2, bit(seventh.ebx(), 5));
      add(found, Feature.AVX_VNNI, bit(further.eax(), 4));
    }
    boolean all512 =
        bit(seventh.ebx(), 16)
            && bit(seventh.ebx(), 17)
            && bit(seventh.ebx(), 30)
            && bit(seventh.ebx(), 31);
    if (found.contains(Feature.AVX2) && all512 && (state & AVX512_STATE) == AVX512_STATE) {
      found.add(Feature.AVX512);
      add(found, Feature.AVX512_VNNI, bit(seventh.ecx(), 11));
      add(found, Feature.AVX512_BF16, bit(further.eax(), 5));
    }
    return new CpuFeatures(found);
  }

  private static void add(Set<Feature> features, Feature feature, boolean isThere) {
    if (isThere) {
      features.add(feature);
    }
  }

  private static boolean bit(int word, int index) {
    return ((word >>> index) & 1) != 0;
  }

  private static final int ANSWER = 16;

  /** No leaf of CPUID, but the question for the state that the system keeps. */
  private static final int STATE = -1;

  private static Answer ask(PlacedCode question, long block, int leaf, int subleaf) {
    Memory.i64(block, leaf);
    Memory.i64(block + 8, subleaf);
    question.run(block);
    return new Answer(
        Memory.i32(block + ANSWER),
        Memory.i32(block + ANSWER + 4),
        Memory.i32(block + ANSWER + 8),
        Memory.i32(block + ANSWER + 12));
  }

  private static byte[] code() {
    var a = new X86Assembler(Vnni.EVEX);
    Gp block = Gp.R8;
    a.mov(block, Leaf.firstArgument());
    a.mov(Gp.R9, Gp.RBX); // CPUID overwrites what the caller wants kept
    a.mov(Gp.RAX, Mem.at(block));
    a.mov(Gp.RCX, Mem.at(block, 8));
    var state = a.label();
    var answer = a.label();
    a.cmp(Gp.RAX, STATE);
    a.jump(GeneralAssembler.Condition.EQUAL, state);
    a.cpuid();
    a.jmp(answer);
    a.bind(state);
    a.movd(Gp.RCX, 0);
    a.xgetbv();
    a.bind(answer);
    a.movd(Mem.at(block, ANSWER), Gp.RAX);
    a.movd(Mem.at(block, ANSWER + 4), Gp.RBX);
    a.movd(Mem.at(block, ANSWER + 8), Gp.RCX);
    a.movd(Mem.at(block, ANSWER + 12), Gp.RDX);
    a.mov(Gp.RBX, Gp.R9);
    a.ret();
    return a.finish();
  }
}
