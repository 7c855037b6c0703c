package dev.tonnage.file;

import dev.tonnage.error.BadFile;
import dev.tonnage.os.MappedFile;
import dev.tonnage.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A model in the GGUF format, of versions 2 and 3, in one file or split into several. */
public final class GgufCheckpoint implements Checkpoint {

  private final String name;
  private final GgufMetadata metadata;
  private final Map<String, Tensor> byName = new LinkedHashMap<>();
  private final List<Tensor> tensors;
  private final List<MappedFile> files;

  private GgufCheckpoint(String name, List<GgufPart> parts, List<MappedFile> files) {
    this.name = name;
    this.metadata = parts.getFirst().metadata();
    this.tensors = parts.stream().flatMap(part -> part.tensors().stream()).toList();
    for (Tensor tensor : tensors) {
      byName.put(tensor.name(), tensor);
    }
    this.files = files;
  }

  /** Maps and checks a model's file. */
  public static GgufCheckpoint open(Path path) {
    String name = String.valueOf(path.getFileName());
    if (Files.isDirectory(path)) {
      throw new BadFile(path.toString(), "a GGUF file", "a directory", "name the .gguf file in it");
    }
    MappedFile file = MappedFile.open(path);
    try {
      return new GgufCheckpoint(name, List.of(GgufPart.read(name, file.bytes())), List.of(file));
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** Checks a model that lies in native memory already, which stays the caller's. */
  public static GgufCheckpoint of(String name, MemorySegment bytes) {
    if (!bytes.isNative() || bytes.address() % Gguf.LEAST_ALIGNMENT != 0) {
      throw new IllegalArgumentException(name + ": not in native memory, aligned to 8 bytes");
    }
    return new GgufCheckpoint(name, List.of(GgufPart.read(name, bytes.asReadOnly())), List.of());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Metadata metadata() {
    return metadata;
  }

  @Override
  public List<Tensor> tensors() {
    return tensors;
  }

  @Override
  public Optional<Tensor> tensor(String tensorName) {
    return Optional.ofNullable(byName.get(tensorName));
  }

  @Override
  public void verifyUnchanged() {
    for (MappedFile file : files) {
      file.verifyUnchanged();
    }
  }

  @Override
  public void close() {
    files.forEach(MappedFile::close);
  }
}
