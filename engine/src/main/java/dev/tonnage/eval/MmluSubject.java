package dev.tonnage.eval;

import java.util.List;

/**
 * One of MMLU's subjects (Hendrycks et al. 2021).
 *
 * @param name words joined by underscores
 * @param examples questions that a prompt shows with their answers
 * @param questions those that are asked
 */
public record MmluSubject(String name, List<Question> examples, List<Question> questions) {

  /** Lists that nobody changes. */
  public MmluSubject {
    examples = List.copyOf(examples);
    questions = List.copyOf(questions);
  }

  /**
   * A question behind some of the examples, word for word as the benchmark's own program asks it,
   * which has two spaces before the subject.
   *
   * @param shots how many examples
   * @param index of the question
   */
  public String prompt(int shots, int index) {
    var prompt = new StringBuilder();
    prompt
        .append("The following are multiple choice questions (with answers) about  ")
        .append(name.replace('_', ' '))
        .append(".\n\n");
    for (Question example : examples.subList(0, shots)) {
      ask(example, prompt);
      prompt.append(' ').append(Question.LETTERS.get(example.answer())).append("\n\n");
    }
    ask(questions.get(index), prompt);
    return prompt.toString();
  }

  private static void ask(Question question, StringBuilder prompt) {
    prompt.append(question.text());
    for (int i = 0; i < question.choices().size(); i++) {
      prompt.append('\n').append(Question.LETTERS.get(i)).append(". ");
      prompt.append(question.choices().get(i));
    }
    prompt.append("\nAnswer:");
  }
}
