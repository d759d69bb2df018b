package org.kotangent.ad.internal;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.kotangent.ad.internal.VectorSteps.Kind;
import org.kotangent.ad.internal.VectorSteps.Step;

/**
 * Which turns take the results of steps: turn i is that of step i, and at the end there is one for
 * each result of the whole.
 */
final class VectorUses {
  static final int NEVER = Integer.MAX_VALUE;

  private final List<Step> steps;
  private final int[][] turns;

  VectorUses(List<Step> steps, int[] results) {
    this.steps = steps;
    this.turns = new int[steps.size()][0];
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      add(step.a(), i);
      add(step.b(), i);
      add(step.c(), i);
    }
    for (int j = 0; j < results.length; j++) {
      add(results[j], steps.size() + j);
    }
  }

  private void add(int value, int turn) {
    if (value >= 0 && (turns[value].length == 0 || last(value) < turn)) {
      turns[value] = Arrays.copyOf(turns[value], turns[value].length + 1);
      turns[value][turns[value].length - 1] = turn;
    }
  }

  private int last(int value) {
    return turns[value].length == 0 ? -1 : turns[value][turns[value].length - 1];
  }

  /** The first turn after the given one that takes a result. */
  int after(int value, int turn) {
    for (int t : turns[value]) {
      if (t > turn) {
        return t;
      }
    }
    return NEVER;
  }

  /** How many results are alive at once, those of invariants left out. */
  int most() {
    int[] change = new int[steps.size() + 1];
    for (int v = 0; v < steps.size(); v++) {
      if (isMade(v)) {
        change[v]++;
        change[Math.clamp(last(v), v, steps.size())]--;
      }
    }
    int alive = 0;
    int most = 0;
    for (int c : change) {
      alive += c;
      most = Math.max(most, alive);
    }
    return most;
  }

  private boolean isMade(int value) {
    return steps.get(value).kind() != Kind.INVARIANT;
  }

  /** The invariants, that which is taken most often first. */
  int[] invariants() {
    return IntStream.range(0, steps.size())
        .filter(v -> !isMade(v))
        .boxed()
        .sorted(Comparator.comparingInt(v -> -turns[v].length))
        .mapToInt(v -> v)
        .toArray();
  }
}
