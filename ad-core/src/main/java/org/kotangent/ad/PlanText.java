package org.kotangent.ad;

import java.util.ArrayList;
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
    List<String> lines = new ArrayList<>();
    long flops = 0;
    long bytes = 0;
    int k = 0;
    for (Graph.Operation op : plan.program().operations()) {
      if (op.primitive() instanceof Reshape) {
        continue;
      }
      Spec[] in = op.operands().stream().map(Graph.Value::spec).toArray(Spec[]::new);
      long work = op.primitive().flops(in, op.results().toArray(Spec[]::new));
      long touched =
          op.operands().stream().mapToLong(v -> bytes(v.spec())).sum()
              + op.results().stream().mapToLong(PlanText::bytes).sum();
      String time =
          times.length == 0 ? "" : String.format(Locale.ROOT, "%10.1f µs", times[k] / 1e3);
      lines.add(
          String.format(
              Locale.ROOT,
              "%4d %12s %12s%s  %s",
              k,
              count(work, "FLOP"),
              count(touched, "B"),
              time,
              line(op)));
      flops += work;
      bytes += touched;
      k++;
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "%d operations, %s, %s touched, arena of %d buffers with %s",
            k,
            count(flops, "FLOP"),
            count(bytes, "B"),
            plan.memory().buffers().size(),
            count(plan.memory().bytes(), "B")));
    return String.join("\n", lines);
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
    return n < 10_000_000 ? n / 1000 + " k" + unit : n / 1_000_000 + " M" + unit;
  }
}
