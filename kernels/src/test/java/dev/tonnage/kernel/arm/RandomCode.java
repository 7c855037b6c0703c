package dev.tonnage.kernel.arm;

import dev.tonnage.kernel.arm.GeneralAssembler.Condition;
import dev.tonnage.kernel.arm.GeneralAssembler.Shift;
import dev.tonnage.kernel.asm.CodeBuffer.Label;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Random instructions with random operands, each as a call of the assembler and as the text that
 * GNU's assembler reads.
 */
final class RandomCode {

  /**
   * One instruction, or several that stand for one.
   *
   * @param text as GNU's assembler reads it; instructions are separated by semicolons
   * @param hex what our assembler makes of it, in hexadecimal digits
   */
  record Line(String text, String hex) {}

  private static final List<Shape> VECTORS =
      Stream.of(Shape.values()).filter(shape -> !shape.isScalar()).toList();

  private static final List<Shape> WHOLE =
      VECTORS.stream().filter(shape -> shape.bytes() == 16).toList();

  private static final List<Shape> PAIRED = List.of(Shape.S, Shape.D, Shape.Q);

  private static final List<Shape> NUMBERS = List.of(Shape.B, Shape.H, Shape.S, Shape.D, Shape.Q);

  private final SplittableRandom random;

  RandomCode(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** So many instructions of each kind and shape, and others beside them. */
  List<Line> lines(int ofEach) {
    var lines = new ArrayList<Line>();
    for (Instruction i : Instruction.values()) {
      for (Shape key : i.keys()) {
        for (int n = 0; n < ofEach; n++) {
          lines.add(vector(i, key));
        }
      }
    }
    for (int n = 0; n < 20 * ofEach; n++) {
      lines.add(lanes());
      lines.add(memory());
      lines.add(general());
      lines.add(jump());
    }
    return lines;
  }

  private interface Call {
    void on(A64Assembler assembler);
  }

  private static Line line(String text, Call call) {
    var assembler = new A64Assembler();
    call.on(assembler);
    return new Line(text, HexFormat.of().formatHex(assembler.finish()));
  }

  private <T> T any(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private Line vector(Instruction i, Shape key) {
    Form form = i.form();
    var operands = new ArrayList<Vec>();
    for (Shape shape : form.shapes(key)) {
      // a lane of 16 bits can only be one of the lower registers
      boolean lower = form == Form.LANE && key.elementBytes() == 2 && operands.size() == 2;
      operands.add(new Vec(random.nextInt(lower ? 16 : 32), shape));
    }
    int least = form.immediate().least();
    int number = random.nextInt(least, Math.max(least, form.immediate().greatest(key)) + 1);
    Vec a = operands.getFirst();
    Vec b = operands.get(1);
    Vec c = operands.getLast();
    String ab = i.mnemonic(key) + " " + a + ", " + b;
    return switch (form) {
      case TWO, PAIRS, WIDE, NARROW, ACROSS, ACROSS_WIDE -> line(ab, as -> as.emit(i, a, b));
      case THREE, DOT, WIDE_THREE, WIDE_ADD -> line(ab + ", " + c, as -> as.emit(i, a, b, c));
      case SHIFT_LEFT, SHIFT_RIGHT, WIDE_SHIFT, NARROW_SHIFT ->
          line(ab + ", " + number, as -> as.shift(i, a, b, number));
      case LANE -> line(ab + ", " + lane(c, number), as -> as.emit(i, a, b, c, number));
      case DOT_LANE ->
          line(ab + ", v" + c.number() + ".4b[" + number + "]", as -> as.emit(i, a, b, c, number));
      case EXTRACT -> line(ab + ", " + c + ", " + number, as -> as.emit(i, a, b, c, number));
      case TABLE ->
          line(i.mnemonic(key) + " " + a + ", {" + b + "}, " + c, as -> as.emit(i, a, b, c));
    };
  }

  private static String lane(Vec a, int lane) {
    return "v" + a.number() + "." + a.shape().element().text() + "[" + lane + "]";
  }

  private Gp general(Gp.Width width, int most) {
    return new Gp(random.nextInt(most + 1), width);
  }

  private Gp.Width width() {
    return random.nextBoolean() ? Gp.Width.X : Gp.Width.W;
  }

  private Vec vector(List<Shape> shapes) {
    return new Vec(random.nextInt(32), any(shapes));
  }

  /** Between lanes and general registers. */
  private Line lanes() {
    Vec a = vector(WHOLE);
    Vec b = new Vec(random.nextInt(32), a.shape());
    Vec any = vector(VECTORS);
    Vec bytes = vector(List.of(Shape.B8, Shape.B16));
    int lanes = 16 / a.shape().elementBytes();
    int lane = random.nextInt(lanes);
    int from = random.nextInt(lanes);
    int value = random.nextInt(256);
    Gp x = general(a.shape().elementBytes() == 8 ? Gp.Width.X : Gp.Width.W, 31);
    Gp forAny = general(any.shape().elementBytes() == 8 ? Gp.Width.X : Gp.Width.W, 31);
    Gp moved = general(width(), 31);
    Vec number = new Vec(random.nextInt(32), moved.width() == Gp.Width.X ? Shape.D : Shape.S);
    int fromAny = random.nextInt(16 / any.shape().elementBytes());
    Vec whole = new Vec(b.number(), any.shape().whole());
    return switch (random.nextInt(8)) {
      case 0 -> line("movi " + bytes + ", " + value, as -> as.movi(bytes, value));
      case 1 -> line("dup " + any + ", " + lane(whole, fromAny), as -> as.dup(any, whole, fromAny));
      case 2 -> line("dup " + any + ", " + forAny, as -> as.dup(any, forAny));
      case 3 -> line("ins " + lane(a, lane) + ", " + lane(b, from), as -> as.ins(a, lane, b, from));
      case 4 -> line("ins " + lane(a, lane) + ", " + x, as -> as.ins(a, lane, x));
      case 5 -> line("umov " + x + ", " + lane(b, from), as -> as.umov(x, b, from));
      case 6 -> line("fmov " + number + ", " + moved, as -> as.fmov(number, moved));
      default -> line("fmov " + moved + ", " + number, as -> as.fmov(moved, number));
    };
  }

  private Line memory() {
    Gp base = general(Gp.Width.X, 30);
    Vec number = vector(NUMBERS);
    Vec first = vector(PAIRED);
    Vec second = new Vec(random.nextInt(32), first.shape());
    Vec vector = vector(VECTORS);
    int count = random.nextInt(1, 5);
    Gp x = general(width(), 31);
    // loading one register twice is undefined
    Gp y = new Gp((x.number() + random.nextInt(1, 32)) % 32, x.width());
    Vec other =
        first.number() == second.number() ? new Vec(first.number() ^ 1, first.shape()) : second;
    Mem one = memory(base, number.shape().bytes());
    Mem pair = new Mem(base, first.shape().bytes() * random.nextInt(-64, 64));
    Mem general = memory(base, x.width().bytes());
    Mem generalPair = new Mem(base, x.width().bytes() * random.nextInt(-64, 64));
    Mem line = memory(base, 8);
    return switch (random.nextInt(11)) {
      case 0 -> line("ldr " + number + ", " + text(one), as -> as.ldr(number, one));
      case 1 -> line("str " + number + ", " + text(one), as -> as.str(number, one));
      case 2 ->
          line("ldp " + first + ", " + other + ", " + text(pair), as -> as.ldp(first, other, pair));
      case 3 ->
          line(
              "stp " + first + ", " + second + ", " + text(pair),
              as -> as.stp(first, second, pair));
      case 4 ->
          line(
              "ld1 " + several(vector, count) + ", [" + base + "]",
              as -> as.ld1(vector, count, base));
      case 5 ->
          line(
              "st1 " + several(vector, count) + ", [" + base + "]",
              as -> as.st1(vector, count, base));
      case 6 -> line("ld1r {" + vector + "}, [" + base + "]", as -> as.ld1r(vector, base));
      case 7 -> line("ldr " + x + ", " + text(general), as -> as.ldr(x, general));
      case 8 -> line("str " + x + ", " + text(general), as -> as.str(x, general));
      case 9 ->
          line("ldp " + x + ", " + y + ", " + text(generalPair), as -> as.ldp(x, y, generalPair));
      default -> line("prfm pldl1keep, " + text(line), as -> as.prefetch(line));
    };
  }

  private static String several(Vec first, int count) {
    var text = new StringBuilder("{" + first);
    for (int n = 1; n < count; n++) {
      text.append(", ").append(new Vec((first.number() + n) % 32, first.shape()));
    }
    return text.append('}').toString();
  }

  private Mem memory(Gp base, int unit) {
    return switch (random.nextInt(3)) {
      case 0 -> Mem.at(base);
      case 1 -> new Mem(base, random.nextInt(-256, 256));
      default -> new Mem(base, unit * random.nextInt(1 << 12));
    };
  }

  private static String text(Mem memory) {
    return "[" + memory.base() + ", " + memory.offset() + "]";
  }

  private Line general() {
    Gp.Width width = width();
    Gp a = general(width, 31);
    Gp b = general(width, 31);
    Gp c = general(width, 31);
    Gp low = general(width, 30);
    Gp from = general(width, 30);
    Gp x = general(Gp.Width.X, 30);
    int bits = random.nextInt(8 * width.bytes());
    Shift shift = any(List.of(Shift.values()));
    int value = random.nextInt(1 << 12) << (random.nextBoolean() ? 12 : 0);
    long wide = random.nextLong() & (random.nextLong() | 0xffff_0000_ffffL);
    String three = " " + a + ", " + b + ", " + c;
    String number = " " + low + ", " + from + ", " + value;
    return switch (random.nextInt(17)) {
      case 0 -> line("mov " + a + ", " + b, as -> as.mov(a, b));
      case 1 -> line(movz(x, wide), as -> as.mov(x, wide));
      case 2 -> line("add" + number, as -> as.add(low, from, value));
      case 3 -> line("sub" + number, as -> as.sub(low, from, value));
      case 4 -> line("subs " + a + ", " + from + ", " + value, as -> as.subs(a, from, value));
      case 5 -> line("cmp " + from + ", " + value, as -> as.cmp(from, value));
      case 6 -> line("add" + three, as -> as.add(a, b, c));
      case 7 -> line("sub" + three, as -> as.sub(a, b, c));
      case 8 -> line("cmp " + a + ", " + b, as -> as.cmp(a, b));
      case 9 -> line("and" + three, as -> as.and(a, b, c));
      case 10 -> line("bic" + three, as -> as.bic(a, b, c));
      case 11 -> line("orr" + three, as -> as.orr(a, b, c));
      case 12 ->
          line(
              "orr" + three + (shift == Shift.LEFT ? ", lsl " : ", lsr ") + bits,
              as -> as.orr(a, b, c, shift, bits));
      case 13 -> line("eor" + three, as -> as.eor(a, b, c));
      case 14 -> line("ret", A64Assembler::ret);
      case 15 -> line("blr " + x, as -> as.blr(x));
      default -> line("svc 0", A64Assembler::svc);
    };
  }

  /** A number in groups of 16 bits; those that are zero after the first need no instruction. */
  private static String movz(Gp x, long value) {
    var text = new StringBuilder("movz " + x + ", " + (value & 0xffff));
    for (int shift = 16; shift < 64; shift += 16) {
      long bits = (value >>> shift) & 0xffff;
      if (bits != 0) {
        text.append("; movk ").append(x).append(", ").append(bits).append(", lsl ").append(shift);
      }
    }
    return text.toString();
  }

  /** A jump over some instructions, or back over them. */
  private Line jump() {
    Gp a = general(width(), 31);
    Condition condition = any(List.of(Condition.values()));
    String name =
        switch (condition) {
          case EQUAL -> "b.eq";
          case NOT_EQUAL -> "b.ne";
          case BELOW -> "b.lo";
          case NOT_BELOW -> "b.hs";
        };
    int between = random.nextInt(5);
    boolean back = random.nextBoolean();
    return switch (random.nextInt(4)) {
      case 0 -> jump("b", back, between, (as, to) -> as.b(to));
      case 1 -> jump(name, back, between, (as, to) -> as.b(condition, to));
      case 2 -> jump("cbz " + a + ",", back, between, (as, to) -> as.cbz(a, to));
      default -> jump("cbnz " + a + ",", back, between, (as, to) -> as.cbnz(a, to));
    };
  }

  private interface Jump {
    void to(A64Assembler assembler, Label label);
  }

  private static Line jump(String text, boolean back, int between, Jump jump) {
    String others = "ret; ".repeat(between);
    return line(
        back ? "1: " + others + text + " 1b" : text + " 1f; " + others + "1: ret",
        as -> {
          var label = back ? as.here() : as.label();
          if (!back) {
            jump.to(as, label);
          }
          for (int n = 0; n < between; n++) {
            as.ret();
          }
          if (back) {
            jump.to(as, label);
          } else {
            as.bind(label);
            as.ret();
          }
        });
  }

  /**
   * Writes the texts, for another assembler, and our words.
   *
   * @param arguments a folder
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    var lines = new RandomCode(1).lines(4);
    Files.write(folder.resolve("A64.txt"), lines.stream().map(Line::text).toList());
    Files.write(folder.resolve("A64.hex"), lines.stream().map(Line::hex).toList());
  }
}
