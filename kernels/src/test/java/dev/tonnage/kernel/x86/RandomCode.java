package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.x86.Vec.Width;
import dev.tonnage.kernel.x86.X86Assembler.Vnni;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Random instructions with random operands, each as a call of the assembler and as the text that
 * GNU's assembler reads.
 */
final class RandomCode {

  /**
   * One instruction.
   *
   * @param text in Intel's syntax, without prefixes of registers
   * @param hex what our assembler makes of it, in hexadecimal digits
   */
  record Line(String text, String hex) {}

  private static final List<Gp> GENERAL = List.of(Gp.values());

  private static final List<Mask> MASKS = List.of(Mask.values()).subList(1, 8);

  private final SplittableRandom random;
  private final Vnni vnni;

  RandomCode(long seed, Vnni vnni) {
    this.random = new SplittableRandom(seed);
    this.vnni = vnni;
  }

  /** So many instructions of each kind, and general ones beside them. */
  List<Line> lines(int ofEach) {
    var lines = new ArrayList<Line>();
    for (Instruction i : Instruction.values()) {
      for (int n = 0; n < ofEach; n++) {
        lines.add(vector(i));
      }
    }
    for (int n = 0; n < 20 * ofEach; n++) {
      lines.add(general());
    }
    return lines;
  }

  private interface Call {
    void on(X86Assembler assembler);
  }

  private Line line(String text, Call call) {
    var assembler = new X86Assembler(vnni);
    call.on(assembler);
    return new Line(text, HexFormat.of().formatHex(assembler.finish()));
  }

  private Line vector(Instruction i) {
    Width width = width(i);
    boolean upper = i.vex != Instruction.Vex.ONLY && random.nextInt(3) == 0;
    Vec reg = register(width, upper);
    Vec first = register(width, upper);
    Mask to = MASKS.get(random.nextInt(MASKS.size()));
    int immediate = random.nextInt(128);
    Rm rm = rm(i, width, upper);
    return switch (i.form) {
      case RVM -> line(text(i, reg, first, rm), a -> a.emit(i, reg, first, rm));
      case RVMI ->
          line(
              text(i, reg, first, rm) + ", " + immediate,
              a -> a.emit(i, reg, first, rm, immediate));
      case KVM -> line(text(i, to, first, rm), a -> a.emit(i, to, first, rm));
      case KVMI ->
          line(text(i, to, first, rm) + ", " + immediate, a -> a.emit(i, to, first, rm, immediate));
      case RM -> line(text(i, reg, rm), a -> a.emit(i, reg, rm));
      case RMI -> line(text(i, reg, rm) + ", " + immediate, a -> a.emit(i, reg, rm, immediate));
      case MR -> line(text(i, rm, reg), a -> a.store(i, rm, reg));
      case MRI -> line(text(i, rm, reg) + ", " + immediate, a -> a.store(i, rm, reg, immediate));
      case VMI ->
          line(text(i, reg, first) + ", " + immediate, a -> a.shift(i, reg, first, immediate));
    };
  }

  private Width width(Instruction i) {
    return switch (i) {
      case VMOVSS_LOAD, VMOVSS_STORE, VADDSS -> Width.XMM;
      case VPINSRB, VPINSRW, VPINSRD, VPINSRQ, VPEXTRD -> Width.XMM;
      case VPERMD, VPERMPS, VPERMQ, VBROADCASTI128, VEXTRACTI128, VINSERTI128, VSHUFI32X4 ->
          i.vex == Instruction.Vex.ONLY || random.nextBoolean() ? Width.YMM : Width.ZMM;
      case VBROADCASTI64X4, VEXTRACTI64X4, VINSERTI64X4 -> Width.ZMM;
      case VPERM2I128 -> Width.YMM;
      default ->
          switch (random.nextInt(i.vex == Instruction.Vex.ONLY ? 2 : 3)) {
            case 0 -> Width.XMM;
            case 1 -> Width.YMM;
            default -> Width.ZMM;
          };
    };
  }

  private Vec register(Width width, boolean upper) {
    return new Vec(random.nextInt(upper ? 32 : 16), width);
  }

  private Rm rm(Instruction i, Width width, boolean upper) {
    boolean memory =
        switch (i) {
          case VMOVSS_LOAD, VMOVSS_STORE, VBROADCASTI128, VBROADCASTI64X4 -> true;
          case VPINSRB, VPINSRW, VPINSRD, VPINSRQ, VPEXTRD -> true;
          // between registers there are two encodings of each
          case VMOVUPS, VMOVUPS_STORE -> true;
          default -> random.nextBoolean();
        };
    if (memory) {
      boolean broadcast =
          i.read == Instruction.Read.FULL
              && i.vex != Instruction.Vex.ONLY
              && random.nextInt(3) == 0;
      return broadcast ? memory().broadcast() : memory();
    }
    int bytes = Math.max(16, Math.min(i.read.bytes(width), width.bytes()));
    return register(bytes == 16 ? Width.XMM : bytes == 32 ? Width.YMM : Width.ZMM, upper);
  }

