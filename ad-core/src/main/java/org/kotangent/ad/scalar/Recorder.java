package org.kotangent.ad.scalar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.kotangent.ad.ScalarOp;

/** A run of a function in which every operation is written down. */
final class Recorder extends Level {
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
  private final long owner = Thread.currentThread().threadId();
  private final List<ScalarOp> ops = new ArrayList<>();
  private final List<Guard> guards = new ArrayList<>();
  private int[] operands = new int[OPERANDS * 64];
  private double[] constants = new double[64];
  private int constantCount;

  private Recorder(int inputs) {
    super("record");
    this.inputs = inputs;
  }

  static Recorded record(Function<? super Real[], Real[]> f, double[] example) {
    Recorder recorder = new Recorder(example.length);
    Real[] x = new Real[example.length];
    Arrays.setAll(x, i -> new Traced(recorder, example[i], i));
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
            recorder.ops,
            recorder.operands,
            results,
            recorder.guards));
  }

  @Override
  Real apply(ScalarOp op, Real[] x) {
    if (Thread.currentThread().threadId() != owner) {
      throw Checks.domain(
          "record",
          "operations are recorded by the thread that called it",
          "an operation on thread " + Thread.currentThread().getName(),
          "record inside each thread");
    }
    int k = ops.size();
    if (operands.length < OPERANDS * (k + 1)) {
      operands = Arrays.copyOf(operands, 2 * operands.length);
    }
    Real[] numbers = new Real[x.length];
    for (int i = 0; i < x.length; i++) {
      operands[OPERANDS * k + i] = id(x[i]);
      numbers[i] = Real.of(x[i].number());
    }
    ops.add(op);
    return new Traced(this, Level.evaluate(op, numbers).number(), inputs + k);
  }

  /** The place of a value: that of an argument or of an operation, or −1 − k for constant k. */
  private int id(Real x) {
    if (x instanceof Traced t && t.recorder() == this) {
      return t.id();
    }
    if (x.level() != null) {
      throw Checks.domain(
          "record",
          "what a recorded function captures must be plain numbers",
          "a value of " + x.level().transformation(),
          "make it an argument, or differentiate inside the recorded function");
    }
    if (constantCount == constants.length) {
      constants = Arrays.copyOf(constants, 2 * constantCount);
    }
    constants[constantCount++] = x.number();
    return -constantCount;
  }

  /** Keeps the outcome of a comparison. */
  void guard(Real a, Real b, @Nullable ScalarOp condition, Order order) {
    guards.add(new Guard(id(a), id(b), condition, order));
  }
}
