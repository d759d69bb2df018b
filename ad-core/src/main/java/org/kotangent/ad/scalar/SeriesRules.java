package org.kotangent.ad.scalar;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.kotangent.ad.Expr;
import org.kotangent.ad.ScalarOp;

/**
 * Builds series from expressions. A function of the same series is the same series again: that ties
 * the knot between functions whose derivatives lead back to themselves.
 */
final class SeriesRules {
  private record Key(ScalarOp op, List<Series> operands) {}

  private final Map<Key, Series> applied = new HashMap<>();

  Series constant(Real value) {
    return new Series.Constant(value);
  }

  Series apply(ScalarOp op, Series... x) {
    boolean constant = true;
    for (Series s : x) {
      constant &= s instanceof Series.Constant;
    }
    if (constant) {
      Real[] values = new Real[x.length];
      Arrays.setAll(values, i -> x[i].start());
      return constant(Level.evaluate(op, values));
    }
    Key key = new Key(op, List.of(x));
    Series known = applied.get(key);
    if (known == null) {
      known = make(op, x);
      applied.put(key, known);
    }
    return known;
  }

  private Series make(ScalarOp op, Series[] x) {
    return switch (op) {
      case ADD, SUB, MUL, DIV -> new Series.Arithmetic(op, x[0], x[1]);
      case NEG -> new Series.Arithmetic(ScalarOp.MUL, constant(Real.of(-1)), x[0]);
      case SQUARE -> new Series.Arithmetic(ScalarOp.MUL, x[0], x[0]);
      case SELECT -> new Series.Choice(x[0], x[1], x[2]);
      default -> new Series.Function(op, x, this);
    };
  }

  /** The partial of y = op(x) by operand i. */
  Series partial(ScalarOp op, int i, Series[] x, Series y) {
    Rule rule = Rule.of(op);
    Real[] starts = Arrays.stream(x).map(Series::start).toArray(Real[]::new);
    return build(rule.partial(i), x, y, rule.evaluation(starts, y.start()));
  }

  /** The expression as a series; where it selects, by the coefficients 0. */
  private Series build(Expr e, Series[] x, Series y, Evaluation starts) {
    return switch (e) {
      case Expr.Variable v -> v.index() == x.length ? y : x[v.index()];
      case Expr.Constant c -> constant(Real.of(c.value()));
      case Expr.Apply a when a.op() == ScalarOp.SELECT -> build(starts.chosen(a), x, y, starts);
      case Expr.Apply a ->
          apply(
              a.op(),
              a.operands().stream().map(o -> build(o, x, y, starts)).toArray(Series[]::new));
    };
  }
}
