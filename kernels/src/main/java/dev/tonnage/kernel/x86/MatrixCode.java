package dev.tonnage.kernel.x86;

/** The code for matrices of one block format at one level: skeletons with the format's unpacker. */
interface MatrixCode {

  /** What the code makes of the format. */
  Unpacking unpacking();

  /** Multiplies with generated tokens; its arguments are {@link GenerationArguments}. */
  byte[] generation(Generation.Form form);

  /** How weights lie for prompts. */
  PromptTile tile();

  /** Prompt tokens of a call at most. */
  int promptTokens();

  /**
   * Multiplies a tile with prompt tokens; its arguments are {@link PromptArguments}.
   *
   * @param tokens 1 to {@link #promptTokens}
   */
  byte[] prompt(int tokens);

  /**
   * Makes one half of a tile of rows as a file has them; its arguments are {@link PackArguments}.
   *
   * @param lastBlocks how many times 32 inputs are left at the end of a row, 0 to 7
   */
  byte[] pack(int lastBlocks);

  /** Bytes of scratch that this needs. */
  int packBytes();
}
