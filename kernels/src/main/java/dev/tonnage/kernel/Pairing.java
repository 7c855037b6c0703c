package dev.tonnage.kernel;

/** Which two numbers of a head a rotary embedding turns together. */
public enum Pairing {
  /** Numbers 2i and 2i+1 (Llama as stored in GGUF). */
  ADJACENT,
  /** Numbers i and i + half of the rotated width (GPT-NeoX, Qwen). */
  HALVES
}
