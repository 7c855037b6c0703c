package dev.tonnage.plan;

import dev.tonnage.file.ModelHeader;
import java.util.ArrayList;
import java.util.List;

/** What a model at a site is good for. */
public final class Verdicts {

  private Verdicts() {}

  /** A verdict for each use. */
  public static List<Verdict> of(
      Site site, ModelHeader header, LoadSettings settings, Engine engine) {
    LoadSettings alone = settings.withStreams(1);
    int trained = site.plan(header, alone.withContext(1), engine).capacity().trainedTokens();
    List<Verdict> verdicts = new ArrayList<>();
    for (Use use : Use.values()) {
      verdicts.add(
          use.contextTokens() > trained
              ? Verdict.ofShort(use, trained)
              : Verdict.of(use, site.plan(header, alone.withContext(use.contextTokens()), engine)));
    }
    return verdicts;
  }
}
