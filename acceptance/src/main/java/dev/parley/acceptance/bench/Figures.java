package dev.parley.acceptance.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// The table that a run fills.
final class Figures {
  /// One line.
  ///
  /// @param what was measured
  /// @param ours with its unit
  /// @param peer with its unit, and who it is; empty when the goal is absolute
  /// @param ratio ours by peer; empty when the goal is absolute
  record Line(String what, String ours, String peer, String ratio, String goal, boolean reached) {}

  private final List<Line> lines = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  /// The value in the middle; the mean of the two in the middle of an even number.
  static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /// A rate against a peer's, by the legs of both sides. The ratio is the median of the pairs' ratios.
  void ratio(String what, List<Leg> ours, String peerName, List<Leg> peer, double goal) {
    double ratio =
        median(
            IntStream.range(0, Math.min(ours.size(), peer.size()))
                .mapToObj(i -> ours.get(i).perSecond() / peer.get(i).perSecond())
                .toList());
    note(
        "Processor time per message, %s: %.0f µs; %s: %.0f µs (%.2f×)."
            .formatted(
                what, Leg.cpu(ours), peerName, Leg.cpu(peer), Leg.cpu(peer) / Leg.cpu(ours)));
    add(
        new Line(
            what,
            perSecond(Leg.rate(ours)),
            perSecond(Leg.rate(peer)) + " " + peerName,
            "%.2f×".formatted(ratio),
            "≥ %.1f×".formatted(goal),
            ratio >= goal));
  }

  /// A value that must stay below a bound.
  void atMost(String what, double value, double bound, String unit) {
    add(
        new Line(
            what,
            "%.1f %s".formatted(value, unit),
            "",
            "",
            "≤ %s %s".formatted(plain(bound), unit),
            value <= bound));
  }

  /// A sentence to stand below the table.
  void note(String sentence) {
    notes.add(sentence);
  }

  void add(Line line) {
    lines.add(line);
    System.out.println("  → " + row(line));
  }

  static String perSecond(double value) {
    return "%,.0f/s".formatted(value);
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? "%.0f".formatted(value) : "%.1f".formatted(value);
  }

  /// The table in Markdown, which reads well on a terminal too.
  String table() {
    var text =
        new StringBuilder(
            "| what | ours | peer | ratio | goal | reached |\n|---|---|---|---|---|---|\n");
    lines.forEach(line -> text.append(row(line)).append('\n'));
    notes.forEach(note -> text.append('\n').append(note).append('\n'));
    return text.toString();
  }

  private static String row(Line line) {
    return "| %s | %s | %s | %s | %s | %s |"
        .formatted(
            line.what(),
            line.ours(),
            line.peer(),
            line.ratio(),
            line.goal(),
            line.reached() ? "yes" : "**no**");
  }
}
