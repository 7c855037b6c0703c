package dev.tonnage.kernel.asm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Machine code as it is written: bytes, and places that will be filled in when a label is bound.
 */
public final class CodeBuffer {

  /** A place in the code that jumps may name before it is known where it is. */
  public static final class Label {

    private static final int NOWHERE = -1;

    private int position = NOWHERE;

    private final List<Field> fields = new ArrayList<>();

    private Label() {}

    /** Whether it is known where it is. */
    public boolean isBound() {
      return position != NOWHERE;
    }
  }

  /** How the way to a label is told in 32 bits. */
  public interface Way {

    /**
     * What the 32 bits become.
     *
     * @param word what they hold without the way
     * @param bytes from their end to the label
     */
    int in(int word, int bytes);
  }

  /** 32 bits that wait for a label. */
  private record Field(int end, int word, Way way) {}

  private final List<Label> labels = new ArrayList<>();
  private byte[] bytes = new byte[256];
  private int size;

  /** An empty buffer. */
  public CodeBuffer() {}

  /** Bytes written so far. */
  public int size() {
    return size;
  }

  /** Appends the lowest byte. */
  public void put8(int value) {
    if (size == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * size);
    }
    bytes[size++] = (byte) value;
  }

  /** Appends 32 bits, the lowest first. */
  public void put32(int value) {
    for (int shift = 0; shift < 32; shift += 8) {
      put8(value >> shift);
    }
  }

  /** Appends 64 bits, the lowest first. */
  public void put64(long value) {
    put32((int) value);
    put32((int) (value >> 32));
  }

  /** A label that is nowhere yet. */
  public Label label() {
    Label label = new Label();
    labels.add(label);
    return label;
  }

  /** Puts a label here, once. */
  public void bind(Label label) {
    if (label.isBound()) {
      throw new IllegalStateException("a label that is at " + label.position + " already");
    }
    label.position = size;
  }

  /** Appends 32 bits that lead from their end to a label. */
  public void put32To(Label label) {
    put32To(label, 0, (_, bytes) -> bytes);
  }

  /** Appends 32 bits into which the way to a label is worked when it is known. */
  public void put32To(Label label, int word, Way way) {
    put32(word);
    label.fields.add(new Field(size, word, way));
  }

  /** How far a bound label is from here, in bytes; not positive. */
  public int distanceTo(Label label) {
    return label.position - size;
  }

  /** The code, with every way to a label filled in. */
  public byte[] finish() {
    for (Label label : labels) {
      if (!label.isBound() && !label.fields.isEmpty()) {
        throw new IllegalStateException("a jump to a label that is nowhere");
      }
      for (Field field : label.fields) {
        int word = field.way.in(field.word, label.position - field.end);
        for (int i = 0; i < 4; i++) {
          bytes[field.end - 4 + i] = (byte) (word >> (8 * i));
        }
      }
    }
    return Arrays.copyOf(bytes, size);
  }
}
