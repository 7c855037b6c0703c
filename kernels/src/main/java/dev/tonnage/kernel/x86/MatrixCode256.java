package dev.tonnage.kernel.x86;

/** AVX2 code for matrices of a format. */
record MatrixCode256(Unpacker256 unpacking, Products products) implements MatrixCode {

  @Override
  public byte[] generation(Generation.Form form) {
    return Generation256.code(unpacking, products, form);
  }

  @Override
  public PromptTile tile() {
    return switch (products) {
      case PAIRS ->
          unpacking.unit().isPresent()
              ? PromptTile.withUnits(Avx2.LANES, unpacking)
              : PromptTile.of(Avx2.LANES, unpacking);
      case FOURS -> PromptTile.of(Avx2.LANES, unpacking);
    };
  }

  @Override
  public int promptTokens() {
    return Prompt256.MOST_TOKENS;
  }

  @Override
  public byte[] prompt(int tokens) {
    return Prompt256.code(unpacking, tile(), products, tokens);
  }

  @Override
  public byte[] pack(int lastBlocks) {
    return Pack256.code(unpacking, tile(), lastBlocks);
  }

  @Override
  public int packBytes() {
    return Pack256.SCRATCH_BYTES;
  }
}
