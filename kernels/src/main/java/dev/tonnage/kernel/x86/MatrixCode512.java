package dev.tonnage.kernel.x86;

/** AVX-512 VNNI code for matrices of a format. */
record MatrixCode512(Unpacker unpacking) implements MatrixCode {

  @Override
  public byte[] generation(Generation.Form form) {
    return Generation512.code(unpacking, form);
  }

  @Override
  public PromptTile tile() {
    return PromptTile.of(16, unpacking);
  }

  @Override
  public int promptTokens() {
    return Prompt512.MOST_TOKENS;
  }

  @Override
  public byte[] prompt(int tokens) {
    return Prompt512.code(tile(), tokens);
  }

  @Override
  public byte[] pack(int lastBlocks) {
    return Pack512.code(unpacking, tile(), lastBlocks);
  }

  @Override
  public int packBytes() {
    return Pack512.SCRATCH_BYTES;
  }
}
