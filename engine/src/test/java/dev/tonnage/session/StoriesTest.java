package dev.tonnage.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tonnage.kernel.Level;
import dev.tonnage.sample.SamplerSettings;
import dev.tonnage.text.SpecialTokens;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** The model inside the program against llama.cpp's recorded outputs. */
class StoriesTest {

  /** Ids and text of the greedy continuation. */
  record Continuation(List<Integer> prompt, List<Integer> out, String text) {}

  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.KernelChoice#levels")
  void theGreedyStoryIsTheRecordedOne(Level level) throws Exception {
    Continuation recorded;
    try (var in = StoriesTest.class.getResourceAsStream("stories260K.json")) {
      recorded = JsonMapper.shared().readValue(in, Continuation.class);
    }
    try (LoadedModel model = OpenModels.open(DefaultModel.open(), OpenModels.settings(), level)) {
      int[] prompt = OpenModels.ints(recorded.prompt());
      assertThat(model.tokenizer().encodePrompt("Once upon a time", SpecialTokens.AS_TEXT))
          .isEqualTo(prompt);
      var heard = new HeardPieces();
      Completion completion =
          new Generator(model)
              .generate(prompt, SamplerSettings.greedy(), recorded.out().size(), heard);
      assertThat(completion.ids()).isEqualTo(recorded.out());
      assertThat("Once upon a time" + completion.text()).isEqualTo(recorded.text());
      assertThat(heard.text()).isEqualTo(completion.text());
      assertThat(completion.end()).isEqualTo(Completion.End.LENGTH);
      assertThat(completion.promptTokens()).isEqualTo(prompt.length);
    }
  }

  /** F32 weights and a cache of halves on both sides: what differs is the order of sums. */
  @ParameterizedTest
  @MethodSource("dev.tonnage.kernel.KernelChoice#levels")
  void itsLogitsAreTheRecordedOnes(Level level) throws Exception {
    BestLogits recorded;
    try (var in = StoriesTest.class.getResourceAsStream("stories260K-logits.json")) {
      recorded = BestLogits.read(in);
    }
    try (LoadedModel model = OpenModels.open(DefaultModel.open(), OpenModels.settings(), level)) {
      double rms = recorded.rms(model, recorded.top20());
      assertThat(rms / recorded.logitDeviation()).isLessThan(1e-4);
    }
  }
}
