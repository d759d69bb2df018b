package org.kotangent.ad.scalar;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** The sweep of {@link LaneSweep#LANES} tangents with the Vector API. */
final class VectorSweep {
  private static final VectorSpecies<Double> NUMBERS = DoubleVector.SPECIES_PREFERRED;

  private VectorSweep() {}

  static void push(int nodes, int inputs, long[] words, double[] t) {
    for (int k = 0; k < nodes; k++) {
      double p = Tape.slopeByFirst(words, k);
      double q = Tape.slopeBySecond(words, k);
      int a = LaneSweep.LANES * Tape.first(words, k);
      int b = LaneSweep.LANES * Tape.second(words, k);
      int y = LaneSweep.LANES * (inputs + k);
      for (int lane = 0; lane < LaneSweep.LANES; lane += NUMBERS.length()) {
        DoubleVector byFirst = DoubleVector.fromArray(NUMBERS, t, a + lane).mul(p);
        DoubleVector bySecond = DoubleVector.fromArray(NUMBERS, t, b + lane).mul(q);
        byFirst.add(bySecond).intoArray(t, y + lane);
      }
    }
  }
}
