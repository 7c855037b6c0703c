package dev.tonnage.plan;

import dev.tonnage.file.ModelHeader;
import dev.tonnage.model.Dimensions;
import dev.tonnage.plan.CataloguedMachine.Quantity;
import dev.tonnage.tensor.DType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What somebody measured: a line of a table of measurements.
 *
 * @param machine as the table has it
 * @param work of the model in its format
 * @param depthTokens before a generated token; of a prompt how long it is
 * @param promptTokensPerSecond empty where it was not measured
 * @param tokensPerSecond of generation, empty where it was not measured
 */
record MeasuredSpeed(
    String machine,
    double bandwidthGbPerS,
    Engine engine,
    String model,
    Workload work,
    int depthTokens,
    OptionalDouble promptTokensPerSecond,
    OptionalDouble tokensPerSecond) {

  private static final Map<String, String> MODELS =
      Map.ofEntries(
          Map.entry("DeepSeek-R1 671B", "deepseek-v3"),
          Map.entry("DeepSeek-V3 671B", "deepseek-v3"),
          Map.entry("Llama 3.1 405B", "llama-3.1-405b"),
          Map.entry("Llama 3.1 70B", "llama-3.3-70b"),
          Map.entry("Llama 3.2 3B", "llama-3.2-3b"),
          Map.entry("Llama 3.1 8B", "llama-3.1-8b"),
          Map.entry("MiniMax-M2.1", "minimax-m2"),
          Map.entry("gpt-oss 20b", "gpt-oss-20b"));

  private static final Map<String, QuantMix> MIXES =
      Map.of(
          "MXFP4",
          QuantMix.MXFP4_MOE,
          "MLX 4-bit g64",
          QuantMix.MLX_4BIT,
          "4-bit",
          QuantMix.Q4_K_M);

  /** What a machine of a table is in the catalogue, by how its name begins. */
  private static final Map<String, String> MACHINES =
      Map.ofEntries(
          Map.entry("Apple M3 Ultra", "m3-ultra-512"),
          Map.entry("Apple M2 Ultra", "m2-ultra-192"),
          Map.entry("Apple M1 Ultra 64 GB", "m1-ultra-48core-64"),
          Map.entry("Apple M1 Ultra 128 GB", "m1-ultra-128"),
          Map.entry("Apple M1 Max", "m1-max-64"),
          Map.entry("Apple M3 Max", "m3-max-64"),
          Map.entry("Apple M4 Max", "m4-max-128"),
          Map.entry("Apple M2 Pro", "m2-pro-16"),
          Map.entry("Apple M1 8GB", "m1-8"),
          Map.entry("Apple M4 ", "m4-16"),
          Map.entry("AmpereOne", "ampereone-a192-32x-512"),
          Map.entry("EPYC 7773X", "epyc-7773x-512"),
          Map.entry("Xeon 6980P", "xeon-6980p-768"),
          Map.entry("Ryzen AI Max+ 395", "strix-halo-128"));

  private static final int PROMPT_512 = 512;

  /** All of a table. */
  static List<MeasuredSpeed> read(String file) {
    List<MeasuredSpeed> all = new ArrayList<>();
    try (var in = MeasuredSpeed.class.getResourceAsStream(file)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      text.lines().skip(1).forEach(line -> all.add(of(line.split(",", -1))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  private static MeasuredSpeed of(String... cells) {
    CataloguedModel model = ModelCatalogue.own().model(MODELS.getOrDefault(cells[4], cells[4]));
    QuantMix mix =
        Optional.ofNullable(MIXES.get(cells[5])).or(() -> QuantMix.of(cells[5])).orElseThrow();
    ModelHeader header = model.header(mix);
    Dimensions dimensions = model.dimensions();
    return new MeasuredSpeed(
        cells[0],
        Double.parseDouble(cells[1]),
        engine(cells[2], cells[3]),
        cells[4],
        Workload.of(header, dimensions, dimensions.cacheLayers(DType.F16, DType.F16)),
        Integer.parseInt(cells[6]),
        number(cells[7]),
        number(cells[8]));
  }

  private static Engine engine(String backend, String program) {
    return switch (backend) {
      case "metal" -> program.contains("mlx") ? Engine.MLX_METAL : Engine.LLAMA_CPP_METAL;
      case "cuda" -> Engine.LLAMA_CPP_CUDA;
      case "vulkan", "rocm" -> Engine.LLAMA_CPP_VULKAN;
      case "cpu" -> Engine.LLAMA_CPP_CORES;
      default -> throw new IllegalArgumentException(backend);
    };
  }

  private static OptionalDouble number(String cell) {
    return cell.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(cell));
  }

  /** Tokens of the prompt whose rate was measured; short ones are llama-bench's of 512. */
  int promptTokens() {
    return depthTokens == 0 ? PROMPT_512 : depthTokens;
  }

  private Optional<CataloguedMachine> catalogued() {
    return MACHINES.entrySet().stream()
        .filter(each -> machine.startsWith(each.getKey()))
        .max(Comparator.comparingInt(each -> each.getKey().length()))
        .map(each -> MachineCatalogue.own().machine(each.getValue()));
  }

  /** Cores that wait for one another. */
  int cores() {
    return engine.isOnCores() ? catalogued().orElseThrow().cores() : 1;
  }

  /** What computes, at most; NaN where the catalogue does not know. */
  double multiplyAddsPerSecond() {
    Quantity tflops = engine.isOnCores() ? Quantity.CPU_TFLOPS : Quantity.GPU_TFLOPS;
    return catalogued()
        .flatMap(each -> Optional.ofNullable(each.numbers().get(tflops)))
        .map(fact -> fact.value() * 1e12 / 2)
        .orElse(Double.NaN);
  }

  /** What is forecast with the constants as they are. */
  FittedSpeed forecast() {
    double computes = multiplyAddsPerSecond();
    return FittedSpeed.of(
        work,
        engine,
        bandwidthGbPerS * 1e9,
        Double.isNaN(computes) ? OptionalDouble.empty() : OptionalDouble.of(computes),
        cores());
  }

  /** Whether the machine's memory is near enough to what was fitted. */
  boolean isForecast() {
    return SpeedConstants.holdFor(bandwidthGbPerS * 1e9);
  }

  /** Forecast over fact, of each rate that was measured and can be forecast. */
  List<Double> ratios() {
    List<Double> ratios = new ArrayList<>();
    tokensPerSecond.ifPresent(
        fact -> ratios.add(forecast().tokensPerSecond(depthTokens, 1).likely() / fact));
    promptTokensPerSecond.ifPresent(fact ->
        forecast()
            .promptSeconds(0, promptTokens())
            .ifPresent(seconds -> ratios.add(promptTokens() / seconds / fact)));
    return ratios;
  }

  /** How many of them are inside their bands. */
  int inside() {
    int inside = 0;
    if (tokensPerSecond.isPresent()) {
      inside += isIn(forecast().tokensPerSecond(depthTokens, 1), tokensPerSecond.getAsDouble());
    }
    Optional<Band> seconds = forecast().promptSeconds(promptTokens());
    if (promptTokensPerSecond.isPresent() && seconds.isPresent()) {
      inside += isIn(seconds.get(), promptTokens() / promptTokensPerSecond.getAsDouble());
    }
    return inside;
  }

  private static int isIn(Band band, double fact) {
    return band.low() <= fact && fact <= band.high() ? 1 : 0;
  }
}
