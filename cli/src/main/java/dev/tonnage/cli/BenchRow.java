package dev.tonnage.cli;

import dev.tonnage.kernel.Phase;
import dev.tonnage.os.Machine;
import dev.tonnage.plan.Capacity;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * A test and what its repetitions came to.
 *
 * @param setting what computed, the same for all tests of an opened model
 * @param samples one for each repetition that was finished, at least one
 * @param wanted repetitions that were asked for
 * @param begin when the first repetition began
 */
record BenchRow(
    Setting setting,
    BenchTest test,
    BenchCost cost,
    List<BenchSample> samples,
    int wanted,
    Instant begin) {

  /**
   * What computed.
   *
   * @param cache how keys and values were cached
   * @param kernels the level's word
   * @param compute the level, in a line for people
   * @param unmeasuredMemory why the bandwidth of memory was not measured; empty where it was
   * @param unmeasuredPeak why the peak of arithmetic was not; empty where it was
   */
  record Setting(
      Machine machine,
      BenchModel model,
      int threads,
      CacheTypes cache,
      String kernels,
      String compute,
      String unmeasuredMemory,
      String unmeasuredPeak) {}

  /** Tokens a second, of all sequences together. */
  Spread rate() {
    return over(this::rate);
  }

  private double rate(BenchSample sample) {
    return sample.perSecond((double) test.totalTokens());
  }

  double tokenBytes() {
    return cost.tokenBytes(test);
  }

  /** Bytes a second that memory gave between the tokens. */
  Spread memoryRate() {
    return over(BenchSample::memoryRate);
  }

  /** Which part of that the tokens had. */
  Spread memoryPart() {
    return over(this::memoryPart);
  }

  private double memoryPart(BenchSample sample) {
    double read = (double) cost.stepBytes(test) * test.tokens();
    return sample.perSecond(read) / sample.memoryRate();
  }

  /** Multiply-adds a second. */
  Spread multiplyAdds() {
    return over(this::multiplyAdds);
  }

  private double multiplyAdds(BenchSample sample) {
    return sample.perSecond((double) cost.multiplyAdds());
  }

  /** Which part of what the level's loop reached. */
  Spread peakPart() {
    return over(this::peakPart);
  }

  private double peakPart(BenchSample sample) {
    return multiplyAdds(sample) / sample.peak();
  }

  private Spread over(ToDoubleFunction<BenchSample> value) {
    return Spread.of(samples.stream().mapToDouble(value));
  }

  /**
   * Everything, by its name: llama-bench's names for what llama-bench has. Numbers that are not
   * known are {@code null}, lists have a number for each repetition.
   */
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    Machine machine = setting.machine();
    fields.put("engine", "tonnage");
    fields.put("version", Version.text());
    fields.put("java", Runtime.version().toString());
    fields.put("system", machine.system());
    fields.put("cpu_info", machine.cpu());
    fields.put("cpu_cores", machine.cores());
    fields.put("memory_size", machine.memoryBytes());
    fields.put("kernel_level", setting.kernels());
    fields.put("kernels", setting.compute());
    fields.put("model_filename", setting.model().name());
    fields.put("model_type", setting.model().type());
    fields.put("model_size", setting.model().bytes());
    fields.put("model_n_params", setting.model().parameters());
    fields.put("n_ubatch", Capacity.CHUNK_TOKENS);
    fields.put("n_threads", setting.threads());
    fields.put("type_k", setting.cache().keys());
    fields.put("type_v", setting.cache().values());
    fields.put("n_streams", test.streams());
    fields.put("test", test.word());
    fields.put("n_prompt", generates() ? 0 : test.tokens());
    fields.put("n_gen", generates() ? test.tokens() : 0);
    fields.put("n_depth", test.depth());
    fields.put("test_time", begin.toString());
    fields.put("n_repetitions", wanted);
    fields.put("samples_ns", samples.stream().map(BenchSample::nanos).toList());
    put(fields, "ns", over(BenchSample::nanos));
    fields.put("samples_ts", each(this::rate));
    put(fields, "ts", rate());
    fields.put("avg_ts_stream", known(rate().mean() / test.streams()));
    fields.put("bytes_per_token", known(tokenBytes()));
    fields.put("weight_bytes_per_step", generated(cost.weightBytes()));
    fields.put("cache_bytes_per_step", generated(test.streams() * cost.cacheBytes()));
    fields.put("samples_memory_bytes_per_s", each(BenchSample::memoryRate));
    put(fields, "memory_bytes_per_s", memoryRate());
    fields.put("samples_memory_part", each(this::memoryPart));
    put(fields, "memory_part", memoryPart());
    fields.put("memory_note", generates() ? setting.unmeasuredMemory() : "of generation alone");
    fields.put("multiply_adds", cost.multiplyAdds());
    fields.put("samples_multiply_adds_per_s", each(this::multiplyAdds));
    put(fields, "multiply_adds_per_s", multiplyAdds());
    fields.put("samples_peak_multiply_adds_per_s", each(BenchSample::peak));
    put(fields, "peak_multiply_adds_per_s", over(BenchSample::peak));
    fields.put("samples_peak_part", each(this::peakPart));
    put(fields, "peak_part", peakPart());
    fields.put("peak_note", setting.unmeasuredPeak());
    return fields;
  }

  private boolean generates() {
    return test.phase() == Phase.GENERATION;
  }

  private Long generated(long bytes) {
    return generates() ? bytes : null;
  }

  /** Of each repetition; none where it was not measured. */
  private List<Double> each(ToDoubleFunction<BenchSample> value) {
    return samples.stream().mapToDouble(value).filter(Double::isFinite).boxed().toList();
  }

  private static void put(Map<String, Object> fields, String name, Spread spread) {
    fields.put("avg_" + name, known(spread.mean()));
    fields.put("stddev_" + name, known(spread.deviation()));
  }

  private static Double known(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
