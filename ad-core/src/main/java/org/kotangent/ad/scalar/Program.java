package org.kotangent.ad.scalar;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.kotangent.ad.ScalarOp;

/**
 * A recorded function: operations in order, without control flow. Places in its array of values are
 * first the arguments, then the constants, then the results of operations. What no result and no
 * guard depends on has been left out.
 */
final class Program {
  private final int inputs;
  private final double[] constants;
  private final ScalarOp[] ops;
  private final int[] operands;
  private final boolean[] live;
  private final int[] results;
  private final Recorder.Guard[] guards;

  private Program(
      int inputs,
      double[] constants,
      ScalarOp[] ops,
      int[] operands,
      boolean[] live,
      int[] results,
      Recorder.Guard[] guards) {
    this.inputs = inputs;
    this.constants = constants;
    this.ops = ops;
    this.operands = operands;
    this.live = live;
    this.results = results;
    this.guards = guards;
  }

  /** The program of what a recorder wrote down, with the places that it uses. */
  static Program of(
      int inputs,
      double[] constants,
      List<ScalarOp> recorded,
      int[] places,
      int[] results,
      List<Recorder.Guard> guards) {
    int count = recorded.size();
    boolean[] live = new boolean[count];
    boolean[] needed = new boolean[count];
    for (int r : results) {
      if (r >= inputs) {
        live[r - inputs] = true;
      }
    }
    for (Recorder.Guard guard : guards) {
      mark(needed, guard.a() - inputs);
      mark(needed, guard.b() - inputs);
    }
    for (int k = count - 1; k >= 0; k--) {
      needed[k] |= live[k];
      for (int i = 0; needed[k] && i < recorded.get(k).arity(); i++) {
        int operand = places[Recorder.OPERANDS * k + i] - inputs;
        mark(needed, operand);
        if (live[k]) {
          mark(live, operand);
        }
      }
    }
    return compact(inputs, constants, recorded, places, results, guards, live, needed);
  }

  private static void mark(boolean[] flags, int k) {
    if (k >= 0) {
      flags[k] = true;
    }
  }

  private static Program compact(
      int inputs,
      double[] constants,
      List<ScalarOp> recorded,
      int[] places,
      int[] results,
      List<Recorder.Guard> guards,
      boolean[] live,
      boolean[] needed) {
    int base = inputs + constants.length;
    int[] moved = new int[recorded.size()];
    int count = 0;
    for (int k = 0; k < moved.length; k++) {
      moved[k] = base + count;
      count += needed[k] ? 1 : 0;
    }
    IntUnaryOperator place = p -> p < 0 ? inputs - 1 - p : p < inputs ? p : moved[p - inputs];
    ScalarOp[] ops = new ScalarOp[count];
    int[] operands = new int[Recorder.OPERANDS * count];
    boolean[] alive = new boolean[count];
    for (int k = 0; k < moved.length; k++) {
      if (needed[k]) {
        int to = moved[k] - base;
        ops[to] = recorded.get(k);
        alive[to] = live[k];
        for (int i = 0; i < ops[to].arity(); i++) {
          operands[Recorder.OPERANDS * to + i] =
              place.applyAsInt(places[Recorder.OPERANDS * k + i]);
        }
      }
    }
    int[] outputs = Arrays.stream(results).map(place).toArray();
    Recorder.Guard[] kept =
        guards.stream()
            .map(g -> g.at(place.applyAsInt(g.a()), place.applyAsInt(g.b())))
            .toArray(Recorder.Guard[]::new);
    return new Program(inputs, constants, ops, operands, alive, outputs, kept);
  }

  int inputs() {
    return inputs;
  }

  /** Number of operations. */
  int size() {
    return ops.length;
  }

  /** The place of the first operation's result. */
  int base() {
    return inputs + constants.length;
  }

  /** Number of places. */
  int places() {
    return base() + ops.length;
  }

  ScalarOp op(int k) {
    return ops[k];
  }

  /** The place of operand i of operation k. */
  int operand(int k, int i) {
    return operands[Recorder.OPERANDS * k + i];
  }

  /** Whether a result depends on operation k. */
  boolean isLive(int k) {
    return live[k];
  }

  /** Whether a place holds a constant. */
  boolean isConstant(int place) {
    return place >= inputs && place < base();
  }

  /** The constant at a place. */
  double constant(int place) {
    return constants[place - inputs];
  }

  int results() {
    return results.length;
  }

  /** The place of result j. */
  int result(int j) {
    return results[j];
  }

  /** An array of values with the constants in place. */
  double[] values() {
    double[] v = new double[places()];
    System.arraycopy(constants, 0, v, inputs, constants.length);
    return v;
  }

  /** Refuses values for which a comparison has another outcome than it had in the recording. */
  void check(double[] v) {
    for (Recorder.Guard guard : guards) {
      if (!guard.holds(v[guard.a()], v[guard.b()])) {
        throw Checks.domain(
            "replay",
            "comparisons must turn out as they did in the recording",
            v[guard.a()] + " compared with " + v[guard.b()] + ", recorded as " + guard.order(),
            "record again for these arguments, or choose with select instead of a branch");
      }
    }
  }
}
