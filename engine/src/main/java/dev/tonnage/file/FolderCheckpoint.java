package dev.tonnage.file;

import dev.tonnage.error.BadFile;
import dev.tonnage.os.MappedFile;
import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Shape;
import dev.tonnage.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * A model as Hugging Face's transformers keep it: a folder of safetensors files, {@code
 * config.json}, {@code tokenizer.json} and others. Weights are used where they lie; what the files
 * say stands under the keys and names that a GGUF file of the model would have.
 */
public final class FolderCheckpoint implements Checkpoint {

  private static final String WHOLE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";

  /** No way out of the folder. */
  private static final Pattern FILE = Pattern.compile("[\\w-][\\w.-]{0,200}");

  private final String name;
  private final FolderMetadata metadata;
  private final List<MappedFile> files;
  private final Arena arena = Arena.ofAuto(); // of a few numbers that are computed
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  private FolderCheckpoint(Path folder, List<MappedFile> files) {
    this.name = folder.toAbsolutePath().normalize().getFileName() + "";
    this.files = files;
    this.metadata = new FolderMetadata(name);
    JsonObject config = JsonFile.read(folder.resolve("config.json"), name + "/config.json");
    Quantisation quantisation = QuantisationConfig.read(config);
    FolderConfig settings = FolderConfig.read(config, metadata);
    var names = new TensorNames(settings.layers(), settings.secondNorm(), settings.isTied());
    Map<String, Safetensors.Entry> entries = new LinkedHashMap<>();
    entries(folder).forEach(entry -> entries.put(entry.name(), entry));
    for (Safetensors.Entry entry : entries.values()) {
      if (!names.isLeftOut(entry.name()) && !quantisation.isPart(entry, entries)) {
        put(quantisation.tensor(name, entry, names.of(entry.name()), entries));
      }
    }
    if (!settings.isTied() && !tensors.containsKey("output.weight")) {
      throw new BadFile(
          name, "a tensor lm_head.weight", "none", "download or convert the model again");
    }
    putDivisors(settings.rotaryDivisors());
    int vocabulary = rows("token_embd.weight");
    List<Integer> ends = ends(optional(folder, "generation_config.json"), config);
    JsonObject tokenizer = optional(folder, "tokenizer_config.json");
    metadata.readTokenizerWith(() -> {
      FolderTokenizer.read(
          vocabulary(folder, tokenizer, vocabulary), tokenizer, ends, vocabulary, metadata);
      template(folder);
    });
  }

  /**
   * Maps a folder's files and checks them. Reads headers and no weights.
   *
   * @throws dev.tonnage.error.StorageFailure if a file is not there or may not be read
   * @throws BadFile if a file is damaged, or of another format
   * @throws dev.tonnage.error.UnsupportedModel for what is not known or not done
   */
  public static FolderCheckpoint open(Path folder) {
    List<MappedFile> files = new ArrayList<>();
    try {
      return new FolderCheckpoint(folder, files);
    } catch (RuntimeException | Error e) {
      files.forEach(MappedFile::close);
      throw e;
    }
  }

  private TokenizerJson vocabulary(Path folder, JsonObject config, int rows) {
    Path json = folder.resolve("tokenizer.json");
    Path ranks = folder.resolve(TiktokenModel.FILE);
    return Files.exists(json) || Files.notExists(ranks)
        ? TokenizerJson.parse(name + "/tokenizer.json", JsonFile.bytes(json))
        : TiktokenModel.parse(name + "/" + TiktokenModel.FILE, JsonFile.bytes(ranks), config, rows);
  }

  private JsonObject optional(Path folder, String file) {
    Path path = folder.resolve(file);
    String where = name + "/" + file;
    return Files.exists(path)
        ? JsonFile.read(path, where)
        : new JsonObject(where, JsonFile.mapper().createObjectNode());
  }

