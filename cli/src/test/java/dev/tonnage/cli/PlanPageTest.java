package dev.tonnage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tonnage.model.TinyLlamas;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

class PlanPageTest {

  private static final Pattern SVG = Pattern.compile("<svg .*?</svg>", Pattern.DOTALL);

  @TempDir private Path folder;

  private String page(String... arguments) throws IOException {
    Path file = folder.resolve("page.html");
    String[] all = Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--html";
    all[arguments.length + 1] = file + "";
    Outcome plan = Outcome.of(all);
    assertThat(plan.code()).as(plan.error()).isZero();
    return Files.readString(file);
  }

  @Test
  void aPageHasPlotsAndNeedsNothingElse()
      throws IOException, ParserConfigurationException, SAXException {
    String page = page("plan", "deepseek-v3", "--machine", "m3-ultra-512", "-c", "4096,32768");
    assertThat(page)
        .startsWith("<!doctype html>")
        .contains("DeepSeek-V3 and R1 671B on Apple M3 Ultra")
        .contains("<div title='weights' style='width:8")
        .contains("Roofline: Q4_K_M as llama.cpp on Metal", ">a token<", ">a prompt<")
        .containsPattern("Machine, bandwidth: .+, \\d{4}-\\d\\d-\\d\\d")
        .doesNotContain("http:", "https:", "src=", "<script", "@import", "NaN", "null");
    List<String> plots = SVG.matcher(page).results().map(MatchResult::group).toList();
    assertThat(plots).hasSize(2);
    for (String plot : plots) {
      String xml = plot.replace("<svg ", "<svg xmlns='http://www.w3.org/2000/svg' ");
      DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(xml)));
    }
  }

  @Test
  void whatIsMarkupInANameIsText() throws IOException {
    Path file = folder.resolve("<b onload='x'>&.gguf");
    TinyLlamas.Q4_K_M.model().write(file);
    assertThat(page("plan", file + "", "--machine", "m1-max-64"))
        .contains("&lt;b onload=&#39;x&#39;&gt;&amp;.gguf")
        .doesNotContain("<b onload");
  }

  @Test
  void aFileThatCannotBeWrittenIsNamed() {
    assertThat(Outcome.of("plan", "llama-3.1-8b", "--html", folder + "/none/page.html").error())
        .contains("none/page.html", "cannot be written");
  }

  @Test
  void axesHaveTicksAtRoundNumbers() {
    assertThat(new Plot.Axis("", 3, 40).ticks()).containsExactly(5.0, 10.0, 20.0);
    assertThat(new Plot.Axis("", 100, 1e6).ticks()).containsExactly(100.0, 1e3, 1e4, 1e5, 1e6);
    assertThat(List.of(Plot.number(0.5), Plot.number(20), Plot.number(1500), Plot.number(2e9)))
        .containsExactly("0.5", "20", "1.5k", "2G");
  }
}
