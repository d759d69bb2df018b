package org.kotangent.ad;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What {@link Ad#checkGradients} found: for every leaf of the argument and every order the place at
 * which the derivatives differ most. Its text is a table and, for each comparison that failed, a
 * sentence.
 *
 * @param precision the least precise type of argument and result, which sets the tolerance
 * @param tolerance the relative difference that is taken for rounding
 * @param seed the seed of the random directions
 * @param comparisons by order, then in the order of the leaves
 */
public record GradientReport(
    DType precision, double tolerance, long seed, List<Comparison> comparisons) {

  /** What a comparison shows. */
  public enum Verdict {
    /** Forward mode, reverse mode and differences agree. */
    OK,
    /**
     * The differences do not settle, or are others on either side: the function has a corner or a
     * jump here or close by, or swings too fast. The derivatives can be neither confirmed nor
     * refuted.
     */
    NOT_SMOOTH,
    /** A derivative contradicts the differences or the other mode. */
    WRONG,
    /** The function's value or a derivative is infinite or NaN. */
    NOT_FINITE
  }

  /**
   * One derivative found in three ways. In order n it is that of ⟨w, f⟩ for random w, n − 1 times
   * along random directions and once by the element at the position.
   *
   * @param order how often f is differentiated; 0 for its value
   * @param path the leaf of the argument; at order 0 of the result
   * @param position the element, such as {@code [0, 2]}
   * @param forward with forward mode outermost, in the mix that is furthest off; NaN when a part of
   *     f has no forward rule
   * @param reverse with reverse mode outermost, likewise
   * @param right the mixes of modes, outermost first, that the differences confirm
   * @param wrong those that they contradict
   * @param difference the central difference of the derivative one order lower
   * @param error the largest difference between two of them, relative to the largest of them
   */
  public record Comparison(
      int order,
      String path,
      String position,
      Verdict verdict,
      double forward,
      double reverse,
      double difference,
      double error,
      List<String> right,
      List<String> wrong) {

    /** The comparison with immutable copies of the lists. */
    public Comparison {
      right = List.copyOf(right);
      wrong = List.copyOf(wrong);
    }

    static Comparison ofValue(String path, String position, double number) {
      return new Comparison(
          0,
          path,
          position,
          Verdict.NOT_FINITE,
          number,
          number,
          Double.NaN,
          Double.NaN,
          List.of(),
          List.of());
    }

    private String sentence() {
      String where = "order " + order + ", " + path + " at " + position + ": ";
      return where
          + switch (verdict) {
            case OK -> "agrees";
            case NOT_SMOOTH ->
                "the differences do not settle or differ on the two sides, as at a corner or a jump"
                    + " here or close by; check at another point, or in F64, whose steps are"
                    + " smaller";
            case NOT_FINITE ->
                order == 0
                    ? "the value is not finite; check at another point"
                    : "a derivative is not finite; guard the operation, or check at another point";
            case WRONG -> culprit();
          };
    }

    private String culprit() {
      if (wrong.isEmpty()) {
        return "forward and reverse mode differ by more than rounding; compare their rules";
      }
      if (right.isEmpty()) {
        return "every mode contradicts the differences; correct the rule";
      }
      return "wrong in "
          + String.join(", ", wrong)
          + ", right in "
          + String.join(", ", right)
          + "; "
          + (order > 1
              ? "look for a rule that computes with numbers instead of differentiable operations"
              : wrong.contains("forward") ? "correct the jvp" : "correct the vjp or the adjoint");
    }
  }

  /** The report with an immutable copy of the comparisons. */
  public GradientReport {
    comparisons = List.copyOf(comparisons);
  }

  /** Whether all derivatives agree. */
  public boolean isOk() {
    return failures().isEmpty();
  }

  /**
   * This report, if all derivatives agree.
   *
   * @throws GradientException with the text of this report, if not
   */
  public GradientReport requireOk() {
    if (!isOk()) {
      throw new GradientException(
          Checks.message(
                  "checkGradients",
                  "forward mode, reverse mode and differences must agree",
                  failures().size() + " of " + comparisons.size() + " comparisons that fail",
                  "see below")
              + "\n"
              + this);
    }
    return this;
  }

  private List<Comparison> failures() {
    return comparisons.stream().filter(c -> c.verdict() != Verdict.OK).toList();
  }

  /** The comparisons as a table, and a sentence for each that failed. */
  @Override
  public String toString() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "order", "leaf", "worst at", "verdict", "forward", "reverse", "difference", "error"));
    for (Comparison c : comparisons) {
      rows.add(
          List.of(
              Integer.toString(c.order()),
              c.path(),
              c.position(),
              c.verdict().toString(),
              digits(c.forward()),
              digits(c.reverse()),
              digits(c.difference()),
              String.format("%.1e", c.error())));
    }
    String title =
        "derivatives in "
            + precision
            + (precision == DType.F32 ? " (7 digits, so a loose check)" : "")
            + ", tolerance "
            + String.format("%.0e", tolerance)
            + ", seed "
            + seed;
    return title
        + "\n"
        + table(rows)
        + failures().stream().map(c -> "\n" + c.sentence()).collect(Collectors.joining());
  }

  private static String digits(double number) {
    return Double.isNaN(number) ? "-" : String.format("%.6g", number);
  }

  private static String table(List<List<String>> rows) {
    int[] widths =
        IntStream.range(0, rows.getFirst().size())
            .map(k -> rows.stream().mapToInt(row -> row.get(k).length()).max().orElse(0))
            .toArray();
    return rows.stream()
        .map(row ->
            IntStream.range(0, widths.length)
                .mapToObj(k -> row.get(k) + " ".repeat(widths[k] - row.get(k).length()))
                .collect(Collectors.joining("  "))
                .stripTrailing())
        .collect(Collectors.joining("\n"));
  }
}
