package dev.tonnage.cli;

import dev.tonnage.error.BadRequest;
import dev.tonnage.error.StorageFailure;
import dev.tonnage.eval.MmluSubject;
import dev.tonnage.eval.Question;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * MMLU as published: {@code test/SUBJECT_test.csv} with questions, {@code val/SUBJECT_val.csv} with
 * some more, and {@code dev/SUBJECT_dev.csv} with examples to show.
 */
final class MmluFiles {

  private static final String DEV = "dev";
  private static final String TEST = "test";
  private static final String ENDING = ".csv";

  private final int shots;
  private final Function<Path, Path> examplesFolder;

  private MmluFiles(int shots, Function<Path, Path> examplesFolder) {
    this.shots = shots;
    this.examplesFolder = examplesFolder;
  }

  /** With examples from the folder {@code dev} beside the questions' folder. */
  static MmluFiles besideTheirExamples(int shots) {
    return new MmluFiles(
        shots, file -> file.toAbsolutePath().normalize().getParent().resolveSibling(DEV));
  }

  /** With examples from a folder that the user names. */
  static MmluFiles withExamplesFrom(int shots, Path folder) {
    return new MmluFiles(shots, _ -> folder);
  }

  /**
   * Reads subjects.
   *
   * @param named files of questions, folders of such, or the folder that holds {@code test}
   * @return by name, in alphabetical order
   */
  Collection<MmluSubject> read(List<Path> named) {
    var subjects = new TreeMap<String, MmluSubject>();
    for (Path path : named) {
      for (Path file : Files.isDirectory(path) ? filesIn(path) : List.of(path)) {
        MmluSubject subject = subject(file);
        if (subjects.put(subject.name(), subject) != null) {
          throw new BadRequest(
              file + "",
              "each subject once",
              subject.name() + " a second time",
              "measure them one after the other");
        }
      }
    }
    return subjects.values();
  }

  private static List<Path> filesIn(Path folder) {
    Path inside = folder.resolve(TEST);
    Path holding = Files.isDirectory(inside) ? inside : folder;
    List<Path> files;
    try (Stream<Path> listed = Files.list(holding)) {
      files = listed.filter(file -> file.toString().endsWith(ENDING)).sorted().toList();
    } catch (IOException e) {
      throw new StorageFailure(holding + ": cannot be read (" + e + "); check the path", e);
    }
    if (files.isEmpty()) {
      throw new BadRequest(
          holding + "", "files like SUBJECT_test.csv", "none", "name the folder that has them");
    }
    return files;
  }

  private MmluSubject subject(Path file) {
    String name = file.getFileName().toString().replaceFirst("\\.csv$", "");
    if (name.endsWith("_" + DEV)) {
      throw new BadRequest(
          file + "", "questions to ask", "examples", "name the files that end in _test.csv");
    }
    String subject = name.replaceFirst("_(test|val)$", "");
    List<Question> questions = QuestionFile.read(file);
    return new MmluSubject(subject, examples(file, subject), questions);
  }

  private List<Question> examples(Path file, String subject) {
    if (shots == 0) {
      return List.of();
    }
    Path from = examplesFolder.apply(file).resolve(subject + "_" + DEV + ENDING);
    if (Files.notExists(from)) {
      throw new BadRequest(
          file + ": examples",
          "the file " + from,
          "none",
          "name the folder that has it (--dev), or show no examples (--shots 0)");
    }
    List<Question> examples = new ArrayList<>(QuestionFile.read(from));
    if (examples.size() < shots) {
      throw new BadRequest(
          from + "",
          "at least " + shots + " examples",
          examples.size() + "",
          "show fewer (--shots)");
    }
    return examples.subList(0, shots);
  }
}
