package dev.tonnage.file;

import dev.tonnage.error.BadFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/** Says what a file is that is not GGUF, as far as its first bytes tell. */
final class ForeignFormat {

  private record Signature(String start, String name, String remedy) {

    boolean matches(byte[] head) {
      byte[] bytes = start.getBytes(StandardCharsets.ISO_8859_1);
      return head.length >= bytes.length
          && new String(head, 0, bytes.length, StandardCharsets.ISO_8859_1).equals(start);
    }
  }

  private static final String CONVERT = "convert the model to GGUF, or download it in that format";

  private static final String OLD_GGML =
      "it is older than GGUF (2023): download a newer conversion of the model";

  private static final String UNPACK = "unpack it first";

  private static final String DOWNLOAD_ITSELF =
      "download the file itself: the link led to a page about it";

  private static final List<Signature> SIGNATURES =
      List.of(
          new Signature(
              "version https://git-lfs",
              "a git-lfs pointer, which only stands for the model",
              "run 'git lfs pull', or download the file itself"),
          new Signature("PK\3\4", "a zip archive (PyTorch's .pt and .bin are such)", CONVERT),
          new Signature("\u0080\2", "a Python pickle (PyTorch)", CONVERT),
          // the magic numbers are written as integers, so their letters stand in reverse
          new Signature("tjgg", "a GGJT file of the old ggml", OLD_GGML),
          new Signature("fmgg", "a GGMF file of the old ggml", OLD_GGML),
          new Signature("lmgg", "a file of the old ggml", OLD_GGML),
          new Signature("algg", "an adapter (LoRA) of the old ggml", OLD_GGML),
          new Signature("\u0089HDF", "an HDF5 file (Keras)", CONVERT),
          new Signature("\u001f\u008b", "a gzip archive", UNPACK),
          new Signature("(\u00b5/\u00fd", "a Zstandard archive", UNPACK),
          new Signature("\u00fd7zXZ", "an xz archive", UNPACK),
          new Signature("7z\u00bc\u00af", "a 7z archive", UNPACK),
          new Signature("<!doctype", "a web page", DOWNLOAD_ITSELF),
          new Signature("<!DOCTYPE", "a web page", DOWNLOAD_ITSELF),
          new Signature("<html", "a web page", DOWNLOAD_ITSELF));

  private static final int HEAD_BYTES = 64;

  private ForeignFormat() {}

  /**
   * Fails for a file that does not start as a GGUF file does.
   *
   * @throws BadFile saying what it looks like
   */
  static void refuse(String name, MemorySegment file) {
    byte[] head =
        file.asSlice(0, Math.min(HEAD_BYTES, file.byteSize())).toArray(ValueLayout.JAVA_BYTE);
    if (new Signature("GGUF", "", "").matches(head)) {
      return;
    }
    for (Signature signature : SIGNATURES) {
      if (signature.matches(head)) {
        throw bad(name, signature.name, signature.remedy);
      }
    }
    if (head.length == 0) {
      throw bad(name, "an empty file", "download it again");
    }
    if (isSafetensors(head, file.byteSize())) {
      throw bad(
          name,
          "a safetensors file",
          "name the folder that has it beside its config.json and tokenizer.json");
    }
    if (isZero(head)) {
      throw bad(name, "zeros, as of a download that was not finished", "download it again");
    }
    if (isText(head)) {
      throw bad(name, "a text file that starts '" + start(head) + "'", "name the model's file");
    }
    throw bad(
        name,
        "something unknown that starts with the bytes "
            + HexFormat.ofDelimiter(" ").formatHex(head, 0, Math.min(4, head.length)),
        "name the model's file");
  }

  private static BadFile bad(String name, String found, String remedy) {
    return new BadFile(name, "a GGUF file", found, remedy);
  }

  /** A header's length in 64 bits, then a JSON object. */
  private static boolean isSafetensors(byte[] head, long fileBytes) {
    if (head.length < 10 || head[8] != '{') {
      return false;
    }
    long headerBytes = 0;
    for (int i = 7; i >= 0; i--) {
      headerBytes = (headerBytes << 8) | (head[i] & 0xFF);
    }
    return headerBytes > 0 && headerBytes <= fileBytes - 8;
  }

  private static boolean isZero(byte[] head) {
    for (byte b : head) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  /** No control characters: the head may end within a character, so it is not decoded. */
  private static boolean isText(byte[] head) {
    for (byte b : head) {
      boolean space = b == '\t' || b == '\n' || b == '\r';
      if ((b >= 0 && b < ' ' && !space) || b == 0x7F) {
        return false;
      }
    }
    return true;
  }

  private static String start(byte[] head) {
    return new String(head, 0, Math.min(24, head.length), StandardCharsets.UTF_8)
        .lines()
        .findFirst()
        .orElse("");
  }
}
