package dev.tonnage.session;

import java.util.ArrayList;
import java.util.List;

/** Remembers what a generator says and never stops it. */
class HeardPieces implements Generator.Listener {

  private final List<String> pieces = new ArrayList<>();
  private final List<Integer> progress = new ArrayList<>();

  /** Every piece of text, in order. */
  List<String> pieces() {
    return pieces;
  }

  /** All pieces as one text. */
  String text() {
    return String.join("", pieces);
  }

  /** How much of the prompt had been read, each time it was told. */
  List<Integer> progress() {
    return progress;
  }

  @Override
  public void read(int done, int total) {
    progress.add(done);
  }

  @Override
  public void text(String piece) {
    pieces.add(piece);
  }

  @Override
  public boolean cancelled() {
    return false;
  }
}
