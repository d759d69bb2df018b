package org.kotangent.ad.scalar;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.kotangent.ad.ScalarOp;

/**
 * A derivation of first order, forward or reverse. Its values are linear functions of
 * <em>nodes</em>, to first order: of each is kept its slope by one node. A function of one number,
 * or of values with the same node, has that node again, with the slope by the chain rule. A
 * function of values with different nodes makes a new node, and the tape keeps the two edges that
 * lead to it.
 *
 * <p>So the tape is as long as there are joins, not operations: about three eighths for the
 * function of Rosenbrock. And forward mode along a direction is the case of a single node, in which
 * nothing is taped at all.
 *
 * <p>The tape lives in arrays of a {@link Tape}; it belongs to the thread that runs the derivation.
 * Source: Griewank and Walther 2008, sections 3.2 and 4.2; the elimination of nodes with one
 * predecessor, ibid. chapter 9.
 */
final class Linearisation extends Tracer {
  private final int inputs;
  private Tape tape = Tape.EMPTY;

  /** A derivation whose nodes 0, …, inputs − 1 are what is differentiated with respect to. */
  Linearisation(String transformation, int inputs) {
    super(transformation, true);
    this.inputs = inputs;
  }

  /** A new node with edges of the given slopes from nodes a and b. */
  int join(int a, double p, int b, double q) {
    Tape t = tape;
    return t.isFull() || isForeignThread() ? grow(a, p, b, q) : inputs + t.add(a, p, b, q);
  }

  private int grow(int a, double p, int b, double q) {
    requireOwnThread("differentiate inside each thread, or use jvp");
    tape = tape == Tape.EMPTY ? Tape.take() : tape.grown();
    return inputs + tape.add(a, p, b, q);
  }

  private int join(int a, Real p, int b, Real q) {
    if (isPlain(p) && isPlain(q)) {
      return join(a, p.number(), b, q.number());
    }
    int node = join(a, 0, b, 0);
    tape.real(node - inputs, p, q);
    return node;
  }

  static boolean isPlain(Real x) {
    return x instanceof Flat f && f.level == null;
  }

  private boolean owns(Real x) {
    return x.level() == this;
  }

  Real primal(Real x) {
    return switch (x) {
      case Flat f when f.level == this -> new Flat(f.value);
      case Nested n when n.level == this -> n.primal;
      default -> x;
    };
  }

  private static Real slope(Real own) {
    return own instanceof Flat f ? new Flat(f.slope) : ((Nested) own).slope;
  }

  private static int node(Real own) {
    return own instanceof Flat f ? f.node : ((Nested) own).node;
  }

  /** The value with the given primal and slope by a node. */
  Real value(Real primal, Real slope, int node) {
    return isPlain(primal) && isPlain(slope)
        ? new Flat(this, primal.number(), slope.number(), node)
        : new Nested(this, primal, slope, node);
  }

  @Override
  Real apply(ScalarOp op, Real[] x) {
    Real[] primals = new Real[x.length];
    Arrays.setAll(primals, i -> primal(x[i]));
    Real y = Level.evaluate(op, primals);
    Real slope = null;
    int node = 0;
    for (int i = 0; i < x.length; i++) {
      Real partial = owns(x[i]) ? Rule.of(op).partial(i, primals, y) : null;
      if (partial != null) {
        Real term = product(partial, slope(x[i]));
        int from = node(x[i]);
        if (slope == null) {
          slope = term;
          node = from;
        } else if (node == from) {
          slope = slope.plus(term);
        } else {
          node = join(node, slope, from, term);
          slope = Flat.ONE;
        }
      }
    }
    return slope == null ? y : value(y, slope, node);
  }

  /** p · q, where a factor of 1 costs nothing. */
  static Real product(Real p, Real q) {
    if (p instanceof Flat f && f.level == null && f.value == 1) {
      return q;
    }
    if (q instanceof Flat f && f.level == null && f.value == 1) {
      return p;
    }
    return p.times(q);
  }

  // ---- what the derivation found out

  /** Number of nodes. */
  int nodes() {
    return inputs + tape.size();
  }

  /** Whether all edges have plain slopes. */
  boolean isNumeric() {
    return !tape.hasReals();
  }

  /** The slope of a result of the function by its node; null where it does not depend on any. */
  @Nullable Real outputSlope(Real y) {
    return owns(y) ? slope(y) : null;
  }

  /** The node of a result that has a slope. */
  int outputNode(Real y) {
    return node(y);
  }

  /** Adds to the adjoints of the inputs what the given adjoints of all nodes amount to. */
  void pull(double[] adjoint) {
    tape.pull(inputs, adjoint);
  }

  void pullReached(double[] adjoint, boolean[] reached) {
    tape.pullReached(inputs, adjoint, reached);
  }

  void pull(@Nullable Real[] adjoint) {
    tape.pull(inputs, adjoint);
  }

  /** Computes the tangents of all nodes from those of the inputs, so many of each. */
  void push(int lanes, double[] tangents) {
    tape.push(inputs, lanes, tangents);
  }

  void push(@Nullable Real[] tangent) {
    tape.push(inputs, tangent);
  }

  /** Numbers to work with, one for each node and lane. */
  double[] workspace(int size) {
    return tape == Tape.EMPTY ? new double[size] : tape.workspace(size);
  }

  /**
   * Gives the tape back to be used by another derivation; nothing may be asked of this one after.
   */
  void release() {
    tape.release();
    tape = Tape.EMPTY;
  }
}
