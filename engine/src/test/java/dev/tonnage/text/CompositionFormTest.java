package dev.tonnage.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CompositionFormTest {

  @Test
  void isTheJdksForTextsWithLongRunsOfMarks() {
    int[] marks = {
      0x300, 0x301, 0x316, 0x323, 0x327, 0x334, 0x338, 0x345, 0x344, 0x340, 0x343, 0x35c, 0x5b0,
      0x64b, 0x94d, 0x93c, 0xe38, 0xf71, 0xf72, 0xf73, 0xf74, 0x302a, 0x3099, 0x20dd, 0x1d165,
      0x1d16e, 0x9be, 0xfe20, 0x1abe
    };
    for (long seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder();
      int runs = 1 + random.nextInt(4);
      for (int run = 0; run < runs; run++) {
        text.append(random.nextBoolean() ? "a" : random.nextBoolean() ? "각한" : "");
        int length = random.nextInt(600);
        for (int i = 0; i < length; i++) {
          text.appendCodePoint(marks[random.nextInt(marks.length)]);
        }
      }
      assertThat(CompositionForm.of(text.toString()))
          .as("seed %d", seed)
          .isEqualTo(Normalizer.normalize(text, Normalizer.Form.NFC));
    }
  }

  @Test
  void isTheJdksForEveryMarkInALongRun() {
    for (int mark = 0x300; mark < 0x20000; mark++) {
      if (Character.getType(mark) != Character.NON_SPACING_MARK
          && Character.getType(mark) != Character.COMBINING_SPACING_MARK) {
        continue;
      }
      String text = "e" + (Character.toString(mark) + "\u0301\u0323\u0345\u0334").repeat(60);
      assertThat(CompositionForm.of(text))
          .as("U+%04X", mark)
          .isEqualTo(Normalizer.normalize(text, Normalizer.Form.NFC));
    }
  }
}
