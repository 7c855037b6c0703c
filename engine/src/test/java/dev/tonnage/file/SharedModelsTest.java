package dev.tonnage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tonnage.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Scanner;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/**
 * Models that others converted. What a reader of its own, in Python, found in each was recorded in
 * models.txt: file, number of keys and of tensors, bytes of all tensors, and a checksum over every
 * key with its value and every tensor with its type, shape and data.
 */
class SharedModelsTest {

  @Test
  void everyModelIsReadAsAnotherReaderReadsIt() throws IOException {
    Path models = SharedFiles.models();
    assumeTrue(Files.isDirectory(models), "no " + models);
    try (var recorded =
        new Scanner(
            SharedModelsTest.class.getResourceAsStream("models.txt"), StandardCharsets.UTF_8)) {
      while (recorded.hasNext()) {
        Path path = models.resolve(recorded.next());
        try (var checkpoint = GgufCheckpoint.open(path)) {
          assertThat(
                  List.of(
                      (long) checkpoint.metadata().keys().size(),
                      (long) checkpoint.tensors().size(),
                      checkpoint.weightBytes(),
                      checksum(checkpoint)))
              .as(path.toString())
              .containsExactly(
                  recorded.nextLong(),
                  recorded.nextLong(),
                  recorded.nextLong(),
                  recorded.nextLong(16));
        }
      }
    }
  }

  private static long checksum(Checkpoint checkpoint) {
    CRC32 checksum = new CRC32();
    for (String key : checkpoint.metadata().keys()) {
      update(checksum, key);
      update(checksum, checkpoint.metadata().find(key).orElseThrow());
    }
    for (Tensor tensor : checkpoint.tensors()) {
      update(checksum, tensor.name() + " " + tensor.type() + " " + tensor.shape());
      checksum.update(tensor.data().asByteBuffer());
    }
    return checksum.getValue();
  }

  private static void update(CRC32 checksum, Metadata.Value value) {
    switch (value) {
      case Metadata.Int(long integer) -> update(checksum, Long.toString(integer));
      case Metadata.Huge huge -> update(checksum, huge.value().toString());
      case Metadata.Real(double real) ->
          update(checksum, Long.toHexString(Double.doubleToRawLongBits(real)));
      case Metadata.Flag(boolean flag) -> update(checksum, Boolean.toString(flag));
      case Metadata.Text(String text) -> update(checksum, text);
      case Metadata.Array array -> {
        update(checksum, array.kind() + " " + array.size());
        switch (array.elementKind()) {
          case "text" -> {
            for (byte[] text : array.utf8()) {
              checksum.update(text);
              checksum.update(0);
            }
          }
          case "integer" -> {
            for (int integer : array.ints()) {
              update(checksum, Integer.toString(integer));
            }
          }
          case "number" -> {
            for (float number : array.floats()) {
              update(checksum, Integer.toHexString(Float.floatToRawIntBits(number)));
            }
          }
          default -> throw new AssertionError(array.kind());
        }
      }
    }
  }

  private static void update(CRC32 checksum, String text) {
    checksum.update(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    checksum.update(0);
  }
}
