package dev.tonnage.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tonnage.error.BadRequest;
import org.junit.jupiter.api.Test;

class TextStreamTest {

  private final Tokenizer tokenizer = TinyVocabulary.sentencePiece().tokenizer();

  private String text(int[] ids, TextStream.Start start, ControlTokens controlTokens) {
    TextStream stream = new TextStream(tokenizer, start, controlTokens);
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      text.append(stream.accept(id));
    }
    return text.append(stream.end()).toString();
  }

  private int[] ids(String text) {
    return tokenizer.encode(text, SpecialTokens.PARSED);
  }

  @Test
  void aTextLosesTheSpaceThatEncodingPutBeforeIt() {
    assertThat(text(ids("the mill"), TextStream.Start.OF_TEXT, ControlTokens.HIDDEN))
        .isEqualTo("the mill");
    assertThat(text(ids(" the mill"), TextStream.Start.OF_TEXT, ControlTokens.HIDDEN))
        .isEqualTo(" the mill");
  }

  @Test
  void aContinuationKeepsItsSpace() {
    assertThat(text(ids("the mill"), TextStream.Start.OF_CONTINUATION, ControlTokens.HIDDEN))
        .isEqualTo(" the mill");
  }

  @Test
  void aBeginTokenThatIsNotShownDoesNotCountAsText() {
    int[] ids = tokenizer.encodePrompt("the mill", SpecialTokens.AS_TEXT);
    assertThat(ids[0]).isEqualTo(1);
    assertThat(text(ids, TextStream.Start.OF_TEXT, ControlTokens.HIDDEN)).isEqualTo("the mill");
    assertThat(text(ids, TextStream.Start.OF_TEXT, ControlTokens.SHOWN)).isEqualTo("<s> the mill");
  }

  @Test
  void onlyTheFirstSpaceIsTakenAway() {
    assertThat(text(ids("the</s>the"), TextStream.Start.OF_TEXT, ControlTokens.HIDDEN))
        .isEqualTo("the the");
  }

  @Test
  void charactersOfByteTokensComeWhole() {
    TextStream stream =
        new TextStream(tokenizer, TextStream.Start.OF_CONTINUATION, ControlTokens.HIDDEN);
    int[] ids = ids("\n😀");
    assertThat(ids).hasSize(6); // the line end, a space, four bytes
    for (int i = 0; i < 5; i++) {
      assertThat(stream.accept(ids[i])).isEqualTo(i == 0 ? "\n" : i == 1 ? " " : "");
    }
    assertThat(stream.accept(ids[5])).isEqualTo("😀");
    assertThat(stream.end()).isEmpty();
  }

  @Test
  void unusedTokensAreNoText() {
    int unused = tokenizer.vocabulary().id("<unused0>").orElseThrow();
    assertThat(tokenizer.decode(new int[] {unused}, ControlTokens.SHOWN)).isEmpty();
  }

  @Test
  void anIdThatTheVocabularyHasNotIsRefused() {
    assertThatThrownBy(() -> tokenizer.decode(new int[] {1, -1}, ControlTokens.HIDDEN))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("-1");
    assertThatThrownBy(() -> tokenizer.decode(new int[] {1 << 20}, ControlTokens.HIDDEN))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("1048576");
  }
}
