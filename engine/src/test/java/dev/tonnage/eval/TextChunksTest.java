package dev.tonnage.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tonnage.error.BadRequest;
import dev.tonnage.file.Checkpoint;
import dev.tonnage.file.GgufCheckpoint;
import dev.tonnage.file.GgufValue;
import dev.tonnage.file.GgufWriter;
import dev.tonnage.session.DefaultModel;
import dev.tonnage.text.SpecialTokens;
import dev.tonnage.text.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextChunksTest {

  private static final int BOS = 1;
  private static final String TEXT = "Once upon a time there was a little girl. ".repeat(10);

  @TempDir private Path folder;

  private static Tokenizer tokenizer() {
    try (Checkpoint checkpoint = DefaultModel.open()) {
      return Tokenizer.of(checkpoint.metadata());
    }
  }

  @Test
  void theTextBehindABeginTokenIsCutAndEachChunkBegunAnew() {
    int[] ids = tokenizer().encode(TEXT, SpecialTokens.AS_TEXT);
    var text = new TextChunks(tokenizer(), TEXT, 10);
    assertThat(text.count()).isEqualTo((1 + ids.length) / 10);
    assertThat(text.ids(0)[0]).isEqualTo(BOS);
    for (int chunk = 0; chunk < text.count(); chunk++) {
      for (int i = 0; i < 10; i++) {
        int at = 10 * chunk + i;
        int expected = at == 0 ? BOS : ids[at - 1];
        assertThat(text.ids(chunk)[i]).isEqualTo(expected);
        if (i > 0) {
          assertThat(text.next(chunk, i - 1)).isEqualTo(expected);
        }
        if (i < 9) {
          assertThat(text.prompt(chunk)[i]).isEqualTo(i == 0 ? BOS : expected);
        }
      }
      assertThat(text.prompt(chunk)).hasSize(9);
    }
  }

  @Test
  void theSecondHalfIsScored() {
    // of 10 what follows positions 5 to 8, of 11 what follows 5 to 9
    for (int context : new int[] {10, 11}) {
      assertThat(new TextChunks(tokenizer(), TEXT, context).firstScored()).isEqualTo(5);
      assertThat(TextChunks.scored(context)).isEqualTo(context - 6);
    }
  }

  @Test
  void whereAModelWantsNoBeginTokenThereIsNone() {
    Tokenizer plain = wordsWithout("tokenizer.ggml.add_bos_token");
    int[] ids = plain.encode("abababababababab", SpecialTokens.AS_TEXT);
    var text = new TextChunks(plain, "abababababababab", 8);
    assertThat(text.count()).isEqualTo(2);
    assertThat(text.ids(0)).isEqualTo(Arrays.copyOf(ids, 8));
    assertThat(text.prompt(1)).isEqualTo(Arrays.copyOfRange(ids, 8, 15));
  }

  /** A vocabulary of two letters whose texts get an end token, but no begin token. */
  private Tokenizer wordsWithout(String flag) {
    Path file = folder.resolve("letters.gguf");
    new GgufWriter()
        .put("general.architecture", GgufValue.text("llama"))
        .put("tokenizer.ggml.model", GgufValue.text("gpt2"))
        .put("tokenizer.ggml.pre", GgufValue.text("gpt-2"))
        .put("tokenizer.ggml.tokens", GgufValue.texts(List.of("a", "b", "<s>", "</s>")))
        .put("tokenizer.ggml.token_type", GgufValue.int32s(1, 1, 3, 3))
        .put("tokenizer.ggml.merges", GgufValue.texts(List.of()))
        .put("tokenizer.ggml.bos_token_id", GgufValue.uint32(2))
        .put("tokenizer.ggml.eos_token_id", GgufValue.uint32(3))
        .put("tokenizer.ggml.add_eos_token", GgufValue.flag(true))
        .put(flag, GgufValue.flag(false))
        .write(file);
    try (Checkpoint checkpoint = GgufCheckpoint.open(file)) {
      return Tokenizer.of(checkpoint.metadata());
    }
  }

  @Test
  void aControlTokenInATextIsText() {
    var text = new TextChunks(tokenizer(), "</s><s>".repeat(20), 8);
    for (int chunk = 0; chunk < text.count(); chunk++) {
      int[] ids = text.ids(chunk);
      assertThat(Arrays.copyOfRange(ids, 1, ids.length)).doesNotContain(1, 2);
    }
  }

  @Test
  void aTextOfLessThanTwoChunksIsRefusedWithItsLength() {
    int ids = 1 + tokenizer().encode(TEXT, SpecialTokens.AS_TEXT).length;
    int half = ids / 2;
    assertThat(new TextChunks(tokenizer(), TEXT, half).count()).isEqualTo(2);
    assertThatThrownBy(() -> new TextChunks(tokenizer(), TEXT, half + 1))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("two chunks of the context, " + 2 * (half + 1) + " tokens")
        .hasMessageContaining("found " + ids)
        .hasMessageContaining("-c");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1, 7})
  void aContextThatLeavesNothingToScoreIsRefused(int context) {
    assertThatThrownBy(() -> new TextChunks(tokenizer(), TEXT, context))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("at least 8");
  }
}
