package org.kotangent.ad;

import java.util.Arrays;

/**
 * Adds the numbers of an array along some axes, in double and in an order that depends on the shape
 * alone.
 *
 * <p>Where the innermost axis is reduced, each result adds contiguous runs. Number i of a run of
 * single precision goes to sum i mod {@link #LANES}, or i mod 4 where the run is short; of the
 * other types to sum i mod 4, two by two. Where the innermost axis is kept, a row of results is
 * added at once. Work is cut into parts of some {@link #GRAIN} numbers, which are added in order.
 */
final class Summation {
  private static final int GRAIN = 1 << 17;

  /** Sums that C2 turns into vector instructions: it knows doubles are not where floats are. */
  private static final int LANES = 64;

  /** Results of a row that are worked on at a time; their sums stay in the first-level cache. */
  private static final int COLUMNS = 1 << 10;

  private final Arr x;
  private final Reduction walk;
  private final int outer;
  private final int inner;
  private final int run;

  private Summation(Arr x, Reduction walk) {
    this.x = x;
    this.walk = walk;
    this.outer = walk.outerCount();
    this.inner = walk.innerCount();
    this.run = walk.run();
  }

  /** Writes the sums of an array that is not empty. */
  static void of(Arr x, Reduction walk, Arr y) {
    var sums = new Summation(x, walk);
    if (walk.innermost()) {
      sums.runs(y);
    } else {
      sums.rows(y);
    }
  }

  /** Each result from contiguous runs, of which a part is some runs or a piece of one. */
  private void runs(Arr y) {
    int pieces = Math.ceilDiv(run, GRAIN);
    int piece = Math.ceilDiv(run, pieces);
    int height = Math.max(1, GRAIN / run);
    int parts = Math.ceilDiv(inner, height) * pieces;
    double[] partial = new double[parts == 1 ? 0 : outer * parts];
    Parallel.forEach(
        outer * parts,
        Math.max(1, GRAIN / (Math.min(inner, height) * piece)),
        (from, to) -> {
          double[] lanes = new double[piece < LANES ? 0 : LANES];
          for (int t = from; t < to; t++) {
            int first = t % parts / pieces * height;
            int column = t % pieces * piece;
            int count = Math.min(piece, run - column);
            double sum = 0;
            for (int r = first; r < Math.min(inner, first + height); r++) {
              sum += sum(walk.outer(t / parts) + walk.inner(r) + column, count, lanes);
            }
            if (parts == 1) {
              y.set(t, sum + total(lanes));
            } else {
              partial[t] = sum + total(lanes);
            }
          }
        });
    for (int o = 0; o < outer && parts > 1; o++) {
      double sum = 0;
      for (int p = 0; p < parts; p++) {
        sum += partial[o * parts + p];
      }
      y.set(o, sum);
    }
  }

  /** The sum of a run, or of what did not go into the lanes. */
  private double sum(int from, int count, double[] lanes) {
    return switch (x.dtype()) {
      case F32 -> {
        int rest = count;
        if (lanes.length > 0) {
          rest = count % LANES;
          add(x.f32(), from, count - rest, lanes);
        }
        yield sum(x.f32(), from + count - rest, from + count);
      }
      case F64 -> sum(x.f64(), from, from + count);
      case I32, BOOL -> {
        double sum = 0;
        for (int i = from; i < from + count; i++) {
          sum += x.get(i);
        }
        yield sum;
      }
    };
  }

  private static void add(float[] x, int from, int count, double[] lanes) {
    int end = from + count;
    int i = from;
    for (; i + 4 * LANES <= end; i += 4 * LANES) {
      for (int j = 0, p = i; j < LANES; j++, p++) {
        double first = (double) x[p] + x[p + LANES];
        double second = (double) x[p + 2 * LANES] + x[p + 3 * LANES];
        lanes[j] += first + second;
      }
    }
    for (; i < end; i += LANES) {
      for (int j = 0; j < LANES; j++) {
        lanes[j] += x[i + j];
      }
    }
  }

  private static double sum(float[] x, int from, int to) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = from;
    for (; i + 3 < to; i += 4) {
      a += x[i];
      b += x[i + 1];
      c += x[i + 2];
      d += x[i + 3];
    }
    for (; i < to; i++) {
      a += x[i];
    }
    return a + b + (c + d);
  }

  private static double sum(double[] x, int from, int to) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = from;
    for (; i + 7 < to; i += 8) {
      a += x[i] + x[i + 4];
      b += x[i + 1] + x[i + 5];
      c += x[i + 2] + x[i + 6];
      d += x[i + 3] + x[i + 7];
    }
    for (; i < to; i++) {
      a += x[i];
    }
    return a + b + (c + d);
  }

  /** The lanes added by halves; leaves them empty. */
  private static double total(double[] lanes) {
    if (lanes.length == 0) {
      return 0;
    }
    for (int half = LANES / 2; half > 0; half /= 2) {
      for (int j = 0; j < half; j++) {
        lanes[j] += lanes[j + half];
      }
    }
    double total = lanes[0];
    Arrays.fill(lanes, 0);
    return total;
  }

  /** Rows of results at once, in blocks of columns, of which a part is some rows. */
  private void rows(Arr y) {
    int columns = Math.min(run, COLUMNS);
    int blocks = Math.ceilDiv(run, columns);
    int height = GRAIN / columns;
    int parts = Math.ceilDiv(inner, height);
    double[][] partial = new double[parts == 1 ? 0 : parts][outer * run];
    Parallel.forEach(
        outer * blocks * parts,
        Math.max(1, GRAIN / (Math.min(inner, height) * columns)),
        (from, to) -> {
          double[] row = new double[columns];
          for (int t = from; t < to; t++) {
            int part = t % parts;
            int column = t / parts % blocks * columns;
            int o = t / parts / blocks;
            int count = Math.min(columns, run - column);
            Arrays.fill(row, 0);
            for (int r = part * height; r < Math.min(inner, (part + 1) * height); r++) {
              addRow(walk.outer(o) + walk.inner(r) + column, count, row);
            }
            if (parts == 1) {
              write(row, count, y, o * run + column);
            } else {
              System.arraycopy(row, 0, partial[part], o * run + column, count);
            }
          }
        });
    for (int i = 0; i < outer * run && parts > 1; i++) {
      double sum = 0;
      for (double[] p : partial) {
        sum += p[i];
      }
      y.set(i, sum);
    }
  }

  private static void write(double[] row, int count, Arr y, int at) {
    for (int i = 0; i < count; i++) {
      y.set(at + i, row[i]);
    }
  }

  private void addRow(int from, int count, double[] row) {
    switch (x.dtype()) {
      case F32 -> {
        float[] data = x.f32();
        for (int i = 0; i < count; i++) {
          row[i] += data[from + i];
        }
      }
      case F64 -> {
        double[] data = x.f64();
        for (int i = 0; i < count; i++) {
          row[i] += data[from + i];
        }
      }
      case I32, BOOL -> {
        for (int i = 0; i < count; i++) {
          row[i] += x.get(from + i);
        }
      }
    }
  }
}
