package dev.tonnage.eval;

import dev.tonnage.error.BadRequest;
import dev.tonnage.session.LoadedModel;
import dev.tonnage.session.Session;
import java.util.List;
import java.util.Optional;

/**
 * Multiple choice by log-probabilities, as MMLU does it (Hendrycks et al. 2021): a prompt shows a
 * subject's examples and asks a question, and the answer is the letter that the model thinks
 * likeliest to come next. A subject's examples are read once for all its questions.
 */
public final class Mmlu implements AutoCloseable {

  private static final List<String> ANSWERS =
      Question.LETTERS.stream().map(letter -> " " + letter).toList();

  private final Continuations continuations;
  private final int contextTokens;
  private final int shots;

  /**
   * With a model.
   *
   * @param shots examples in a prompt; fewer where they do not fit into the context
   */
  public Mmlu(LoadedModel model, int shots) {
    this.continuations = new Continuations(model);
    this.contextTokens = model.contextTokens();
    this.shots = shots;
  }

  /**
   * Asks a question.
   *
   * @param subject with as many examples as are shown
   * @param index of the question
   * @param progress asked before each step
   * @return nothing where it was cancelled
   * @throws BadRequest if the question does not fit into the context even without examples
   */
  public Optional<MmluAnswer> answer(MmluSubject subject, int index, Session.Progress progress) {
    for (int shown = shots; shown >= 0; shown--) {
      String prompt = subject.prompt(shown, index);
      if (continuations.fit(prompt, ANSWERS)) {
        int fitting = shown;
        return continuations
            .score(prompt, ANSWERS, progress)
            .map(scores -> new MmluAnswer(scores, fitting));
      }
    }
    throw new BadRequest(
        subject.name() + ": question " + (index + 1),
        "a question that fits into the context of " + contextTokens + " tokens",
        "a longer one, also without examples",
        "use a longer context (-c)");
  }

  @Override
  public void close() {
    continuations.close();
  }
}
