package dev.tonnage.file;

import dev.tonnage.error.BadFile;
import dev.tonnage.os.MappedFile;
import dev.tonnage.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model in the GGUF format, of versions 2 and 3, in one file or split into several. What is open
 * has been checked: every tensor lies within its file, and none in another.
 *
 * <p>Where the specification leaves a question open, llama.cpp's answer holds.
 */
public final class GgufCheckpoint implements Checkpoint {

  private final List<GgufPart> parts;
  private final List<Tensor> tensors;
  private final Map<String, Tensor> byName;
  private final List<MappedFile> files;

  private GgufCheckpoint(List<GgufPart> parts, List<MappedFile> files) {
    this.parts = List.copyOf(parts);
    this.files = List.copyOf(files);
    this.tensors = parts.stream().flatMap(part -> part.tensors().stream()).toList();
    this.byName = new HashMap<>();
    for (GgufPart part : parts) {
      for (Tensor tensor : part.tensors()) {
        if (byName.put(tensor.name(), tensor) != null) {
          throw new BadFile(
              part.name() + ": " + tensor.name(), "a tensor only once", "it twice", Gguf.REMEDY);
        }
      }
    }
  }

  /**
   * Maps a model's file, or all files of a model that is split, and checks them. Reads headers and
   * no weights.
   *
   * @param path a file; of a model that is split, any
   * @throws dev.tonnage.error.StorageFailure if a file is not there or may not be read
   * @throws BadFile if a file is damaged, or of another format
   * @throws dev.tonnage.error.UnsupportedModel for a version, byte order or tensor type that is not
   *     read
   */
  public static GgufCheckpoint open(Path path) {
    if (Files.isDirectory(path)) {
      throw new BadFile(path.toString(), "a GGUF file", "a directory", "name the .gguf file in it");
    }
    List<MappedFile> files = new ArrayList<>();
    try {
      return new GgufCheckpoint(read(path, files), files);
    } catch (RuntimeException | Error e) {
      files.forEach(MappedFile::close);
      throw e;
    }
  }

  /**
   * Checks a whole model that lies in memory already, which stays the caller's.
   *
   * @param name for messages
   * @param bytes native memory that starts at a multiple of 8 bytes
   */
  public static GgufCheckpoint of(String name, MemorySegment bytes) {
    if (!bytes.isNative() || bytes.address() % Gguf.LEAST_ALIGNMENT != 0) {
      throw new IllegalArgumentException(name + ": not in native memory, aligned to 8 bytes");
    }
    GgufPart part = GgufPart.read(name, bytes.asReadOnly());
    if (GgufSplit.count(part) > 1) {
      throw new BadFile(
          name + ": " + GgufSplit.COUNT_KEY,
          "a whole model",
          "one part of " + GgufSplit.count(part),
          "open the parts as files, or merge them into one");
    }
    return new GgufCheckpoint(List.of(part), List.of());
  }

  /**
   * Reads the named part, and all others if there are any.
   *
   * @param files takes what was mapped, also where this fails
   */
  private static List<GgufPart> read(Path path, List<MappedFile> files) {
    GgufPart named = readPart(path, files);
    if (GgufSplit.count(named) == 1) {
      return List.of(named);
    }
    GgufSplit split = GgufSplit.of(path, named);
    int namedIndex = GgufSplit.index(named);
    List<GgufPart> parts = new ArrayList<>();
    long tensorCount = 0;
    for (int index = 0; index < split.count(); index++) {
      GgufPart part = index == namedIndex ? named : readPart(split.path(index), files);
      split.check(index, part);
      parts.add(part);
      tensorCount += part.tensors().size();
    }
    GgufPart first = parts.getFirst();
    long claimed = first.metadata().integer(GgufSplit.TENSORS_KEY);
    if (claimed != tensorCount) {
      throw new BadFile(
          first.name() + ": " + GgufSplit.TENSORS_KEY,
          claimed + " tensors in all parts together",
          Long.toString(tensorCount),
          "download all parts again: they are not of one model");
    }
    return parts;
  }

  private static GgufPart readPart(Path path, List<MappedFile> files) {
    MappedFile file = MappedFile.open(path);
    files.add(file);
    return GgufPart.read(path.getFileName().toString(), file.bytes());
  }

  /** The first file's name. */
  @Override
  public String name() {
    return parts.getFirst().name();
  }

  @Override
  public String format() {
    GgufPart first = parts.getFirst();
    return "GGUF v" + first.version() + ", aligned to " + first.alignment() + " bytes";
  }

  @Override
  public List<String> files() {
    return parts.stream().map(GgufPart::name).toList();
  }

  @Override
  public Metadata metadata() {
    return parts.getFirst().metadata();
  }

  @Override
  public List<Tensor> tensors() {
    return tensors;
  }

  @Override
  public Optional<Tensor> tensor(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** The files that the model consists of, one of them if it is not split. */
  public List<GgufPart> parts() {
    return parts;
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
