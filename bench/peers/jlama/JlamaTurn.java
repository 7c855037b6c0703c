import com.github.tjake.jlama.model.AbstractModel;
import com.github.tjake.jlama.model.ModelSupport;
import com.github.tjake.jlama.safetensors.DType;
import com.github.tjake.jlama.safetensors.SafeTensorSupport;
import com.github.tjake.jlama.tensor.AbstractTensor;
import com.github.tjake.jlama.tensor.KvBufferCache;
import com.github.tjake.jlama.tensor.operations.TensorOperationsProvider;
import com.github.tjake.jlama.util.PhysicalCoreExecutor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * One turn of Jlama: reads a prompt and generates, each once to warm up and once timed, with weights of four bits and
 * activations of eight, as Jlama's own commands do. Prints tokens a second as JSON. README.md says how it is run.
 */
final class JlamaTurn {

  private static final String[] NONE = {};

  private JlamaTurn() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    int prompt = Integer.parseInt(arguments[1]);
    int generated = Integer.parseInt(arguments[2]);
    int depth = Integer.parseInt(arguments[3]);
    PhysicalCoreExecutor.overrideThreadCount(Integer.parseInt(arguments[4]));
    try (AbstractModel model = ModelSupport.loadModel(quantised(folder).toFile(), DType.F32, DType.I8)) {
      double[] rates = new double[2];
      for (int round = 0; round < 2; round++) { // the second counts
        rates[0] = promptRate(model, prompt, depth);
        rates[1] = generationRate(model, generated, depth);
      }
      System.out.printf(
          "{\"promptRate\": %s, \"generationRate\": %s, \"computes\": \"%s\"}%n",
          rates[0], rates[1], TensorOperationsProvider.get().name());
    }
  }

  /** The model with weights of four bits, written beside it the first time. */
  private static Path quantised(Path folder) throws Exception {
    Path four = folder.resolveSibling(folder.getFileName() + "-JQ4");
    if (Files.notExists(four)) {
      Path part = folder.resolveSibling(four.getFileName() + "-part");
      SafeTensorSupport.quantizeModel(folder, DType.Q4, NONE, NONE, Optional.of(part));
      Files.move(part, four);
    }
    return four;
  }

  private static double promptRate(AbstractModel model, int tokens, int depth) {
    try (var cache = new KvBufferCache(model);
        var sequence = cache.getEphemeralKvBuffer()) {
      read(model, depth, 0, sequence);
      long begin = System.nanoTime();
      read(model, tokens, depth, sequence);
      return tokens * 1e9 / (System.nanoTime() - begin);
    }
  }

  private static double generationRate(AbstractModel model, int tokens, int depth) {
    try (var cache = new KvBufferCache(model);
        var sequence = cache.getEphemeralKvBuffer();
        AbstractTensor logits = model.makeDenseTensor(model.getConfig().vocabularySize)) {
      read(model, depth, 0, sequence);
      int token = model.getConfig().bosToken;
      long begin = System.nanoTime();
      for (int i = 0; i < tokens; i++) {
        try (AbstractTensor out = model.forward(token, depth + i, sequence, Optional.empty())) {
          token = model.sample(out, 0, 0, logits);
        }
      }
      return tokens * 1e9 / (System.nanoTime() - begin);
    }
  }

  private static void read(AbstractModel model, int tokens, int from, KvBufferCache.KvBuffer sequence) {
    if (tokens > 0) {
      int[] ids = new SplittableRandom(1).ints(tokens, 0, model.getConfig().vocabularySize).toArray();
      model.batchForward(ids, from, sequence).close();
    }
  }
}
