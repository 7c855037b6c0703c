package dev.tonnage.cli;

import dev.tonnage.file.Checkpoint;
import dev.tonnage.file.Metadata;
import dev.tonnage.plan.MemoryPlan;
import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code tonnage inspect}: what is in a file. */
final class InspectCommand implements Command {

  /** A text value longer than this is cut where a person reads it. */
  private static final int MOST_CHARACTERS = 100;

  /** Elements of an array that are shown. */
  private static final int MOST_ELEMENTS = 6;

  private final PositionalParamSpec file =
      PositionalParamSpec.builder()
          .type(Path.class)
          .index("0")
          .arity("1")
          .required(true)
          .paramLabel("MODEL")
          .description("A GGUF file, of a split model any part, or a folder of safetensors.")
          .build();

  private final OptionSpec tensors = Options.flag("List every tensor.", "--tensors");

  private final OptionSpec json = Options.flag("As JSON.", "--json");

  private final Terminal terminal;

  InspectCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public String name() {
    return "inspect";
  }

  @Override
  public String[] description() {
    return new String[] {
      "Says what is in a model's files: architecture, shapes, quantisation, sizes, tokenizer."
    };
  }

  @Override
  public void addTo(CommandSpec command) {
    command.addPositional(file).addOption(tensors).addOption(json);
  }

  /** One type's share of the weights. */
  record Share(String type, int tensors, long elements, long bytes) {}

  /** One tensor; the shape outermost extent first. */
  record TensorLine(String name, String type, List<Long> shape, long bytes) {}

  /** The form of {@code --json}. Arrays of the metadata are given by type and length. */
  record Report(
      String file,
      List<String> files,
      String format,
      String architecture,
      long parameters,
      long weightBytes,
      double bitsPerWeight,
      List<Share> quantisation,
      boolean chatTemplate,
      Map<String, Object> metadata,
      int tensorCount,
      List<TensorLine> tensors) {}

  @Override
  public ExitCode run() {
    try (Checkpoint checkpoint = Checkpoint.open(file.<Path>getValue())) {
      Report report = report(checkpoint);
      if (json.<Boolean>getValue()) {
        terminal.out().println(Json.pretty(report));
      } else {
        print(report);
      }
      return ExitCode.SUCCESS;
    }
  }

  private Report report(Checkpoint checkpoint) {
    boolean listed = tensors.getValue();
    long elements = 0;
    Map<DType, Share> shares = new TreeMap<>();
    List<TensorLine> lines = new ArrayList<>();
    for (Tensor tensor : checkpoint.tensors()) {
      elements += tensor.shape().elements();
      var share = new Share(tensor.type().name(), 1, tensor.shape().elements(), tensor.bytes());
      shares.merge(tensor.type(), share, InspectCommand::sum);
      if (listed) {
        lines.add(line(tensor));
      }
    }
    Metadata metadata = checkpoint.metadata();
    long bytes = checkpoint.weightBytes();
    return new Report(
        checkpoint.name(),
        checkpoint.files(),
        checkpoint.format(),
        metadata.text("general.architecture", "unknown"),
        elements,
        bytes,
        elements == 0 ? 0 : Math.round(800.0 * bytes / elements) / 100.0,
        List.copyOf(shares.values()),
        metadata.has("tokenizer.chat_template"),
        values(metadata),
        checkpoint.tensors().size(),
        lines);
  }

  private static Share sum(Share a, Share b) {
    return new Share(
        a.type(), a.tensors() + b.tensors(), a.elements() + b.elements(), a.bytes() + b.bytes());
  }

  private static TensorLine line(Tensor tensor) {
    List<Long> shape = new ArrayList<>();
    for (int axis = 0; axis < tensor.shape().rank(); axis++) {
      shape.add(tensor.shape().extent(axis));
    }
    return new TensorLine(tensor.name(), tensor.type().name(), shape, tensor.bytes());
  }

  private static Map<String, Object> values(Metadata metadata) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (String key : metadata.keys()) {
      values.put(key, plain(metadata.find(key).orElseThrow()));
    }
    return values;
  }

  private static Object plain(Metadata.Value value) {
    return switch (value) {
      case Metadata.Int(long integer) -> integer;
      case Metadata.Huge(var integer) -> integer;
      case Metadata.Real(double real) -> real;
      case Metadata.Flag(boolean flag) -> flag;
      case Metadata.Text(String text) -> text;
      case Metadata.Array array -> {
        List<Object> first = new ArrayList<>();
        for (long i = 0; i < Math.min(array.size(), MOST_ELEMENTS); i++) {
          first.add(plain(array.get(i)));
        }
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("array", array.elementKind());
        shown.put("length", array.size());
        shown.put("first", first);
        yield shown;
      }
    };
  }

  private void print(Report r) {
    line("file", String.join(", ", r.files()));
    line("format", r.format());
    line("architecture", r.architecture());
    line(
        "parameters",
        String.format(
            Locale.ROOT,
            "%,d in %d tensors, %s, %.2f bits each",
            r.parameters(),
            r.tensorCount(),
            MemoryPlan.gib(r.weightBytes()),
            r.bitsPerWeight()));
    for (Share share : r.quantisation()) {
      line(
          "  " + share.type(),
          String.format(
              Locale.ROOT,
              "%d tensors, %,d numbers, %s",
              share.tensors(),
              share.elements(),
              MemoryPlan.gib(share.bytes())));
    }
    line("chat template", r.chatTemplate() ? "yes" : "no");
    terminal.out().println();
    r.metadata()
        .forEach(
            (key, value) -> terminal.out().println(Terminal.printable(key) + " = " + shown(value)));
    if (!r.tensors().isEmpty()) {
      terminal.out().println();
      for (TensorLine tensor : r.tensors()) {
        terminal
            .out()
            .println(
                String.format(
                    Locale.ROOT,
                    "%-40s %-8s %s",
                    Terminal.printable(tensor.name()),
                    tensor.type(),
                    tensor.shape()));
      }
    }
  }

  private static String shown(Object value) {
    String text =
        Terminal.printable(
            value instanceof Map<?, ?> array
                ? array.get("array") + " x " + array.get("length") + " " + array.get("first")
                : value + "");
    return text.length() <= MOST_CHARACTERS
        ? text
        : text.substring(0, whole(text)) + "… (" + text.length() + " characters)";
  }

  /** Where to cut, not between the halves of a character. */
  private static int whole(String text) {
    return Character.isHighSurrogate(text.charAt(MOST_CHARACTERS - 1))
        ? MOST_CHARACTERS - 1
        : MOST_CHARACTERS;
  }

  private void line(String label, String text) {
    terminal.out().println(String.format(Locale.ROOT, "%-14s %s", label, Terminal.printable(text)));
  }
}
