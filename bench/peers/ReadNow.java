import dev.tonnage.kernel.Cpu;
import dev.tonnage.kernel.KernelChoice;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/** What memory gives now, read by so many threads: gigabytes a second, the median of some readings. */
final class ReadNow {

  private static final long BYTES = 512L << 20;
  private static final int READINGS = 9;

  private ReadNow() {}

  public static void main(String[] arguments) {
    try (Arena arena = Arena.ofShared();
        var cpu = new Cpu(KernelChoice.make(0).kernels(), Integer.parseInt(arguments[0]))) {
      MemorySegment memory = arena.allocate(BYTES, 64).fill((byte) 1);
      double[] rates = new double[READINGS];
      for (int i = -2; i < READINGS; i++) { // two to warm up
        long begin = System.nanoTime();
        cpu.read(List.of(memory));
        if (i >= 0) {
          rates[i] = (double) BYTES / (System.nanoTime() - begin);
        }
      }
      Arrays.sort(rates);
      System.out.println(rates[READINGS / 2]);
    }
  }
}
