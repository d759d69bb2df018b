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

  private static final int INITIAL = 1 << 10;

  /** Tapes of more nodes are left to the garbage collector. */
  private static final int KEPT = 1 << 20;

  private static final ArrayBlockingQueue<Tape> FREE =
      new ArrayBlockingQueue<>(Runtime.getRuntime().availableProcessors());

  /** Words of a node: its two predecessors, the bits of the slope by the first, by the second. */
  static final int WORDS = 3;

  private int size;
  private long[] words;
  private @Nullable Real @Nullable [] reals;
  private double[] work = new double[0];

  private Tape(int capacity) {
    words = new long[WORDS * capacity];
  }

  /** A tape without nodes. */
  static Tape take() {
    Tape tape = FREE.poll();
    return tape == null ? new Tape(INITIAL) : tape;
  }

  /** Makes the arrays available to other derivations. */
  void release() {
    if (this != EMPTY && WORDS * KEPT >= words.length) {
      size = 0;
      reals = null;
      work = work.length > 2 * KEPT ? new double[0] : work;
      var _ = FREE.offer(this);
    }
  }

  boolean isFull() {
    return WORDS * size == words.length;
  }

  /** This tape, with room. */
  Tape grown() {
    if (isFull()) {
      words = Arrays.copyOf(words, Math.multiplyExact(2, words.length));
      if (reals != null) {
        reals = Arrays.copyOf(reals, words.length);
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
    int at = WORDS * k;
    words[at] = (long) a << Integer.SIZE | b;
    words[at + 1] = Double.doubleToRawLongBits(p);
    words[at + 2] = Double.doubleToRawLongBits(q);
    size = k + 1;
    return k;
  }

  static int first(long[] words, int k) {
    return (int) (words[WORDS * k] >>> Integer.SIZE);
  }

  static int second(long[] words, int k) {
    return (int) words[WORDS * k];
  }

  static double slopeByFirst(long[] words, int k) {
    return Double.longBitsToDouble(words[WORDS * k + 1]);
  }

  static double slopeBySecond(long[] words, int k) {
    return Double.longBitsToDouble(words[WORDS * k + 2]);
  }

  /** Gives join k slopes that are reals, in the places of their words. */
  void real(int k, Real p, Real q) {
    if (reals == null) {
      reals = new Real[words.length];
    }
    reals[WORDS * k + 1] = p;
    reals[WORDS * k + 2] = q;
  }

  boolean hasReals() {
    return reals != null;
  }

  private Real slope(int place) {
    Real real = reals == null ? null : reals[place];
    return real == null ? new Flat(Double.longBitsToDouble(words[place])) : real;
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
    double g = size == 0 ? 0 : adjoint[inputs + size - 1];
    for (int k = size - 1; k >= 0; k--) {
      int before = inputs + k - 1;
      double next = adjoint[before];
      int a = first(words, k);
      int b = second(words, k);
      double p = g * slopeByFirst(words, k);
      double q = g * slopeBySecond(words, k);
      if (a == before) {
        next += p;
      } else {
        adjoint[a] += p;
      }
      if (b == before) {
        next += q;
      } else {
        adjoint[b] += q;
      }
      adjoint[before] = next;
      g = next;
    }
  }

  /** Reverse sweep over the nodes that results depend on; those of the results are marked. */
  void pullReached(int inputs, double[] adjoint, boolean[] reached) {
    for (int k = size - 1; k >= 0; k--) {
      if (reached[inputs + k]) {
        double g = adjoint[inputs + k];
        adjoint[first(words, k)] += g * slopeByFirst(words, k);
        adjoint[second(words, k)] += g * slopeBySecond(words, k);
        reached[first(words, k)] = true;
        reached[second(words, k)] = true;
      }
    }
  }

  /** Reverse sweep, where null is an exact zero. */
  void pull(int inputs, @Nullable Real[] adjoint) {
    for (int k = size - 1; k >= 0; k--) {
      Real g = adjoint[inputs + k];
      if (g != null) {
        add(adjoint, first(words, k), Linearisation.product(slope(WORDS * k + 1), g));
        add(adjoint, second(words, k), Linearisation.product(slope(WORDS * k + 2), g));
      }
    }
  }

  private static void add(@Nullable Real[] adjoint, int node, Real term) {
    Real sum = adjoint[node];
    adjoint[node] = sum == null ? term : sum.plus(term);
  }

  /** Forward sweep of several tangents, which lie side by side. */
  void push(int inputs, int lanes, double[] t) {
    LaneSweep.of(lanes).push(size, inputs, words, t);
  }

  /** Forward sweep, where null is an exact zero. */
  void push(int inputs, @Nullable Real[] tangent) {
    for (int k = 0; k < size; k++) {
      Real a = tangent[first(words, k)];
      Real b = tangent[second(words, k)];
      Real p = a == null ? null : Linearisation.product(slope(WORDS * k + 1), a);
      Real q = b == null ? null : Linearisation.product(slope(WORDS * k + 2), b);
      tangent[inputs + k] = p == null ? q : q == null ? p : p.plus(q);
    }
  }
}
