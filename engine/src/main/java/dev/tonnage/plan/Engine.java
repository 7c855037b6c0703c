package dev.tonnage.plan;

import dev.tonnage.file.ModelHeader;
import dev.tonnage.plan.Workload.Latents;

/** An engine, and what computes for it. */
public enum Engine {
  /** This program. */
  TONNAGE("Tonnage", "the processor's cores", Latents.ABSORBED, Capacity.CHUNK_TOKENS),
  LLAMA_CPP_METAL("llama.cpp", "Metal", Latents.EXPANDED, 512),
  MLX_METAL("MLX", "Metal", Latents.EXPANDED, 2048),
  LLAMA_CPP_CUDA("llama.cpp", "CUDA", Latents.EXPANDED, 512),
  LLAMA_CPP_VULKAN("llama.cpp", "Vulkan", Latents.EXPANDED, 512),
  LLAMA_CPP_CORES("llama.cpp", "the processor's cores", Latents.EXPANDED, 512);

  private final String program;
  private final String backend;
  private final Latents latents;
  private final int chunkTokens;

  Engine(String program, String backend, Latents latents, int chunkTokens) {
    this.program = program;
    this.backend = backend;
    this.latents = latents;
    this.chunkTokens = chunkTokens;
  }

  /** For people: what is not this program is a comparison. */
  public String label() {
    return (this == TONNAGE ? "" : "as ") + program + " on " + backend;
  }

  /** Whether the processor's cores compute, who may use all memory. */
  public boolean isOnCores() {
    return this == TONNAGE || this == LLAMA_CPP_CORES;
  }

  /**
   * Whether it reads a model's formats: MLX's own, or else GGUF's. This program reads both.
   *
   * @param header the model in its formats
   */
  public boolean reads(ModelHeader header) {
    return this == TONNAGE
        || (this == MLX_METAL)
            == header.tensorHeaders().stream().anyMatch(tensor -> tensor.type().needsScales());
  }

  /** How it multiplies prompts with latents. */
  Latents latents() {
    return latents;
  }

  /** Tokens of a prompt that it computes at once, if nobody asks for others. */
  int chunkTokens() {
    return chunkTokens;
  }
}
