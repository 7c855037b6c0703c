package dev.tonnage.kernel.arm;

/**
 * The part of a kernel that knows how a format's bits lie. It takes a row's weights in groups of
 * 128 and leaves each in registers: the bytes of four blocks of 32, and what they are multiplied
 * with, so that weight k of block j is {@code SCALES[j] · byte − MINIMA[j]}.
 *
 * <p>It may use vector registers 2 to 7 and general registers 13 to 17; what it keeps in the latter
 * stays there until the kernel returns.
 */
sealed interface Unpacker permits UnpackQ8_0, UnpackQ4_K {

  /** The four scales of a group. */
  Vec SCALES = Vec.v(0, Shape.S4);

  /** The four minima of a group, of formats that have some. */
  Vec MINIMA = Vec.v(1, Shape.S4);

  /** Address of what of a row is still to be taken; an unpacker moves it on. */
  Gp CURSOR = Gp.x(9);

  /** Blocks of the format that are still to be taken; an unpacker counts them down. */
  Gp LEFT = Gp.x(10);

  /** A group's bytes, in eight registers of 16. */
  static Vec bytes(int sixteenth) {
    return Vec.v(16 + sixteenth, Shape.B16);
  }

  /** Whether weights have minima. */
  boolean hasMinima();

  /** Bytes of weights that one step takes. */
  int stepBytes();

  /** Groups that one step takes. */
  int groups();

  /** Sets up what stays the same for all rows. */
  void begin(A64Assembler a);

  /** Takes one group of a step. */
  void group(A64Assembler a, int group);
}
