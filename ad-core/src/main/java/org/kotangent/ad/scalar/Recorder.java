package org.kotangent.ad.scalar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.kotangent.ad.ScalarOp;

/** A run of a function in which every operation is written down. */
final class Recorder extends Tracer {
  /** Most operands an operation has. */
  static final int OPERANDS = 3;

  /**
   * What came of a comparison that the function may have branched on.
   *
   * @param a the place of the first operand
   * @param b the place of the second
   * @param condition what was asked; null for the sign
   * @param order how the operands compared
   */
  record Guard(int a, int b, @Nullable ScalarOp condition, Order order) {
    boolean holds(double x, double y) {
      return Order.of(x, y).agrees(order, condition);
    }

    Guard at(int x, int y) {
      return new Guard(x, y, condition, order);
    }
  }

  private final int inputs;
  private final List<Guard> guards = new ArrayList<>();
  private ScalarOp[] ops = new ScalarOp[64];
  private int[] operands = new int[OPERANDS * ops.length];
  private int count;
  private double[] constants = new double[64];
  private int constantCount;

  private Recorder(int inputs) {
    super("record", false);
    this.inputs = inputs;
  }

  static Recorded record(Function<? super Real[], Real[]> f, double[] example) {
    Recorder recorder = new Recorder(example.length);
    Real[] x = new Real[example.length];
    Arrays.setAll(x, i -> new Flat(recorder, example[i], 1, i));
    int[] results;
    try {
      results = Arrays.stream(f.apply(x)).mapToInt(recorder::id).toArray();
    } finally {
      recorder.close();
    }
    return new Recorded(
        Program.of(
            recorder.inputs,
            Arrays.copyOf(recorder.constants, recorder.constantCount),
            Arrays.asList(recorder.ops).subList(0, recorder.count),
            recorder.operands,
            results,
            recorder.guards));
  }

  @Override
  Real apply(ScalarOp op, Real[] x) {
    Real[] numbers = new Real[x.length];
    Arrays.setAll(numbers, i -> Real.of(x[i].number()));
    int node = write(op, id(x[0]), x.length > 1 ? id(x[1]) : 0, x.length > 2 ? id(x[2]) : 0);
    return new Flat(this, Level.evaluate(op, numbers).number(), 1, node);
  }

  /**
   * The node of f(a, b). It takes the numbers apart because the JIT compiler does not keep objects
   * in registers that may reach a call.
   *
   * @param aLevel null where a is a plain number
   */
  int operation(
      ScalarOp op,
      @Nullable Tracer aLevel,
      double a,
      int aNode,
      @Nullable Tracer bLevel,
      double b,
      int bNode) {
    int first = aLevel == null ? constant(a) : aNode;
    int second = op.arity() == 1 ? 0 : bLevel == null ? constant(b) : bNode;
    return write(op, first, second, 0);
  }

  /** Writes an operation down; operands that it does not have are 0. */
  private int write(ScalarOp op, int a, int b, int c) {
    requireOwnThread("record inside each thread");
    int k = count;
    if (k == ops.length) {
      grow();
    }
    ops[k] = op;
    operands[OPERANDS * k] = a;
    operands[OPERANDS * k + 1] = b;
    operands[OPERANDS * k + 2] = c;
    count = k + 1;
    return inputs + k;
  }

  private void grow() {
    ops = Arrays.copyOf(ops, 2 * count);
    operands = Arrays.copyOf(operands, OPERANDS * ops.length);
  }

  /** The place of a value: that of an argument or of an operation, or −1 − k for constant k. */
  private int id(Real x) {
    if (x instanceof Flat f && f.level == this) {
      return f.node;
    }
    if (x.level() != null) {
      throw Checks.domain(
          "record",
          "what a recorded function captures must be plain numbers",
          "a value of " + x.level().transformation(),
          "make it an argument, or differentiate inside the recorded function");
    }
    return constant(x.number());
  }

  private int constant(double value) {
    if (constantCount == constants.length) {
      constants = Arrays.copyOf(constants, 2 * constantCount);
    }
    constants[constantCount++] = value;
    return -constantCount;
  }

  /** Keeps the outcome of a comparison. */
  void guard(Real a, Real b, @Nullable ScalarOp condition, Order order) {
    guards.add(new Guard(id(a), id(b), condition, order));
  }
}
