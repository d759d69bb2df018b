package org.kotangent.ops.internal;

import java.util.Arrays;
import org.kotangent.ad.Arr;
import org.kotangent.ad.Parallel;
import org.kotangent.ad.Reduction;

/**
 * Folds the numbers along some axes of an array into one double per result.
 *
 * <p>The work is cut into parts of some {@link #GRAIN} numbers, by the shape alone; parts of one
 * result are merged in order, so the bits do not depend on the number of threads. Where the
 * innermost axis is reduced each result reads contiguous runs; where it is kept a row of results is
 * folded at once, so memory is read in order either way.
 */
public final class Fold {
  private static final int GRAIN = 1 << 15;

  /** Numbers that are widened at a time; two such buffers stay in the first-level cache. */
  private static final int PIECE = 1 << 10;

  private final Arr x;
  private final Step step;
  private final Reduction walk;
  private final int outer;
  private final int inner;
  private final int run;

  private Fold(Arr x, Reduction walk, Step step) {
    this.x = x;
    this.step = step;
    this.walk = walk;
    this.outer = walk.outerCount();
    this.inner = walk.innerCount();
    this.run = walk.run();
  }

  /**
   * Folds along the given axes, ascending and counted from 0; one number per result, in the order
   * of the axes that are left.
   */
  public static double[] over(Arr x, int[] axes, Step step) {
    int results = Reduction.kept(x.shape(), axes).size();
    if (x.size() == 0) {
      double[] nothing = new double[results];
      Arrays.fill(nothing, step.start());
      return nothing;
    }
    Reduction walk = Reduction.over(x.shape(), axes);
    Fold fold = new Fold(x, walk, step);
    return walk.innermost() ? fold.runs() : fold.rows();
  }

  /** Each result from contiguous runs. */
  private double[] runs() {
    int each = inner * run;
    int parts = Math.ceilDiv(each, GRAIN);
    double[] partial = new double[outer * parts];
    Parallel.forEach(
        partial.length,
        Math.max(1, GRAIN / each),
        (from, to) -> {
          double[] piece = new double[Math.min(PIECE, run)];
          for (int t = from; t < to; t++) {
            int first = t % parts * GRAIN;
            partial[t] = runs(t / parts, first, Math.min(GRAIN, each - first), piece);
          }
        });
    return parts == 1 ? partial : merged(partial, parts);
  }

  /** The numbers of result {@code o} from position {@code first} of its runs on. */
  private double runs(int o, int first, int count, double[] piece) {
    double sum = step.start();
    int end = first + count;
    for (int at = first; at < end; ) {
      int column = at % run;
      int n = Math.min(Math.min(run - column, end - at), piece.length);
      read(walk.outer(o) + walk.inner(at / run) + column, piece, n);
      sum = step.run(piece, n, sum, o);
      at += n;
    }
    return sum;
  }

  private double[] merged(double[] partial, int parts) {
    double[] results = new double[partial.length / parts];
    for (int o = 0; o < results.length; o++) {
      double sum = partial[o * parts];
      for (int p = 1; p < parts; p++) {
        sum = step.merge(sum, partial[o * parts + p]);
      }
      results[o] = sum;
    }
    return results;
  }

  /** A row of results at once, in blocks of columns. */
  private double[] rows() {
    int columns = Math.min(run, PIECE);
    int blocks = Math.ceilDiv(run, columns);
    int height = Math.min(inner, Math.ceilDiv(GRAIN, columns));
    int parts = Math.ceilDiv(inner, height);
    double[][] partial = new double[parts][outer * run];
    Parallel.forEach(
        outer * blocks * parts,
        Math.max(1, GRAIN / (columns * height)),
        (from, to) -> {
          double[] piece = new double[columns];
          for (int t = from; t < to; t++) {
            int part = t % parts;
            int column = t / parts % blocks * columns;
            int n = Math.min(columns, run - column);
            int o = t / parts / blocks;
            double[] sums = partial[part];
            int result = o * run + column;
            Arrays.fill(sums, result, result + n, step.start());
            int last = Math.min(inner, (part + 1) * height);
            for (int r = part * height; r < last; r++) {
              read(walk.outer(o) + walk.inner(r) + column, piece, n);
              step.row(piece, n, sums, result);
            }
          }
        });
    for (int p = 1; p < parts; p++) {
      for (int i = 0; i < partial[0].length; i++) {
        partial[0][i] = step.merge(partial[0][i], partial[p][i]);
      }
    }
    return partial[0];
  }

  private void read(int from, double[] to, int count) {
    if (x.dtype().isFloating()) {
      Wide.read(x, from, 1, to, count);
    } else {
      for (int i = 0; i < count; i++) {
        to[i] = x.get(from + i);
      }
    }
  }
}