  /** Of all files, each of which the index names, or of the only one. */
  private List<Safetensors.Entry> entries(Path folder) {
    if (!Files.exists(folder.resolve(INDEX))) {
      return read(folder, WHOLE);
    }
    JsonObject map = JsonFile.read(folder.resolve(INDEX), name + "/" + INDEX).object("weight_map");
    Set<String> parts = new LinkedHashSet<>();
    for (String tensor : map.keys().stream().sorted().toList()) {
      String file = map.text(tensor);
      if (!FILE.matcher(file).matches()) {
        throw new BadFile(map.where(tensor), "a file in the folder", file, JsonFile.REMEDY);
      }
      parts.add(file);
    }
    List<Safetensors.Entry> entries = new ArrayList<>();
    for (String part : parts) {
      for (Safetensors.Entry entry : read(folder, part)) {
        if (map.has(entry.name()) && map.text(entry.name()).equals(part)) {
          entries.add(entry);
        }
      }
    }
    if (entries.size() != map.keys().size()) {
      throw new BadFile(
          map.where(),
          map.keys().size() + " tensors",
          entries.size() + " of them in the files",
          JsonFile.REMEDY);
    }
    return entries;
  }

  private List<Safetensors.Entry> read(Path folder, String part) {
    MappedFile file = MappedFile.open(folder.resolve(part));
    files.add(file);
    return Safetensors.read(name + "/" + part, file.bytes());
  }

  private void put(Tensor tensor) {
    if (tensors.put(tensor.name(), tensor) != null) {
      throw new BadFile(
          name + ": " + tensor.name(), "a tensor only once", "it twice", JsonFile.REMEDY);
    }
  }

  private void putDivisors(double[] divisors) {
    if (divisors.length == 0) {
      return;
    }
    MemorySegment data = arena.allocate(4L * divisors.length, 64);
    for (int pair = 0; pair < divisors.length; pair++) {
      data.setAtIndex(ValueLayout.JAVA_FLOAT, pair, (float) divisors[pair]);
    }
    put(new Tensor("rope_freqs.weight", DType.F32, Shape.of(divisors.length), data));
  }

  private int rows(String tensor) {
    return Optional.ofNullable(tensors.get(tensor))
        .map(found -> (int) Math.min(found.shape().rows(), Integer.MAX_VALUE))
        .orElse(0);
  }

  private static List<Integer> ends(JsonObject generation, JsonObject config) {
    JsonObject saying = generation.has("eos_token_id") ? generation : config;
    List<Integer> ends = new ArrayList<>();
    saying
        .find("eos_token_id")
        .ifPresent(found -> {
          Iterable<JsonNode> each = found.isArray() ? found : List.of(found);
          for (JsonNode id : each) {
            if (!id.isIntegralNumber() || !id.canConvertToInt()) {
              throw new BadFile(
                  saying.where("eos_token_id"), "ids", JsonObject.kind(id), JsonFile.REMEDY);
            }
            ends.add(id.intValue());
          }
        });
    return ends;
  }

  /** Newer folders have it in a file of its own. */
  private void template(Path folder) {
    Path template = folder.resolve("chat_template.jinja");
    if (Files.exists(template)) {
      metadata.put(
          "tokenizer.chat_template", new String(JsonFile.bytes(template), StandardCharsets.UTF_8));
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String format() {
    return "safetensors, in a folder of Hugging Face's form";
  }

  @Override
  public List<String> files() {
    return files.stream().map(file -> file.path().getFileName().toString()).toList();
  }

  @Override
  public Metadata metadata() {
    return metadata;
  }

  @Override
  public List<Tensor> tensors() {
    return List.copyOf(tensors.values());
  }

  @Override
  public Optional<Tensor> tensor(String tensor) {
    return Optional.ofNullable(tensors.get(tensor));
  }

  @Override
  public void verifyUnchanged() {
    files.forEach(MappedFile::verifyUnchanged);
  }

  @Override
  public void close() {
    files.forEach(MappedFile::close);
  }
}
