package org.kotangent.ad.scalar;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.kotangent.ad.Expr;

/**
 * Operations first, …, first + period − 1 of a program and as many after them as repeat them: in
 * iteration t an operation is the same function of places that have moved by t times a stride of
 * their own. What a loop of the recorded function did is a loop again. A block with count 1 is a
 * piece of straight-line code.
 */
record Block(Program program, int first, int period, int count) {
  /**
   * Bytes of bytecode per method that the JIT compiler still accepts are 8,000; some are for loops.
   */
  private static final int LIMIT = 7500;

  /** Repetitions that make a loop worth while. */
  private static final int FEW = 4;

  /** Cuts a program into blocks. */
  static List<Block> of(Program program) {
    List<Block> blocks = new ArrayList<>();
    int straight = 0;
    int size = 0;
    int k = 0;
    while (k < program.size()) {
      Block loop = loopAt(program, k);
      int cost = cost(program, k);
      if (straight < k && (loop != null || size + cost > LIMIT)) {
        blocks.add(new Block(program, straight, k - straight, 1));
        straight = k;
        size = 0;
      }
      if (loop != null) {
        blocks.add(loop);
        k += loop.period * loop.count;
        straight = k;
      } else {
        size += cost;
        k++;
      }
    }
    if (straight < k) {
      blocks.add(new Block(program, straight, k - straight, 1));
    }
    return blocks;
  }

  /** The loop that covers most of what begins at operation k; null if nothing repeats. */
  private static @Nullable Block loopAt(Program program, int k) {
    Block best = null;
    int size = 0;
    for (int period = 1; k + FEW * period <= program.size(); period++) {
      size += cost(program, k + period - 1);
      if (size > LIMIT) {
        break;
      }
      Block loop = new Block(program, k, period, 2);
      int count = 1;
      while (k + (count + 1) * period <= program.size() && loop.repeats(count)) {
        count++;
      }
      if (count >= FEW && (best == null || count * period > best.count * best.period)) {
        best = new Block(program, k, period, count);
      }
    }
    return best;
  }

  /** Whether iteration t is the one before, moved by the strides. */
  private boolean repeats(int t) {
    for (int j = 0; j < period; j++) {
      int k = first + t * period + j;
      if (program.op(k) != program.op(first + j)
          || program.isLive(k) != program.isLive(first + j)) {
        return false;
      }
      for (int i = 0; i < program.op(k).arity(); i++) {
        int place = program.operand(k, i);
        int start = program.operand(first + j, i);
        if (place != start + t * stride(j, i)
            || program.isConstant(place) != program.isConstant(start)) {
          return false;
        }
      }
    }
    return true;
  }

  /** By how many places operand i of operation j of the body moves per iteration. */
  int stride(int j, int i) {
    return count == 1 ? 0 : program.operand(first + period + j, i) - program.operand(first + j, i);
  }

  /** An upper bound for the bytecode of operation k in a sweep. */
  private static int cost(Program program, int k) {
    Rule rule = Rule.of(program.op(k));
    int cost = 40 + 12 * nodes(rule.body());
    for (int i = 0; i < rule.arity(); i++) {
      cost += program.isConstant(program.operand(k, i)) ? 20 : 40 + 12 * nodes(rule.partial(i));
    }
    return cost;
  }

  private static int nodes(Expr e) {
    return e instanceof Expr.Apply a ? 1 + a.operands().stream().mapToInt(Block::nodes).sum() : 0;
  }

  /** Where an operand of the body is found. */
  sealed interface Source {
    /** The same number in every iteration. */
    record Literal(double value) implements Source {}

    /** The result of operation j of the same iteration. */
    record Same(int j) implements Source {}

    /** The result of operation j of the iteration before; j has not yet been computed again. */
    record Before(int j) implements Source {}

    /** Elsewhere. */
    record Elsewhere() implements Source {}
  }

  /** Where operand i of operation j of the body is found. */
  Source source(int j, int i) {
    int place = program.operand(first + j, i);
    if (program.isConstant(place)) {
      double value = program.constant(place);
      for (int t = 1; t < count; t++) {
        if (Double.doubleToRawLongBits(program.constant(place + t * stride(j, i)))
            != Double.doubleToRawLongBits(value)) {
          return new Source.Elsewhere();
        }
      }
      return new Source.Literal(value);
    }
    int operation = place - program.base() - first;
    if (count == 1 || stride(j, i) == period) {
      if (operation >= 0 && operation < j) {
        return new Source.Same(operation);
      }
      if (count > 1 && operation + period >= j && operation < 0) {
        return new Source.Before(operation + period);
      }
    }
    return new Source.Elsewhere();
  }

  /** The place of operation j of the body in the first iteration. */
  int place(int j) {
    return program.base() + first + j;
  }

  Rule rule(int j) {
    return Rule.of(program.op(first + j));
  }

  /** The operations of which the result is passed on to the next iteration. */
  int[] passedOn() {
    BitSet passed = new BitSet();
    for (int j = 0; j < period; j++) {
      for (int i = 0; i < rule(j).arity(); i++) {
        if (source(j, i) instanceof Source.Before before) {
          passed.set(before.j());
        }
      }
    }
    return passed.stream().toArray();
  }

  /** Operation j as an expression in its operands, with literals in place. */
  Expr body(int j) {
    return withLiterals(j, rule(j).body());
  }

  /** The partial of operation j by operand i; null where there is nothing to differentiate. */
  @Nullable Expr partial(int j, int i) {
    if (program.isConstant(program.operand(first + j, i))) {
      return null;
    }
    Expr partial = withLiterals(j, rule(j).partial(i));
    return Rule.isZero(partial) ? null : partial;
  }

  /** The expression with literal operands in place. */
  private Expr withLiterals(int j, Expr e) {
    return switch (e) {
      case Expr.Constant c -> c;
      case Expr.Variable v ->
          v.index() < rule(j).arity() && source(j, v.index()) instanceof Source.Literal l
              ? new Expr.Constant(l.value())
              : v;
      case Expr.Apply a ->
          new Expr.Apply(a.op(), a.operands().stream().map(o -> withLiterals(j, o)).toList());
    };
  }
}
