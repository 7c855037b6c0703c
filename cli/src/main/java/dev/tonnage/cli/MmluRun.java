package dev.tonnage.cli;

import dev.tonnage.eval.Mmlu;
import dev.tonnage.eval.MmluAnswer;
import dev.tonnage.eval.MmluSubject;
import dev.tonnage.session.LoadedModel;
import dev.tonnage.session.Session;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Asks what has not been answered yet, shown as it goes; and what came of it. */
final class MmluRun implements Session.Progress {

  private final Terminal terminal;
  private final Interrupt interrupt;
  private final LoadedModel model;
  private final MmluResults.Settings settings;
  private final MmluResults results;
  private final MmluScore score = new MmluScore();
  private final long begin = System.nanoTime();
  private int wanted;
  private int asked;

  MmluRun(
      Terminal terminal,
      Interrupt interrupt,
      LoadedModel model,
      MmluResults.Settings settings,
      MmluResults results) {
    this.terminal = terminal;
    this.interrupt = interrupt;
    this.model = model;
    this.settings = settings;
    this.results = results;
  }

  /** The form of {@code --json}; {@code all} and {@code mean} are null where nothing is known. */
  record Report(
      String benchmark,
      String model,
      int shots,
      int context,
      boolean complete,
      int questions,
      int answered,
      int answeredBefore,
      int withFewerShots,
      List<MmluScore.Share> subjects,
      MmluScore.Share all,
      MmluScore.Share mean,
      double seconds,
      String cacheTypeK,
      String cacheTypeV,
      String compute,
      String results) {}

  void ask(Collection<MmluSubject> subjects) {
    wanted = subjects.stream().mapToInt(subject -> subject.questions().size()).sum();
    try (var mmlu = new Mmlu(model, settings.shots())) {
      for (MmluSubject subject : subjects) {
        if (!ask(mmlu, subject)) {
          return;
        }
      }
    }
  }

  private boolean ask(Mmlu mmlu, MmluSubject subject) {
    for (int index = 0; index < subject.questions().size(); index++) {
      Optional<MmluResults.Line> line = line(mmlu, subject, index);
      if (line.isEmpty()) {
        return false;
      }
      score.add(line.get(), settings.shots());
      terminal.progress(
          String.format(
              Locale.ROOT,
              "%s: question %d of %d; %d of %d in all, %.1f %% right",
              subject.name(),
              index + 1,
              subject.questions().size(),
              score.questions(),
              wanted,
              100.0 * score.right() / score.questions()));
    }
    return true;
  }

  /** The answer of before, or a new one; nothing where it was cancelled. */
  private Optional<MmluResults.Line> line(Mmlu mmlu, MmluSubject subject, int index) {
    Optional<MmluResults.Line> before = results.find(subject, index);
    if (before.isPresent()) {
      return before;
    }
    Optional<MmluAnswer> answer = mmlu.answer(subject, index, this);
    asked += answer.isPresent() ? 1 : 0;
    return answer.map(given -> results.add(subject, index, given));
  }

  @Override
  public void read(int done, int total) {}

  @Override
  public boolean cancelled() {
    return interrupt.requested();
  }

  boolean complete() {
    return score.questions() == wanted;
  }

  /** The result; nothing before the first answer. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    if (score.questions() == 0) {
      return lines;
    }
    score.bySubject().forEach(share -> lines.add(share.line()));
    lines.add(score.mean().line());
    lines.add(score.all().line());
    if (score.fewerShots() > 0) {
      lines.add(
          "before "
              + score.fewerShots()
              + " questions not all "
              + settings.shots()
              + " examples had room in the context of "
              + settings.context()
              + " tokens");
    }
    if (!complete()) {
      lines.add("interrupted after " + score.questions() + " of " + wanted + " questions");
    }
    return lines;
  }

  Report report(Path file) {
    boolean any = score.questions() > 0;
    return new Report(
        "mmlu",
        model.name(),
        settings.shots(),
        settings.context(),
        complete(),
        wanted,
        score.questions(),
        score.questions() - asked,
        score.fewerShots(),
        score.bySubject(),
        any ? score.all() : null,
        any ? score.mean() : null,
        seconds(),
        settings.cacheTypeK(),
        settings.cacheTypeV(),
        model.computeDescription(),
        file + "");
  }

  String closingLine(Path file) {
    return String.format(
        Locale.ROOT,
        "[%d questions asked in %.1f s, %d answered before; answers in %s; %s]",
        asked,
        seconds(),
        score.questions() - asked,
        file,
        model.computeDescription());
  }

  private double seconds() {
    return (System.nanoTime() - begin) / 1e9;
  }
}
