package dev.tonnage.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tonnage.error.BadFile;
import dev.tonnage.error.StorageFailure;
import dev.tonnage.eval.Question;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuestionFileTest {

  @TempDir private Path folder;

  private Path write(String content) throws IOException {
    Path file = folder.resolve("questions.csv");
    Files.writeString(file, content);
    return file;
  }

  private void refused(String content, String... said) throws IOException {
    Path file = write(content);
    assertThatThrownBy(() -> QuestionFile.read(file))
        .isInstanceOf(BadFile.class)
        .hasMessageContaining("questions.csv")
        .hasMessageContainingAll(said);
  }

  @Test
  void quotesHoldCommasLinesAndQuotes() throws IOException {
    String rows =
        """
        What is 1+1?,1, 2 ,3,4,B
        "Say ""no"", then
        what?","a, b",,"","x ""y"" z",A
        """;
    assertThat(QuestionFile.read(write(rows)))
        .containsExactly(
            new Question("What is 1+1?", List.of("1", " 2 ", "3", "4"), 1),
            new Question("Say \"no\", then\nwhat?", List.of("a, b", "", "", "x \"y\" z"), 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n"})
  void linesEndInEitherWayWithOrWithoutTheLastEndAndAByteOrderMark(String end) throws IOException {
    List<Question> expected =
        List.of(
            new Question("Grüße?", List.of("a", "b", "c", "d"), 3),
            new Question("q", List.of("e", "f", "g", "h"), 2));
    for (String mark : List.of("", "\ufeff")) {
      for (String last : List.of("", end)) {
        String rows = mark + "Grüße?,a,b,c,d,D" + end + "q,e,f,g,h,C" + last;
        assertThat(QuestionFile.read(write(rows))).isEqualTo(expected);
      }
    }
  }

  @Test
  void whatIsNoQuestionIsNamedByItsLine() throws IOException {
    String good = "\"two\nlines\",a,b,c,d,A\n";
    refused(good + "q,a,b,c,A\n", "line 3", "5 columns");
    refused(good + "q,a,b,c,d,e,A\n", "line 3", "7 columns");
    refused(good + "\n" + good, "line 3", "1 columns");
    refused(good + good + "q,a,b,c,d,E\n", "line 5", "A, B, C, D", "'E'");
    refused("question,A,B,C,D,answer\n" + good, "line 1", "'answer'", "no header line");
    refused(good + "q,a,b,c,d,a\n", "line 3", "'a'");
  }

  @Test
  void brokenQuotesAreNamedByTheirLine() throws IOException {
    refused("q,a,b,c,d,A\n\"x\"y,a,b,c,d,A\n", "line 2", "RFC 4180");
    refused("q,a,b,c,d,A\n\"never closed,a,b,c,d,A\nq,a,b,c,d,A\n", "RFC 4180");
  }

  @Test
  void aFileWithoutQuestionsIsRefused() throws IOException {
    refused("", "none");
  }

  @Test
  void bytesThatAreNoTextAreRefused() throws IOException {
    Path file = folder.resolve("questions.csv");
    Files.write(file, new byte[] {'q', ',', (byte) 0xff});
    assertThatThrownBy(() -> QuestionFile.read(file))
        .isInstanceOf(BadFile.class)
        .hasMessageContaining("byte 2")
        .hasMessageContaining("UTF-8");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> QuestionFile.read(folder.resolve("none.csv")))
        .isInstanceOf(StorageFailure.class)
        .hasMessageContaining("none.csv: no such file");
  }
}
