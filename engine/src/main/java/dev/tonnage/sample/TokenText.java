package dev.tonnage.sample;

/** The text that each token stands for. */
@FunctionalInterface
interface TokenText {

  /** Its bytes, alone not always whole characters. */
  byte[] bytes(int id);
}
