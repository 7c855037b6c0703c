package dev.tonnage.cli;

import dev.tonnage.error.StorageFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The folder of what this program keeps: {@code TONNAGE_HOME}, or else one of the user's folders
 * for caches.
 */
record Home(Path folder) {

  /** What names the folder. */
  static final String VARIABLE = "TONNAGE_HOME";

  /** The user's own. */
  static Home own() {
    return of(System.getenv(), System.getProperty("os.name"), System.getProperty("user.home"));
  }

  /** By the conventions of a system. */
  static Home of(Map<String, String> environment, String system, String userHome) {
    String named = environment.getOrDefault(VARIABLE, "");
    if (!named.isEmpty()) {
      return new Home(Path.of(named));
    }
    String name = system.toLowerCase(Locale.ROOT);
    if (name.startsWith("mac")) {
      return new Home(Path.of(userHome, "Library", "Caches", "tonnage"));
    }
    if (name.startsWith("windows")) {
      return new Home(Path.of(environment.getOrDefault("LOCALAPPDATA", userHome), "tonnage"));
    }
    String caches = environment.getOrDefault("XDG_CACHE_HOME", "");
    return new Home(
        caches.isEmpty() ? Path.of(userHome, ".cache", "tonnage") : Path.of(caches, "tonnage"));
  }

  /** The folder, made if there is none. */
  Path make() {
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new StorageFailure(
          folder + ": cannot be made (" + e + "); name another folder in " + VARIABLE, e);
    }
  }

  /** What a file of it holds, if there is such a file. */
  Optional<byte[]> read(String name) {
    Path file = folder.resolve(name);
    try {
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw new StorageFailure(file + ": cannot be read (" + e + "); check its permissions", e);
    }
  }

  /** Writes a file as a whole: whoever reads it meanwhile sees the old one. */
  Path write(String name, byte[] bytes) {
    Path file = make().resolve(name);
    Path fresh = folder.resolve(name + "." + ProcessHandle.current().pid());
    try {
      Files.write(fresh, bytes, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return file;
    } catch (IOException e) {
      throw new StorageFailure(file + ": cannot be written (" + e + "); make room", e);
    }
  }
}
