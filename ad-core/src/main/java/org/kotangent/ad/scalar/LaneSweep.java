package org.kotangent.ad.scalar;

import org.kotangent.ad.internal.Hot;
import org.kotangent.ad.internal.Provider;
import org.kotangent.ad.internal.Warm;

/**
 * Forward sweep over a {@link Tape} of several tangents at once, which lie side by side: ẏ = p·ȧ +
 * q·ḃ for each node y with slopes p by a and q by b.
 */
@FunctionalInterface
interface LaneSweep {
  /** The most tangents that are pushed together. */
  int LANES = 16;

  /**
   * Computes the tangents of all nodes from those of the inputs.
   *
   * @param nodes how many nodes the tape has
   * @param inputs how many inputs there are, whose tangents come first
   * @param words what the tape says of the nodes
   * @param t the tangents, as many for each input and node as there are lanes
   */
  void push(int nodes, int inputs, long[] words, double[] t);

  /** The best sweep of so many lanes for now. */
  static LaneSweep of(int lanes) {
    return lanes == LANES
        ? Widest.SWEEP.get()
        : (nodes, inputs, words, t) -> push(lanes, nodes, inputs, words, t);
  }

  /** A sweep of so many lanes in plain Java. */
  private static void push(int lanes, int nodes, int inputs, long[] words, double[] t) {
    for (int k = 0; k < nodes; k++) {
      double p = Tape.slopeByFirst(words, k);
      double q = Tape.slopeBySecond(words, k);
      int a = lanes * Tape.first(words, k);
      int b = lanes * Tape.second(words, k);
      int y = lanes * (inputs + k);
      for (int lane = 0; lane < lanes; lane++) {
        t[y + lane] = p * t[a + lane] + q * t[b + lane];
      }
    }
  }

  /** The sweep of all lanes. */
  final class Widest {
    /** Operations on vectors for a node, where a vector has four numbers. */
    private static final int OPERATIONS = 24;

    private static final LaneSweep PLAIN =
        (nodes, inputs, words, t) -> LaneSweep.push(LANES, nodes, inputs, words, t);

    private static final Warm<LaneSweep> SWEEP =
        new Warm<>(
            PLAIN,
            () -> Provider.chosen().usesVectors() ? VectorSweep::push : PLAIN,
            sweep -> sweep.equals(PLAIN) ? Hot.NOTHING : exercise(sweep));

    private Widest() {}

    private static Hot.Exercise exercise(LaneSweep sweep) {
      long[] words = new long[Tape.WORDS * Hot.TURNS];
      double[] t = new double[LANES * (1 + Hot.TURNS)];
      return new Hot.Exercise(OPERATIONS, turns -> sweep.push(turns, 1, words, t));
    }
  }
}
