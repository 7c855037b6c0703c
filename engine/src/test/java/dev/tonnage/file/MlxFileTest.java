package dev.tonnage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tonnage.error.BadFile;
import dev.tonnage.file.Quantisation.Group;
import dev.tonnage.file.Quantisation.Groups;
import dev.tonnage.file.Quantisation.Mode;
import dev.tonnage.file.Safetensors.Entry;
import dev.tonnage.kernel.Cpu;
import dev.tonnage.kernel.KernelChoice;
import dev.tonnage.kernel.Level;
import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Rows;
import dev.tonnage.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A file that MLX has written (bench/peers/mlx): matrices that it has quantised, and what it
 * decodes them to.
 */
class MlxFileTest {

  private static Map<String, Entry> read(Arena arena) throws IOException {
    try (var in = MlxFileTest.class.getResourceAsStream("mlx.safetensors")) {
      byte[] bytes = in.readAllBytes();
      MemorySegment file = arena.allocate(bytes.length, 8).copyFrom(MemorySegment.ofArray(bytes));
      Map<String, Entry> entries = new HashMap<>();
      for (Entry entry : Safetensors.read("mlx.safetensors", file)) {
        entries.put(entry.name(), entry);
      }
      return entries;
    }
  }

  private static Tensor tensor(Map<String, Entry> entries, String name, Group group) {
    return new Groups(new Group(4, 64, Mode.AFFINE), Map.of(name, group))
        .tensor("folder", entries.get(name + ".weight"), "own", entries);
  }

  @ParameterizedTest
  @CsvSource({
    "q2_32_f16, 2, 32, U2",
    "q4_64_bf16, 4, 64, U4",
    "q4_32_f16, 4, 32, U4",
    "q8_64_bf16, 8, 64, U8",
    "q8_128_f32, 8, 128, U8",
    "stack, 4, 64, U4"
  })
  void aMatrixHasTheNumbersThatMlxGivesIt(String name, int bits, int size, DType type)
      throws IOException {
    try (Arena arena = Arena.ofShared();
        var cpu = new Cpu(KernelChoice.at(Level.SCALAR), 1)) {
      Map<String, Entry> entries = read(arena);
      Tensor tensor = tensor(entries, name, new Group(bits, size, Mode.AFFINE));
      Entry values = entries.get(name + ".values");
      assertThat(tensor.type()).isEqualTo(type);
      assertThat(tensor.shape()).isEqualTo(values.shape());
      int rows = (int) tensor.shape().rows();
      int columns = (int) tensor.shape().columns();
      var out = new Rows(arena.allocate(Rows.bytes(rows, columns), 64), rows, columns);
      Tensor flat = tensor.rows("flat", 0, rows);
      cpu.gather(flat, IntStream.range(0, rows).toArray(), out);
      for (int row = 0; row < rows; row++) {
        for (int k = 0; k < columns; k++) {
          float expected =
              values.data().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * ((long) row * columns + k));
          assertThat(out.get(row, k)).as("[%d, %d]", row, k).isEqualTo(expected);
        }
      }
    }
  }

  /** Of three bits there are as many words as of no whole groups. */
  @Test
  void wordsThatAreNoWholeGroupsAreRefused() throws IOException {
    try (Arena arena = Arena.ofShared()) {
      Map<String, Entry> entries = read(arena);
      for (var group : List.of(new Group(3, 64, Mode.AFFINE), new Group(6, 128, Mode.AFFINE))) {
        assertThatThrownBy(() -> tensor(entries, "q4_64_bf16", group))
            .isInstanceOf(BadFile.class)
            .hasMessageContaining("q4_64_bf16");
      }
      assertThatThrownBy(() -> tensor(entries, "q4_64_bf16", new Group(4, 32, Mode.AFFINE)))
          .isInstanceOf(BadFile.class)
          .hasMessageContaining("q4_64_bf16.scales");
      entries.remove("q4_64_bf16.biases");
      assertThatThrownBy(() -> tensor(entries, "q4_64_bf16", new Group(4, 64, Mode.AFFINE)))
          .isInstanceOf(BadFile.class)
          .hasMessageContaining("q4_64_bf16.biases");
    }
  }
}
