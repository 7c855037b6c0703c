package dev.tonnage.eval;

import dev.tonnage.file.Checkpoint;
import dev.tonnage.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Tells a model's file from another's without reading all of it: a SHA-256 over every tensor's
 * name, type, shape and first bytes.
 */
public final class ModelFingerprint {

  /** Some rows of a small tensor, a page of a large one. */
  private static final long BYTES_OF_A_TENSOR = 4096;

  private ModelFingerprint() {}

  /** As hexadecimal digits. */
  public static String of(Checkpoint checkpoint) {
    checkpoint.verifyUnchanged();
    MessageDigest digest = sha256();
    for (Tensor tensor : checkpoint.tensors()) {
      String what = tensor.name() + " " + tensor.type() + " " + tensor.shape() + "\n";
      digest.update(what.getBytes(StandardCharsets.UTF_8));
      long bytes = Math.min(BYTES_OF_A_TENSOR, tensor.data().byteSize());
      digest.update(tensor.data().asSlice(0, bytes).asByteBuffer());
    }
    checkpoint.verifyUnchanged();
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
