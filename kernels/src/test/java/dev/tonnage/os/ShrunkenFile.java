package dev.tonnage.os;

import dev.tonnage.error.StorageFailure;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * A program that compiles a kernel, cuts off the file that it reads and reads on. If the JVM dies
 * of it, no test can say so: hence a program.
 */
final class ShrunkenFile {

  @SuppressWarnings("restricted")
  private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private static final VectorSpecies<Byte> SPECIES = ByteVector.SPECIES_PREFERRED;
  private static final int FILE_BYTES = 1 << 20;
  private static final int WARM_UP = 2000;

  private ShrunkenFile() {}

  public static void main(String[] arguments) throws IOException {
    Path path = Path.of(arguments[0]);
    Files.write(path, new byte[FILE_BYTES]);
    try (var file = MappedFile.open(path);
        var other = new RandomAccessFile(path.toFile(), "rw")) {
      long address = file.bytes().address();
      long sum = 0;
      for (int i = 0; i < WARM_UP; i++) {
        sum += sum(address, FILE_BYTES / 16);
      }
      other.setLength(FILE_BYTES / 2);
      try {
        sum += sum(address, FILE_BYTES);
        System.out.println("nothing was thrown");
      } catch (InternalError expected) {
        System.out.println("caught");
      }
      try {
        file.verifyUnchanged();
      } catch (StorageFailure expected) {
        System.out.println("explained " + sum);
      }
    }
  }

  /** As a kernel reads weights: vectors, and a scalar without which the JVM would die. */
  private static long sum(long address, long bytes) {
    long sum = MEMORY.get(ValueLayout.JAVA_BYTE, address);
    ByteVector sums = ByteVector.zero(SPECIES);
    for (long i = 0; i < bytes; i += SPECIES.length()) {
      sums =
          sums.add(
              ByteVector.fromMemorySegment(SPECIES, MEMORY, address + i, ByteOrder.LITTLE_ENDIAN));
    }
    return sum + sums.reduceLanes(VectorOperators.ADD);
  }
}
