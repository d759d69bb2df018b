package org.kotangent.ad;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A plan as a table. */
final class PlanText {
  private final Plan plan;

  PlanText(Plan plan) {
    this.plan = plan;
  }

  String text() {
    return text(new long[0]);
  }

  /** The table with the time of each operation; without times when there are none. */
  String text(long[] times) {
    List<Graph.Operation> rows =
        plan.program().operations().stream()
            .filter(op -> !(op.primitive() instanceof Reshape))
            .toList();
    long time = Arrays.stream(times).sum();
    List<String> lines = new ArrayList<>();
    for (int k = 0; k < rows.size(); k++) {
      Graph.Operation op = rows.get(k);
      lines.add(
          String.format(
              Locale.ROOT,
              "%4d %12s %12s%s  %s",
              k,
              count(op.flops(), "FLOP"),
              count(touched(op), "B"),
              times.length == 0 ? "" : time(times[k], time),
              line(op)));
    }
    lines.add(totals(rows, time));
    return String.join("\n", lines);
  }

  private static String time(long nanoseconds, long all) {
    return String.format(
        Locale.ROOT, "%11.1f µs %5.1f %%", nanoseconds / 1e3, 100.0 * nanoseconds / all);
  }

  private String totals(List<Graph.Operation> rows, long time) {
    long flops = rows.stream().mapToLong(Graph.Operation::flops).sum();
    long bytes = rows.stream().mapToLong(PlanText::touched).sum();
    String totals =
        String.format(
            Locale.ROOT,
            "%d operations, %s, %s touched, arena of %d buffers with %s",
            rows.size(),
            count(flops, "FLOP"),
            count(bytes, "B"),
            plan.memory().buffers().size(),
            count(plan.memory().bytes(), "B"));
    return time == 0
        ? totals
        : totals
            + String.format(
                Locale.ROOT,
                "\n%.1f µs, %.2f GFLOP/s, %.2f GB/s",
                time / 1e3,
                (double) flops / time,
                (double) bytes / time);
  }

  /** The size of results and operands, each of which counts once. */
  private static long touched(Graph.Operation op) {
    return op.operands().stream().distinct().mapToLong(v -> bytes(v.spec())).sum()
        + op.results().stream().mapToLong(PlanText::bytes).sum();
  }

  /** An operation with the types and shapes of operands and results. */
  static String line(Graph.Operation op) {
    String results = op.results().stream().map(Spec::toString).collect(Collectors.joining(", "));
    String operands =
        op.operands().stream().map(v -> v.spec().toString()).collect(Collectors.joining(", "));
    return op.primitive() + "(" + operands + ") → " + results;
  }

  private static long bytes(Spec spec) {
    return (long) spec.shape().size() * spec.dtype().bytes();
  }

  private static String count(long n, String unit) {
    if (n < 10_000) {
      return n + " " + unit;
    }
    if (n < 10_000_000) {
      return n / 1_000 + " k" + unit;
    }
    return n < 10_000_000_000L ? n / 1_000_000 + " M" + unit : n / 1_000_000_000 + " G" + unit;
  }
}
