package dev.tonnage.file;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Bytes in a GGUF file's order, collected in memory: a header, or a value in it. */
final class LittleEndianOutput {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** The lowest bytes of a number, lowest first. */
  LittleEndianOutput number(long value, int byteCount) {
    for (int i = 0; i < byteCount; i++) {
      bytes.write((byte) (value >> (8 * i)));
    }
    return this;
  }

  LittleEndianOutput uint32(long value) {
    return number(value, Integer.BYTES);
  }

  LittleEndianOutput uint64(long value) {
    return number(value, Long.BYTES);
  }

  /** A length and so many bytes. */
  LittleEndianOutput text(byte[] utf8) {
    return uint64(utf8.length).raw(utf8);
  }

  LittleEndianOutput text(String text) {
    return text(text.getBytes(StandardCharsets.UTF_8));
  }

  LittleEndianOutput raw(byte[] value) {
    bytes.writeBytes(value);
    return this;
  }

  /** Zeros up to a multiple of an alignment. */
  LittleEndianOutput padTo(int alignment) {
    long padding = Gguf.alignUp(bytes.size(), alignment) - bytes.size();
    return raw(new byte[Math.toIntExact(padding)]);
  }

  byte[] toByteArray() {
    return bytes.toByteArray();
  }
}
