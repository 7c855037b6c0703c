package dev.tonnage.kernel.arm;

import dev.tonnage.kernel.arm.GeneralAssembler.Condition;
import dev.tonnage.kernel.arm.StaticElf.Access;
import dev.tonnage.kernel.arm.StaticElf.Place;
import dev.tonnage.kernel.arm.StaticElf.Region;
import dev.tonnage.kernel.asm.Program;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that calls kernels one after the other, writes what each has done to standard output,
 * and ends. An emulator runs it.
 */
final class Guest {

  private static final Program EMULATOR = new Program("qemu-aarch64");

  static final String NOT_INSTALLED =
      "qemu-aarch64 is not on the search path: apt-get install qemu-user";

  /** The exit code of an emulator whose program touched a page that is not mapped. */
  static final int FAULT = 128 + 11;

  private static final long WRITE = 64;
  private static final long EXIT = 93;

  /** Bytes of a call: the kernel, what to write of memory, and eight arguments. */
  private static final int CALL_BYTES = 8 * 11;

  /**
   * What came of it.
   *
   * @param exit zero, or {@link #FAULT}
   * @param error what the emulator said
   * @param results the pages of results of every call that came back
   */
  record Outcome(int exit, String error, List<ByteBuffer> results) {}

  private record Call(long kernel, Region results, List<Long> arguments) {}

  private final StaticElf elf = new StaticElf();
  private final List<Call> calls = new ArrayList<>();

  static boolean isPossible() {
    return EMULATOR.isInstalled();
  }

  /** Gives it code, and says at which address. */
  long place(byte[] code) {
    return elf.add(code, Access.EXECUTE, Place.BEGIN).address();
  }

  /** Gives it memory. */
  Region place(byte[] content, Access access, Place place) {
    return elf.add(content, access, place);
  }

  /** Lets it call a kernel with eight arguments. */
  void call(long kernel, Region results, List<Long> arguments) {
    calls.add(new Call(kernel, results, arguments));
  }

  /** Runs it. */
  Outcome run(Path folder) throws IOException, InterruptedException {
    ByteBuffer table =
        ByteBuffer.allocate(CALL_BYTES * calls.size()).order(ByteOrder.LITTLE_ENDIAN);
    for (Call call : calls) {
      table.putLong(call.kernel).putLong(call.results.mapped()).putLong(call.results.bytes());
      call.arguments.forEach(table::putLong);
    }
    // the last call's arguments end with a page
    long arguments = elf.add(table.array(), Access.READ, Place.END).address();
    Path file = folder.resolve("guest");
    Files.write(file, elf.finish(place(start(arguments))));
    if (!file.toFile().setExecutable(true)) {
      throw new IOException(file + " cannot be made executable");
    }
    var ended = EMULATOR.run(folder, List.of("-cpu", "max", file.toString()));
    ByteBuffer output =
        ByteBuffer.wrap(Files.readAllBytes(ended.output())).order(ByteOrder.LITTLE_ENDIAN);
    var results = new ArrayList<ByteBuffer>();
    int at = 0;
    for (Call call : calls) {
      if (at + call.results.bytes() <= output.capacity()) {
        results.add(output.slice(at, call.results.bytes()).order(ByteOrder.LITTLE_ENDIAN));
      }
      at += call.results.bytes();
    }
    return new Outcome(ended.exit(), ended.error(), results);
  }

  /** The program, in registers that a kernel has to leave alone. */
  private byte[] start(long arguments) {
    Gp call = Gp.x(19);
    Gp left = Gp.x(20);
    Gp kernel = Gp.x(16);
    var a = new A64Assembler();
    var failed = a.label();
    var exit = a.label();
    a.mov(call, arguments);
    a.mov(left, calls.size());
    var next = a.here();
    a.ldr(kernel, Mem.at(call));
    a.add(Gp.x(0), call, 24);
    a.blr(kernel);
    a.mov(Gp.x(0), 1); // standard output
    a.ldp(Gp.x(1), Gp.x(2), Mem.at(call, 8));
    a.mov(Gp.x(8), WRITE);
    a.svc();
    a.ldr(Gp.x(2), Mem.at(call, 16));
    a.cmp(Gp.x(0), Gp.x(2));
    a.b(Condition.NOT_EQUAL, failed);
    a.add(call, call, CALL_BYTES);
    a.subs(left, left, 1);
    a.b(Condition.NOT_EQUAL, next);
    a.mov(Gp.x(0), 0);
    a.b(exit);
    a.bind(failed);
    a.mov(Gp.x(0), 1);
    a.bind(exit);
    a.mov(Gp.x(8), EXIT);
    a.svc();
    return a.finish();
  }
}
