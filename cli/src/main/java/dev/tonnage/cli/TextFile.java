package dev.tonnage.cli;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.StorageFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A text in a file, as UTF-8. */
final class TextFile {

  private TextFile() {}

  /**
   * All of it.
   *
   * @throws BadFile if it is no UTF-8
   */
  static String read(Path file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new StorageFailure(file + ": no such file; check the path", e);
    } catch (IOException e) {
      throw new StorageFailure(file + ": cannot be read (" + e + "); check the path", e);
    }
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder(); // reports what it cannot read
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer text = CharBuffer.allocate(bytes.length); // a byte is at most a character
    CoderResult result = decoder.decode(in, text, true);
    if (result.isError()) {
      throw new BadFile(
          file + ": byte " + in.position(),
          "UTF-8",
          "something else",
          "name a text file, or convert it to UTF-8");
    }
    return text.flip().toString();
  }

  /** Writes one, over what was there. */
  static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new StorageFailure(file + ": cannot be written (" + e + "); name another file", e);
    }
  }
}
