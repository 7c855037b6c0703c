package dev.tonnage.cli;

import dev.tonnage.error.BadFile;
import dev.tonnage.eval.Question;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvReadFeature;

/**
 * Questions as MMLU publishes them: comma-separated values without a header line, each row a
 * question, four choices and the letter of the right one.
 */
final class QuestionFile {

  private static final CsvMapper MAPPER =
      CsvMapper.builder().enable(CsvReadFeature.WRAP_AS_ARRAY).build();

  private static final int COLUMNS = 1 + Question.LETTERS.size() + 1;

  private static final String BYTE_ORDER_MARK = "\ufeff";

  private QuestionFile() {}

  /**
   * All of them.
   *
   * @throws BadFile for what is none, by file and line
   */
  static List<Question> read(Path file) {
    String text = TextFile.read(file);
    String rows = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    List<Question> questions = new ArrayList<>();
    try (JsonParser parser = MAPPER.createParser(rows)) {
      parser.nextToken(); // the array of rows
      while (parser.nextToken() == JsonToken.START_ARRAY) {
        int line = parser.currentLocation().getLineNr();
        List<String> row = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          row.add(parser.getString());
        }
        questions.add(question(file, line, row));
      }
    } catch (JacksonException e) {
      throw new BadFile(
          where(file, e.getLocation().getLineNr()),
          "comma-separated values, quoted as RFC 4180 says",
          Terminal.printable(e.getOriginalMessage()),
          "correct the file");
    }
    if (questions.isEmpty()) {
      throw new BadFile(file + "", "questions", "none", "name another file");
    }
    return questions;
  }

  private static Question question(Path file, int line, List<String> row) {
    if (row.size() != COLUMNS) {
      throw new BadFile(
          where(file, line),
          "a question, four choices and the answer's letter",
          row.size() + " columns",
          "correct the file");
    }
    int answer = Question.LETTERS.indexOf(row.getLast());
    if (answer < 0) {
      throw new BadFile(
          where(file, line),
          "an answer that is one of " + String.join(", ", Question.LETTERS),
          "'" + row.getLast() + "'",
          "correct the file; there is no header line");
    }
    return new Question(row.getFirst(), row.subList(1, COLUMNS - 1), answer);
  }

  private static String where(Path file, int line) {
    return file + ": line " + line;
  }
}
