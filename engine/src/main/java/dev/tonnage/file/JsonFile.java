package dev.tonnage.file;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.StorageFailure;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON that came with a model: limited in size and depth, and no key twice. */
final class JsonFile {

  static final String REMEDY = "download the model again";

  /** A vocabulary with its merges takes 20 MiB, a long chat template some KiB. */
  private static final long MOST_BYTES = 256L << 20;

  private static final int MOST_DEPTH = 64;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MOST_DEPTH).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonFile() {}

  static JsonMapper mapper() {
    return MAPPER;
  }

  /**
   * A file's only value, which is an object.
   *
   * @param name for messages
   */
  static JsonObject read(Path path, String name) {
    return parse(name, bytes(path));
  }

  /** A file's bytes. */
  static byte[] bytes(Path path) {
    try {
      long size = Files.size(path);
      if (size > MOST_BYTES) {
        throw new BadFile(
            path.toString(), "at most " + MOST_BYTES + " bytes", size + "", "name another model");
      }
      return Files.readAllBytes(path);
    } catch (NoSuchFileException e) {
      throw new StorageFailure(path + ": no such file; " + REMEDY, e);
    } catch (AccessDeniedException e) {
      throw new StorageFailure(path + ": may not be read; check its permissions", e);
    } catch (IOException e) {
      throw new StorageFailure(path + ": cannot be read (" + e + ")", e);
    }
  }

  /** An object in memory. */
  static JsonObject parse(String name, byte[] json) {
    JsonNode node;
    try {
      node = MAPPER.readTree(json);
    } catch (JacksonException e) {
      throw malformed(name, e);
    }
    if (!node.isObject()) {
      throw new BadFile(name, "a JSON object", JsonObject.kind(node), REMEDY);
    }
    return new JsonObject(name, node);
  }

  static BadFile malformed(String name, JacksonException e) {
    return new BadFile(name, "JSON", e.getOriginalMessage(), REMEDY);
  }
}
