package org.kotangent.ad.scalar;

import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The edges of a linearisation, two for each node that joins others, in arrays that grow and are
 * used again by later derivations: recording an operation allocates nothing.
 */
final class Tape {
  static final Tape EMPTY = new Tape(0);

  /** Lanes of a forward sweep: tangents that are pushed together. */
  static final int LANES = 8;

  private static final int INITIAL = 1 << 10;

  /** Tapes of more nodes are left to the garbage collector. */
  private static final int KEPT = 1 << 20;

  private static final ArrayBlockingQueue<Tape> FREE =
      new ArrayBlockingQueue<>(Runtime.getRuntime().availableProcessors());

  private int size;
  private int[] from;
  private double[] slope;
  private @Nullable Real @Nullable [] reals;
  private double[] work = new double[0];

  private Tape(int capacity) {
    from = new int[2 * capacity];
    slope = new double[2 * capacity];
  }

  /** A tape without nodes. */
  static Tape take() {
    Tape tape = FREE.poll();
    return tape == null ? new Tape(INITIAL) : tape;
  }

  /** Makes the arrays available to other derivations. */
  void release() {
    if (this != EMPTY && 2 * KEPT >= from.length) {
      size = 0;
      reals = null;
      var _ = FREE.offer(this);
    }
  }

  boolean isFull() {
    return 2 * size == from.length;
  }

  /** This tape, with room. */
  Tape grown() {
    if (isFull()) {
      from = Arrays.copyOf(from, Math.multiplyExact(2, from.length));
      slope = Arrays.copyOf(slope, from.length);
      if (reals != null) {
        reals = Arrays.copyOf(reals, from.length);
      }
    }
    return this;
  }

  int size() {
    return size;
  }

  /** Appends a join of nodes a and b. */
  int add(int a, double p, int b, double q) {
    int k = size;
    from[2 * k] = a;
    from[2 * k + 1] = b;
    slope[2 * k] = p;
    slope[2 * k + 1] = q;
    size = k + 1;
    return k;
  }

  /** Gives join k slopes that are reals. */
  void real(int k, Real p, Real q) {
    if (reals == null) {
      reals = new Real[from.length];
    }
    reals[2 * k] = p;
    reals[2 * k + 1] = q;
  }

  boolean hasReals() {
    return reals != null;
  }

  private Real edge(int e) {
    Real real = reals == null ? null : reals[e];
    return real == null ? new Flat(slope[e]) : real;
  }

  double[] workspace(int length) {
    if (work.length < length) {
      work = new double[Math.max(length, 2 * work.length)];
    }
    return work;
  }

  /**
   * Reverse sweep. A node that no result depends on has adjoint 0, and 0 · ∞ makes NaN of an
   * infinite slope there; when NaN comes out, {@link #pullReached} tells whether it is one of
   * these.
   */
  void pull(int inputs, double[] adjoint) {
    for (int k = size - 1; k >= 0; k--) {
      double g = adjoint[inputs + k];
      adjoint[from[2 * k]] += g * slope[2 * k];
      adjoint[from[2 * k + 1]] += g * slope[2 * k + 1];
    }
  }

  /** Reverse sweep over the nodes that results depend on; those of the results are marked. */
  void pullReached(int inputs, double[] adjoint, boolean[] reached) {
    for (int k = size - 1; k >= 0; k--) {
      if (reached[inputs + k]) {
        double g = adjoint[inputs + k];
        for (int e = 2 * k; e <= 2 * k + 1; e++) {
          adjoint[from[e]] += g * slope[e];
          reached[from[e]] = true;
        }
      }
    }
  }

  /** Reverse sweep, where null is an exact zero. */
  void pull(int inputs, @Nullable Real[] adjoint) {
    for (int k = size - 1; k >= 0; k--) {
      Real g = adjoint[inputs + k];
      if (g != null) {
        for (int e = 2 * k; e <= 2 * k + 1; e++) {
          Real term = Linearisation.product(edge(e), g);
          Real sum = adjoint[from[e]];
          adjoint[from[e]] = sum == null ? term : sum.plus(term);
        }
      }
    }
  }

  /** Forward sweep of {@link #LANES} tangents, which lie side by side. */
  void push(int inputs, double[] t) {
    for (int k = 0; k < size; k++) {
      double p = slope[2 * k];
      double q = slope[2 * k + 1];
      int a = LANES * from[2 * k];
      int b = LANES * from[2 * k + 1];
      int y = LANES * (inputs + k);
      t[y] = p * t[a] + q * t[b];
      t[y + 1] = p * t[a + 1] + q * t[b + 1];
      t[y + 2] = p * t[a + 2] + q * t[b + 2];
      t[y + 3] = p * t[a + 3] + q * t[b + 3];
      t[y + 4] = p * t[a + 4] + q * t[b + 4];
      t[y + 5] = p * t[a + 5] + q * t[b + 5];
      t[y + 6] = p * t[a + 6] + q * t[b + 6];
      t[y + 7] = p * t[a + 7] + q * t[b + 7];
    }
  }

  /** Forward sweep, where null is an exact zero. */
  void push(int inputs, @Nullable Real[] tangent) {
    for (int k = 0; k < size; k++) {
      Real a = tangent[from[2 * k]];
      Real b = tangent[from[2 * k + 1]];
      Real p = a == null ? null : Linearisation.product(edge(2 * k), a);
      Real q = b == null ? null : Linearisation.product(edge(2 * k + 1), b);
      tangent[inputs + k] = p == null ? q : q == null ? p : p.plus(q);
    }
  }
}
