package dev.tonnage.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts without a border to cut at. Were anything quadratic, the suite would stand still here. */
class LongTextTest {

  private static final int CHARACTERS = 60_000;

  private static final String SENTENCE_PIECE = "sentencepiece-without-prefix";

  static Collection<String> vocabularies() {
    return Stream.concat(LibraryIds.NAMES.stream(), Stream.of(SENTENCE_PIECE)).toList();
  }

  private static List<String> texts() {
    List<String> texts = new ArrayList<>();
    for (String repeated :
        List.of(
            "e",
            "E",
            "eE",
            " ",
            "\n",
            " \n",
            "7",
            "\u0301",
            "\u0316\u0300",
            "'",
            "'S",
            "<",
            "\u0001",
            "水",
            "ー",
            "/",
            "!\n/",
            "\t")) {
      texts.add(repeated.repeat(CHARACTERS / repeated.length()));
    }
    texts.add(" ".repeat(CHARACTERS) + "1"); // spaces that do not end what is cut
    Random random = new Random(1);
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < CHARACTERS; i++) {
      letters.append((char) ('a' + random.nextInt(26)));
    }
    texts.add(letters.toString());
    texts.add("\n".repeat(CHARACTERS) + "<note>"); // one token of its own after many
    return texts;
  }

  @ParameterizedTest
  @MethodSource("vocabularies")
  void manyCharactersWithoutABorderAreEncodedOnASmallStackAndDecodedAgain(String name)
      throws Exception {
    Tokenizer tokenizer =
        name.equals(SENTENCE_PIECE)
            ? RecordedIds.TINY.get(name).get().tokenizer()
            : TinyVocabulary.byteLevel(name).tokenizer();
    for (String text : texts()) {
      FutureTask<int[]> encoding =
          new FutureTask<>(() -> tokenizer.encode(text, SpecialTokens.AS_TEXT));
      Thread thread =
          new Thread(Thread.currentThread().getThreadGroup(), encoding, name, 256 << 10);
      thread.start();
      String expected =
          List.of("qwen2", "command-r", "minimax-m2").contains(name)
              ? Normalizer.normalize(text.substring(0, 2000), Normalizer.Form.NFC)
              : text.substring(0, 2000);
      String decoded = tokenizer.decode(encoding.get(), ControlTokens.HIDDEN);
      assertThat(decoded).hasSameSizeAs(text);
      assertThat(decoded.substring(0, 900)).isEqualTo(expected.substring(0, 900));
    }
  }

  @Test
  void oneTokenizerServesManyThreads() throws Exception {
    Tokenizer tokenizer = TinyVocabulary.byteLevel("llama-bpe").tokenizer();
    String[] strings = RecordedIds.strings();
    RecordedIds.Ids recorded = RecordedIds.of("llama-bpe");
    Callable<Void> task =
        () -> {
          for (int round = 0; round < 4; round++) {
            for (int i = 0; i < strings.length; i++) {
              assertThat(tokenizer.encode(strings[i], SpecialTokens.PARSED))
                  .as(strings[i])
                  .containsExactly(recorded.of(i, SpecialTokens.PARSED).toArray(new Integer[0]));
            }
          }
          return null;
        };
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Void>> futures = threads.invokeAll(List.of(task, task, task, task));
      for (Future<Void> future : futures) {
        future.get();
      }
    }
  }
}
