package dev.tonnage.cli;

import dev.tonnage.plan.CataloguedMachine;
import dev.tonnage.plan.Curve;
import dev.tonnage.plan.Engine;
import dev.tonnage.plan.LoadSettings;
import dev.tonnage.plan.Plan;
import dev.tonnage.plan.Remedy;
import dev.tonnage.plan.Site;
import dev.tonnage.plan.Verdicts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * Plans every engine of a site with every context.
 *
 * @param settings but for the context
 * @param contexts tokens
 * @param price of a kilowatt hour
 */
record Planner(Site site, LoadSettings settings, List<Integer> contexts, OptionalDouble price) {

  /**
   * A report of a model.
   *
   * @param source where its numbers were read
   * @param subjects the model in its formats
   * @param smaller another format for a plan that does not fit
   */
  PlanReport report(
      String source, List<PlanSubject> subjects, Function<Plan, Optional<Remedy>> smaller) {
    List<PlanRow> rows = new ArrayList<>();
    List<PlanReport.UseRow> uses = new ArrayList<>();
    List<PlanReport.CurveRow> curves = new ArrayList<>();
    for (Engine engine : site.engines()) {
      for (PlanSubject subject : subjects) {
        if (engine.reads(subject.header())) {
          contexts.forEach(tokens -> rows.add(row(subject, engine, tokens, smaller)));
          uses.add(
              new PlanReport.UseRow(
                  engine.label(),
                  subject.format(),
                  Verdicts.of(site, subject.header(), settings, engine)));
          curves.add(curve(subject, engine));
        }
      }
    }
    return new PlanReport(PlanReport.MachineRow.of(site), source, rows, uses, curves);
  }

  private PlanReport.CurveRow curve(PlanSubject subject, Engine engine) {
    Plan plan = site.plan(subject.header(), settings.withContext(1), engine);
    OptionalDouble bytes = plan.peakBytesPerSecond();
    OptionalDouble multiplyAdds = plan.peakMultiplyAddsPerSecond();
    return new PlanReport.CurveRow(
        engine.label(),
        subject.format(),
        bytes.isPresent() ? bytes.getAsDouble() : null,
        multiplyAdds.isPresent() ? multiplyAdds.getAsDouble() : null,
        Curve.of(site, subject.header(), settings, engine));
  }

  private PlanRow row(
      PlanSubject subject, Engine engine, int tokens, Function<Plan, Optional<Remedy>> smaller) {
    LoadSettings wanted = settings.withContext(tokens);
    Plan plan = site.plan(subject.header(), wanted, engine);
    boolean fits = plan.memory().fits();
    List<Remedy> remedies = new ArrayList<>();
    if (!fits) {
      smaller.apply(plan).ifPresent(remedies::add);
      remedies.addAll(Remedy.of(site, subject.header(), wanted, engine));
    }
    return new PlanRow(
        subject.title(),
        engine.label(),
        subject.format(),
        tokens,
        settings.streams(),
        cacheWord(),
        PlanRow.Memory.of(plan),
        PlanRow.Rate.of(plan, watts(engine), price),
        remedies.stream().map(PlanRow.RemedyRow::of).toList(),
        fits && site instanceof Site.Here && !subject.path().isEmpty()
            ? runLine(subject.path(), tokens)
            : null);
  }

  /** What was measured where an engine ran on it that keeps the machine busy. */
  private OptionalDouble watts(Engine engine) {
    return site instanceof Site.Elsewhere(CataloguedMachine machine, _)
            && engine != Engine.TONNAGE
            && machine.watts().isPresent()
        ? OptionalDouble.of(machine.watts().get().value())
        : OptionalDouble.empty();
  }

  /** In words of a POSIX shell. */
  private String runLine(String path, int tokens) {
    String types = cacheWord().equals("f16") ? "" : " -ctk " + cacheWord() + " -ctv " + cacheWord();
    return "tonnage run -m '" + path.replace("'", "'\\''") + "' -c " + tokens + types;
  }

  private String cacheWord() {
    return settings.keyType().name().toLowerCase(Locale.ROOT);
  }
}
