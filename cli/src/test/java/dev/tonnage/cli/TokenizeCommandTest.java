package dev.tonnage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tonnage.model.TinyLlamas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of {@code tokenize} and {@code detokenize}. */
final class TokenizeCommandTest {

  @TempDir private Path folder;

  private static Outcome line(String text) {
    return new Outcome(0, text + System.lineSeparator(), "");
  }

  @Test
  void aTextBecomesItsIds() {
    assertThat(Outcome.of("tokenize", "Once upon a time")).isEqualTo(line("[403,407,261,378]"));
    assertThat(Outcome.reading("Once upon a time", "tokenize", "-"))
        .isEqualTo(line("[403,407,261,378]"));
    assertThat(Outcome.of("tokenize", "")).isEqualTo(line("[]"));
  }

  @Test
  void theBeginTokenComesWhereItIsAskedFor() {
    assertThat(Outcome.of("tokenize", "--bos", "Once upon a time"))
        .isEqualTo(line("[1,403,407,261,378]"));
  }

  @Test
  void manyTextsComeFromAFile() throws IOException {
    Path file = folder.resolve("strings.json");
    Files.writeString(file, "[\"Once upon a time\", \"\", \"Once\"]");
    assertThat(Outcome.of("tokenize", "--json", file + ""))
        .isEqualTo(line("[[403,407,261,378],[],[403]]"));
  }

  @Test
  void controlTokensAreTextUnlessTheUserSaysOtherwise() {
    assertThat(Outcome.of("tokenize", "--special", "<s></s>")).isEqualTo(line("[1,2]"));
    assertThat(Outcome.of("tokenize", "<s>").json().size()).isGreaterThan(1);
  }

  @Test
  void whatIsNoListOfTextsIsRefused() throws IOException {
    for (String content :
        new String[] {"{\"a\": 1}", "[1]", "[[]]", "[\"a\"", "", "null", "[null]"}) {
      Path file = folder.resolve("strings.json");
      Files.writeString(file, content);
      var tokenize = Outcome.of("tokenize", "--json", file + "");
      assertThat(tokenize.code()).as("%s: %s", content, tokenize).isEqualTo(2);
      assertThat(tokenize.error()).contains("strings.json").contains("a JSON array of strings");
      assertThat(tokenize.error().lines()).as(tokenize.error()).hasSize(1);
    }
  }

  @Test
  void aTextAndAFileOfTextsExcludeEachOther() {
    var both = Outcome.of("tokenize", "--json", "strings.json", "text");
    assertThat(both.code()).isEqualTo(2);
    var neither = Outcome.of("tokenize");
    assertThat(neither.code()).isEqualTo(2);
    assertThat(neither.error()).contains("TEXT").contains("--json");
  }

  @Test
  void idsBecomeTheirTextInAnyWriting() {
    assertThat(Outcome.of("detokenize", "403", "407", "261", "378"))
        .isEqualTo(line("Once upon a time"));
    assertThat(Outcome.of("detokenize", "[403, 407,261,378]")).isEqualTo(line("Once upon a time"));
    assertThat(Outcome.reading("[403,407,\n261,378]\n", "detokenize", "-"))
        .isEqualTo(line("Once upon a time"));
  }

  @Test
  void controlTokensAreShownWhereTheyAreAskedFor() {
    assertThat(Outcome.of("detokenize", "1,403,2").out()).doesNotContain("<s>");
    assertThat(Outcome.of("detokenize", "--special", "1,403,2").out())
        .contains("<s>")
        .contains("</s>");
  }

  @Test
  void whatIsNoIdIsRefused() {
    for (String ids : new String[] {"99999", "4x", "1.5", "99999999999"}) {
      var detokenize = Outcome.of("detokenize", ids);
      assertThat(detokenize.code()).as(ids).isEqualTo(2);
      assertThat(detokenize.error()).contains(ids);
      assertThat(detokenize.out()).isEmpty();
    }
  }

  @Test
  void textsComeBackFromTheirIds() {
    Path model = folder.resolve("tiny.gguf");
    TinyLlamas.GROUPED.model().write(model);
    for (String text : new String[] {"Grüße aus Köln", "日本語 🙂 <s>", "two  spaces\tand\nlines"}) {
      var ids = Outcome.of("tokenize", "-m", model + "", text);
      assertThat(Outcome.reading(ids.out(), "detokenize", "-m", model + "", "-"))
          .isEqualTo(line(text));
    }
  }
}
