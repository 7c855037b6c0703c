package dev.tonnage.cli;

import dev.tonnage.error.StorageFailure;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A matrix of floats in NumPy's format, version 1.0, written row by row. */
final class NpyFile implements AutoCloseable {

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};

  /** Magic, length and header together are a multiple of this. */
  private static final int ALIGNMENT = 64;

  private final Path path;
  private final OutputStream out;

  NpyFile(Path path, int rows, int columns) {
    this.path = path;
    String shape =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (" + rows + ", " + columns + "), }";
    int padding = ALIGNMENT - (MAGIC.length + 2 + shape.length() + 1) % ALIGNMENT;
    String header = shape + " ".repeat(padding % ALIGNMENT) + "\n";
    try {
      out = new BufferedOutputStream(Files.newOutputStream(path));
      out.write(MAGIC);
      out.write(header.length() & 0xff);
      out.write(header.length() >> 8);
      out.write(header.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw failure(e);
    }
  }

  void append(float[] row) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * row.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(row);
    try {
      out.write(bytes.array());
    } catch (IOException e) {
      throw failure(e);
    }
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private StorageFailure failure(IOException e) {
    return new StorageFailure(path + ": cannot be written (" + e + "); choose another place", e);
  }
}
