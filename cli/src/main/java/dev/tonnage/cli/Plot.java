package dev.tonnage.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A plot with logarithmic axes as SVG, which needs nothing but a page around it. */
final class Plot {

  private static final int WIDTH = 700;
  private static final int HEIGHT = 320;
  private static final int LEFT = 70;
  private static final int RIGHT = 240;
  private static final int TOP = 12;
  private static final int BOTTOM = 46;
  private static final int LINE = 16;

  /** Told apart also in print without colours: by lightness. */
  private static final List<String> COLOURS =
      List.of("#1b4965", "#ca6702", "#5a8f29", "#7b2d8b", "#00798c", "#9b2226");

  /** A place. */
  record Point(double x, double y) {}

  private final Axis x;
  private final Axis y;
  private final StringBuilder marks = new StringBuilder();
  private final List<String> names = new ArrayList<>();

  /**
   * An axis.
   *
   * @param label with its unit
   */
  record Axis(String label, double from, double to) {

    double share(double value) {
      return Math.log(value / from) / Math.log(to / from);
    }

    /** Powers of ten, and where these are few, their doubles and fives. */
    List<Double> ticks() {
      List<Double> ticks = new ArrayList<>();
      boolean isShort = to / from < 1000;
      for (double power = Math.pow(10, Math.floor(Math.log10(from))); power <= to; power *= 10) {
        for (int digit : isShort ? new int[] {1, 2, 5} : new int[] {1}) {
          if (digit * power >= from * 0.999 && digit * power <= to * 1.001) {
            ticks.add(digit * power);
          }
        }
      }
      return ticks;
    }
  }

  Plot(Axis x, Axis y) {
    this.x = x;
    this.y = y;
  }

  private double left(double value) {
    return LEFT + Math.clamp(x.share(value), 0, 1) * (WIDTH - LEFT - RIGHT);
  }

  private double top(double value) {
    return HEIGHT - BOTTOM - Math.clamp(y.share(value), 0, 1) * (HEIGHT - TOP - BOTTOM);
  }

  private String path(List<Point> points) {
    return points.stream()
        .map(each -> String.format(Locale.ROOT, "%.1f,%.1f", left(each.x()), top(each.y())))
        .collect(Collectors.joining(" "));
  }

  /** A name in the legend, and its colour. */
  private String colour(String name) {
    if (!names.contains(name)) {
      names.add(name);
    }
    return COLOURS.get(names.indexOf(name) % COLOURS.size());
  }

  /** A line. */
  Plot line(String name, List<Point> points) {
    marks
        .append("<polyline fill='none' stroke-width='2' stroke='")
        .append(colour(name))
        .append("' points='")
        .append(path(points))
        .append("'/>\n");
    return this;
  }

  /** What is between two lines. */
  Plot between(String name, List<Point> low, List<Point> high) {
    marks
        .append("<polygon stroke='none' fill-opacity='0.18' fill='")
        .append(colour(name))
        .append("' points='")
        .append(path(low))
        .append(' ')
        .append(path(high.reversed()))
        .append("'/>\n");
    return this;
  }

  /** A dot with a word beside it. */
  Plot dot(String name, String word, Point at) {
    String colour = colour(name);
    marks.append(
        String.format(
            Locale.ROOT,
            "<circle r='4' cx='%.1f' cy='%.1f' fill='%s'/>"
                + "<text x='%.1f' y='%.1f' fill='%s'>%s</text>%n",
            left(at.x()),
            top(at.y()),
            colour,
            left(at.x()) + 7,
            top(at.y()) + 4,
            colour,
            Html.escaped(word)));
    return this;
  }

  /** The SVG. */
  String svg() {
    var svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT, "<svg viewBox='0 0 %d %d' role='img' width='100%%'>%n", WIDTH, HEIGHT));
    for (double tick : x.ticks()) {
      grid(svg, left(tick), TOP, left(tick), HEIGHT - BOTTOM);
      text(svg, left(tick), HEIGHT - BOTTOM + LINE, "middle", number(tick));
    }
    for (double tick : y.ticks()) {
      grid(svg, LEFT, top(tick), WIDTH - RIGHT, top(tick));
      text(svg, LEFT - 6, top(tick) + 4, "end", number(tick));
    }
    text(svg, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 8, "middle", x.label());
    text(svg, LEFT, TOP - 2, "start", y.label());
    svg.append(marks);
    for (int i = 0; i < names.size(); i++) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x='%d' y='%d' fill='%s'>%s</text>%n",
              WIDTH - RIGHT + 10,
              TOP + LINE * (i + 1),
              COLOURS.get(i % COLOURS.size()),
              Html.escaped(names.get(i))));
    }
    return svg.append("</svg>\n").toString();
  }

  private static void grid(StringBuilder svg, double x1, double y1, double x2, double y2) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<line stroke='#ddd' x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f'/>%n",
            x1,
            y1,
            x2,
            y2));
  }

  private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x='%.1f' y='%.1f' text-anchor='%s'>%s</text>%n",
            x,
            y,
            anchor,
            Html.escaped(text)));
  }

  /** With as few characters as say it. */
  static String number(double value) {
    String[] units = {"", "k", "M", "G", "T", "P"};
    int unit = 0;
    double rest = value;
    while (rest >= 1000 && unit < units.length - 1) {
      rest /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, rest < 10 && rest % 1 > 0.001 ? "%.1f" : "%.0f", rest)
        + units[unit];
  }
}
