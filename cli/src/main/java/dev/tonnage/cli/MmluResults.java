package dev.tonnage.cli;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.BadRequest;
import dev.tonnage.eval.MmluAnswer;
import dev.tonnage.eval.MmluSubject;
import dev.tonnage.eval.Question;
import dev.tonnage.session.LoadedModel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Answers, in JSON Lines: the settings, then a line for each question, in the order in which they
 * were asked.
 */
final class MmluResults implements AutoCloseable {

  /** How a file begins that has the form of {@link Line}. */
  static final String FORM = "mmlu results, 1";

  /**
   * What answers depend on: a file has answers of one model and one way to ask.
   *
   * @param form {@link #FORM}
   * @param model its name
   * @param fingerprint what tells it from others of that name
   */
  record Settings(
      String form,
      String model,
      String fingerprint,
      int context,
      String cacheTypeK,
      String cacheTypeV,
      int shots) {

    static Settings of(LoadedModel model, String fingerprint, int shots) {
      var cache = CacheTypes.of(model);
      return new Settings(
          FORM,
          model.name(),
          fingerprint,
          model.contextTokens(),
          cache.keys(),
          cache.values(),
          shots);
    }
  }

  /**
   * An answer.
   *
   * @param index of the question in its file, from 0
   * @param question a digest of its prompt and of the right answer
   * @param shots examples that there was room for
   * @param logProbabilities of A, B, C and D, natural logarithms
   * @param choice the model's
   */
  record Line(
      String subject,
      int index,
      String question,
      int shots,
      List<Double> logProbabilities,
      String choice,
      String answer,
      boolean right) {

    static Line of(MmluSubject subject, int index, String question, MmluAnswer answer) {
      String choice = Question.LETTERS.get(answer.choice());
      String right = Question.LETTERS.get(subject.questions().get(index).answer());
      return new Line(
          subject.name(),
          index,
          question,
          answer.shots(),
          answer.logProbabilities(),
          choice,
          right,
          choice.equals(right));
    }

    private boolean plausible() {
      return subject != null
          && question != null
          && logProbabilities != null
          && logProbabilities.size() == Question.LETTERS.size()
          && Question.LETTERS.contains(choice)
          && right == choice.equals(answer);
    }

    private String key() {
      return subject + " " + index;
    }
  }

  private final Path path;
  private final DurableLines lines;
  private final Settings settings;
  private final Map<String, Line> answers = new HashMap<>();

  /**
   * Opens a file to go on with, or begins one.
   *
   * @throws BadRequest if its answers are of another model or settings
   * @throws BadFile if it holds something else
   */
  MmluResults(Path path, Settings settings) {
    this.path = path;
    this.settings = settings;
    this.lines = new DurableLines(path);
    try {
      begin();
    } catch (BadFile | BadRequest e) {
      lines.close();
      throw e;
    }
  }

  private void begin() {
    String head = Json.line(settings);
    if (lines.whole().isEmpty()) {
      if (!head.startsWith(lines.torn())) {
        throw foreign();
      }
      lines.append(head);
      return;
    }
    requireSame(lines.whole().getFirst());
    for (int i = 1; i < lines.whole().size(); i++) {
      Line line = parse(i);
      if (answers.put(line.key(), line) != null) {
        throw bad(i, "each question once", line.key() + " again");
      }
    }
  }

  private void requireSame(String head) {
    JsonNode inFile = tree(head);
    JsonNode here = Json.mapper().valueToTree(settings);
    here.propertyNames().forEach(what -> requireSame(what, inFile.get(what), here.get(what)));
  }

  private JsonNode tree(String head) {
    try {
      Settings found = Json.mapper().readValue(head, Settings.class);
      if (found != null && FORM.equals(found.form())) {
        return Json.mapper().valueToTree(found);
      }
    } catch (JacksonException e) {
      throw foreign();
    }
    throw foreign();
  }

  private void requireSame(String what, JsonNode inFile, JsonNode here) {
    if (!here.equals(inFile)) {
      throw new BadRequest(
          path + ": " + what,
          here.asString() + ", as this run has it",
          inFile.asString(),
          "name another file (-o) or use the same model and settings");
    }
  }

  private BadFile foreign() {
    return new BadFile(
        path + "", FORM, "something else", "name another file (-o); this one was not touched");
  }

  private Line parse(int index) {
    try {
      Line line = Json.mapper().readValue(lines.whole().get(index), Line.class);
      if (line != null && line.plausible()) {
        return line;
      }
    } catch (JacksonException e) {
      throw bad(index, "an answer", Terminal.printable(e.getOriginalMessage()));
    }
    throw bad(index, "an answer", "something else");
  }

  private BadFile bad(int index, String expected, String found) {
    return new BadFile(
        path + ": line " + (index + 1), expected, found, "remove that line or name another file");
  }

  /**
   * The answer that was given before, if one was.
   *
   * @throws BadRequest if it was given to another question
   */
  Optional<Line> find(MmluSubject subject, int index) {
    Line line = answers.get(subject.name() + " " + index);
    if (line != null && !line.question().equals(digest(subject, index))) {
      throw new BadRequest(
          path + ": " + subject.name() + ": question " + (index + 1),
          "an answer to the question as it is now",
          "one to another question",
          "name another file (-o), or the questions' files of then");
    }
    return Optional.ofNullable(line);
  }

  /** Keeps an answer. */
  Line add(MmluSubject subject, int index, MmluAnswer answer) {
    Line line = Line.of(subject, index, digest(subject, index), answer);
    lines.append(Json.line(line));
    return line;
  }

  private String digest(MmluSubject subject, int index) {
    String asked =
        subject.prompt(settings.shots(), index) + " " + subject.questions().get(index).answer();
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(asked.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public void close() {
    lines.close();
  }
}
