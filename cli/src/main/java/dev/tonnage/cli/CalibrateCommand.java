package dev.tonnage.cli;

import dev.tonnage.calibrate.Calibrator;
import dev.tonnage.plan.Calibration;
import dev.tonnage.plan.LoadSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code tonnage calibrate}: what this program reaches on this machine. */
final class CalibrateCommand implements Command {

  /** Where it is kept. */
  private static final String FILE = "calibration.json";

  private final OptionSpec threads =
      Options.value(
          Integer.class, "N", "Threads that compute. Default: all cores.", "-t", "--threads");

  private final OptionSpec json = Options.flag("As JSON.", "--json");

  private final Terminal terminal;

  CalibrateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /** What was measured last, if anything was. */
  static Optional<Calibration> kept() {
    Home home = Home.own();
    return home.read(FILE).map(bytes -> Calibration.read(home.folder().resolve(FILE) + "", bytes));
  }

  @Override
  public String name() {
    return "calibrate";
  }

  @Override
  public String[] description() {
    return new String[] {
      "Measures this machine in under a minute: memory, kernels, storage. 'plan' uses the result."
    };
  }

  @Override
  public void addTo(CommandSpec command) {
    command.addOption(threads).addOption(json);
  }

  @Override
  public ExitCode run() {
    LoadSettings settings = LoadSettings.defaults();
    if (threads.getValue() instanceof Integer members) {
      settings = settings.withThreads(members);
    }
    Home home = Home.own();
    Calibration measured =
        new Calibrator(home.make(), settings.threads(), terminal::progress).run();
    terminal.clearProgress();
    Path kept = home.write(FILE, measured.json());
    if (json.<Boolean>getValue()) {
      terminal.out().println(new String(measured.json(), StandardCharsets.UTF_8));
    } else {
      print(measured);
      terminal.out().println("kept in " + Terminal.printable(kept + ""));
    }
    return ExitCode.SUCCESS;
  }

  private void print(Calibration it) {
    say("machine   " + it.cpu() + ", " + it.kernels());
    it.readBytesPerSecond()
        .forEach((members, rate) ->
            say("memory    " + gigabytes(rate) + " read by " + members + " threads"));
    say(
        "          from moment to moment "
            + gigabytes(it.memory().low())
            + " to "
            + gigabytes(it.memory().high()));
    say(
        "storage   "
            + (it.storageBytesPerSecond().isPresent()
                ? gigabytes(it.storageBytesPerSecond().getAsDouble())
                : "cannot be read past the system's cache"));
    say("");
    say(row("format", "generation", "prompts", "experts"));
    it.formats()
        .forEach((type, rate) ->
            say(
                row(
                    type + "",
                    gigabytes(rate.generationBytesPerSecond()),
                    billions(rate.promptMultiplyAddsPerSecond()),
                    billions(rate.expertMultiplyAddsPerSecond()))));
    say(attention("attention", it.attention()));
    say(attention("latents", it.latentAttention()));
    say(
        String.format(
            Locale.ROOT,
            "a layer   %.1f \u00b5s beside that, with experts %.1f \u00b5s; an activation %.2f ns",
            it.denseLayerSeconds() * 1e6,
            it.mixtureLayerSeconds() * 1e6,
            it.activationSeconds() * 1e9));
  }

  private static String attention(String what, Calibration.AttentionRate rate) {
    return row(
        what,
        gigabytes(rate.generationBytesPerSecond()),
        billions(rate.promptMultiplyAddsPerSecond()),
        "");
  }

  private static String row(String first, String second, String third, String fourth) {
    return String.format(Locale.ROOT, "%-9s %12s %22s %22s", first, second, third, fourth);
  }

  private static String gigabytes(double rate) {
    return String.format(Locale.ROOT, "%.1f GB/s", rate / 1e9);
  }

  private static String billions(double rate) {
    return String.format(Locale.ROOT, "%.0f G multiply-adds/s", rate / 1e9);
  }

  private void say(String text) {
    terminal.out().println(Terminal.printable(text));
  }
}