  private Mem memory() {
    Gp base = GENERAL.get(random.nextInt(16));
    int displacement =
        switch (random.nextInt(4)) {
          case 0 -> 0;
          case 1 -> random.nextInt(-128, 128);
          case 2 -> 64 * random.nextInt(-130, 130);
          default -> random.nextInt();
        };
    Gp index = GENERAL.get(random.nextInt(16));
    return index == Gp.RSP || random.nextBoolean()
        ? Mem.at(base, displacement)
        : Mem.at(base, index, 1 << random.nextInt(4), displacement);
  }

  private static String text(Instruction i, Mask to, Vec first, Rm second) {
    String operands = text(i, first, second).substring(i.mnemonic().length());
    return i.mnemonic() + " " + name(to) + "," + operands;
  }

  private static String text(Instruction i, Rm... operands) {
    var text = new StringBuilder();
    boolean evex = false;
    Width widest = Width.XMM;
    for (Rm operand : operands) {
      if (operand instanceof Vec register && register.width().bytes() > widest.bytes()) {
        widest = register.width();
      }
    }
    for (Rm operand : operands) {
      evex |= operand instanceof Vec register && register.number() > 15;
      evex |= operand instanceof Mem memory && memory.spread() == Mem.Spread.BROADCAST;
      text.append(text.isEmpty() ? " " : ", ").append(text(i, operand, widest));
    }
    evex |= widest == Width.ZMM;
    return (evex ? i.evexMnemonic() : i.mnemonic()) + text;
  }

  private static String text(Instruction i, Rm operand, Width widest) {
    return switch (operand) {
      case Vec register -> register.toString();
      case Mem memory when memory.spread() == Mem.Spread.BROADCAST ->
          (i.elementBytes() == 4 ? "dword" : "qword")
              + " ptr "
              + text(memory)
              + "{1to"
              + widest.bytes() / i.elementBytes()
              + "}";
      case Mem memory ->
          switch (i.read.bytes(widest)) {
                case 1 -> "byte";
                case 2 -> "word";
                case 4 -> "dword";
                case 8 -> "qword";
                case 16 -> "xmmword";
                case 32 -> "ymmword";
                default -> "zmmword";
              }
              + " ptr "
              + text(memory);
    };
  }

  private static String text(Mem memory) {
    String index =
        memory.index() == Mem.NO_INDEX
            ? ""
            : "+" + name(GENERAL.get(memory.index())) + "*" + memory.scale();
    return "[" + name(memory.base()) + index + "+" + memory.displacement() + "]";
  }

  private static String name(Gp register) {
    return register.name().toLowerCase(Locale.ROOT);
  }

  /** The lower half's name. */
  private static String name32(Gp register) {
    return register.number() < 8 ? "e" + name(register).substring(1) : name(register) + "d";
  }

  private static String name(Mask register) {
    return register.name().toLowerCase(Locale.ROOT);
  }

  private Line general() {
    Gp to = GENERAL.get(random.nextInt(16));
    Gp from = GENERAL.get(random.nextInt(16));
    Mem memory = memory();
    int value = random.nextBoolean() ? random.nextInt(-128, 128) : random.nextInt();
    int bits = random.nextInt(1, 64);
    String both = name(to) + ", " + name(from);
    String read = name(to) + ", qword ptr " + text(memory);
    String number = name(to) + ", " + value;
    return switch (random.nextInt(19)) {
      case 0 -> line("{load} mov " + both, a -> a.mov(to, from));
      case 1 -> line("mov " + read, a -> a.mov(to, memory));
      case 2 -> line("mov qword ptr " + text(memory) + ", " + name(from), a -> a.mov(memory, from));
      case 3 -> line("lea " + name(to) + ", " + text(memory), a -> a.lea(to, memory));
      case 4 -> line("{load} add " + both, a -> a.add(to, from));
      case 5 -> line("add " + read, a -> a.add(to, memory));
      case 6 -> line("add " + number, a -> a.add(to, value));
      case 7 -> line("{load} sub " + both, a -> a.sub(to, from));
      case 8 -> line("sub " + number, a -> a.sub(to, value));
      case 9 -> line("and " + number, a -> a.and(to, value));
      case 10 -> line("{load} cmp " + both, a -> a.cmp(to, from));
      case 11 -> line("cmp " + number, a -> a.cmp(to, value));
      case 12 -> line("test " + both, a -> a.test(to, from));
      case 13 -> line("shl " + name(to) + ", " + bits, a -> a.shl(to, bits));
      case 14 -> line("shr " + name(to) + ", " + bits, a -> a.shr(to, bits));
      case 15 -> line("imul " + both + ", " + value, a -> a.imul(to, from, value));
      case 16 ->
          line("movzx " + name32(to) + ", byte ptr " + text(memory), a -> a.movb(to, memory));
      case 17 ->
          line("movzx " + name32(to) + ", word ptr " + text(memory), a -> a.movw(to, memory));
      default -> line("prefetcht0 byte ptr " + text(memory), a -> a.prefetch(memory));
    };
  }

  /**
   * Writes the texts, for another assembler, and our bytes.
   *
   * @param arguments a folder
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    for (Vnni vnni : Vnni.values()) {
      var lines = new RandomCode(1, vnni).lines(12);
      Files.write(folder.resolve(vnni + ".txt"), lines.stream().map(Line::text).toList());
      Files.write(folder.resolve(vnni + ".hex"), lines.stream().map(Line::hex).toList());
    }
  }
}
