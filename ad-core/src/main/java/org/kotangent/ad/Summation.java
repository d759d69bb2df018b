package org.kotangent.ad;

import java.util.Arrays;
import java.util.List;

/**
 * Adds numbers along some axes, in double and in an order that depends on the shape alone, whether
 * they are there or are computed as they are read.
 *
 * <p>Where the innermost axis is reduced, each result adds contiguous runs; see {@link RunSum}.
 * Where the innermost axis is kept, a row of results is added at once. Work is cut into parts of
 * some {@link #GRAIN} numbers, which are added in order.
 */
final class Summation {
  /** Where the sums of array {@code of} go, each divided by a number. */
  record Total(int of, Arr y, double divisor) {
    private void set(int i, double sum) {
      y.set(i, sum / divisor);
    }
  }

  private static final int GRAIN = 1 << 15;

  /** Results of a row that are worked on at a time; their sums stay in the first-level cache. */
  private static final int COLUMNS = 1 << 10;

  /** Parts of a row of results, which are added by one thread. */
  private static final int MOST_PARTS = 64;

  /** Numbers in a row that pay for starting a loop. */
  private static final int ENOUGH = 256;

  private final Numbers x;
  private final Reduction walk;
  private final List<Total> totals;
  private final int outer;
  private final int inner;
  private final int run;
  private final int stretch;

  private Summation(Numbers x, Reduction walk, List<Total> totals) {
    this.x = x;
    this.walk = walk;
    this.totals = totals;
    this.outer = walk.outerCount();
    this.inner = walk.innerCount();
    this.run = walk.run();
    this.stretch = walk.stretch();
  }

  /** Writes the sums of arrays that are not empty, one for each total. */
  static void of(Numbers x, Reduction walk, List<Total> totals) {
    var sums = new Summation(x, walk, totals);
    if (walk.innermost()) {
      sums.runs();
    } else {
      sums.rows();
    }
  }

  /** Whether numbers are read so many at a time that it is worth computing them then. */
  static boolean suitsBlocks(Reduction walk) {
    boolean divided = !walk.innermost() && walk.run() > COLUMNS;
    return divided || walk.stretch() >= ENOUGH || walk.isStraight();
  }

  /** Each result from contiguous runs, of which a part is some runs or a piece of one. */
  private void runs() {
    int pieces = Math.ceilDiv(run, GRAIN);
    int piece = Math.ceilDiv(run, pieces);
    int height = Math.max(1, GRAIN / run);
    int parts = Math.ceilDiv(inner, height) * pieces;
    int tasks = outer * parts;
    double[][] partial = new double[totals.size()][parts == 1 ? 0 : tasks];
    Parallel.forEach(
        tasks,
        Math.max(1, x.grain() / (Math.min(inner, height) * piece)),
        (from, to) -> {
          Numbers.Reader reader = x.reader();
          RunSum[] sums = new RunSum[totals.size()];
          Arrays.setAll(sums, k -> new RunSum(x.type(totals.get(k).of()), piece));
          int next = to % parts;
          int end =
              to == tasks
                  ? Integer.MAX_VALUE
                  : walk.outer(to / parts) + walk.inner(next / pieces * height);
          for (int t = from; t < to; t++) {
            int first = t % parts / pieces * height;
            int column = t % pieces * piece;
            int count = Math.min(piece, run - column);
            for (int r = first; r < Math.min(inner, first + height); r++) {
              add(reader, sums, walk.outer(t / parts) + walk.inner(r) + column, count, end);
            }
            for (int k = 0; k < sums.length; k++) {
              double sum = sums[k].total();
              if (parts == 1) {
                totals.get(k).set(t, sum);
              } else {
                partial[k][t] = sum;
              }
            }
          }
        });
    for (int k = 0; k < partial.length && parts > 1; k++) {
      for (int o = 0; o < outer; o++) {
        double sum = 0;
        for (int p = 0; p < parts; p++) {
          sum += partial[k][o * parts + p];
        }
        totals.get(k).set(o, sum);
      }
    }
  }

  /** Adds a run, in as many pieces as it is read in. */
  private void add(Numbers.Reader reader, RunSum[] sums, int from, int count, int end) {
    for (int done = 0; done < count; ) {
      int some = Math.min(count - done, x.most());
      reader.seek(from + done, some, until(from + done, some, end));
      for (int k = 0; k < sums.length; k++) {
        int of = totals.get(k).of();
        sums[k].add(reader.data(of), reader.place(of, from + done), some, done + some == count);
      }
      done += some;
    }
  }

  /** How far whole runs are read one after the other, before that of the given end. */
  private int until(int from, int count, int end) {
    if (count < run) {
      return from + count;
    }
    int until = (from / stretch + 1) * stretch;
    return end > from && end < until ? end : until;
  }

  /** Rows of results at once, in blocks of columns, of which a part is some rows. */
  private void rows() {
    int blocks = Math.ceilDiv(run, COLUMNS);
    int columns = Math.ceilDiv(run, blocks);
    int height = Math.max(GRAIN / columns, Math.ceilDiv(inner, MOST_PARTS));
    int parts = Math.ceilDiv(inner, height);
    int tasks = outer * blocks * parts;
    double[][][] partial = new double[totals.size()][parts == 1 ? 0 : parts][outer * run];
    Parallel.forEach(
        tasks,
        Math.max(1, x.grain() / (Math.min(inner, height) * columns)),
        (from, to) -> {
          Numbers.Reader reader = x.reader();
          double[][] rows = new double[totals.size()][columns];
          int end =
              to == tasks
                  ? Integer.MAX_VALUE
                  : walk.outer(to / parts / blocks) + walk.inner(to % parts * height);
          for (int t = from; t < to; t++) {
            int part = t % parts;
            int column = t / parts % blocks * columns;
            int o = t / parts / blocks;
            int count = Math.min(columns, run - column);
            for (int r = part * height; r < Math.min(inner, (part + 1) * height); r++) {
              int at = walk.outer(o) + walk.inner(r) + column;
              reader.seek(at, count, until(at, count, end));
              for (int k = 0; k < rows.length; k++) {
                int of = totals.get(k).of();
                addRow(x.type(of), reader.data(of), reader.place(of, at), count, rows[k]);
              }
            }
            for (int k = 0; k < rows.length; k++) {
              if (parts == 1) {
                write(rows[k], count, totals.get(k), o * run + column);
              } else {
                System.arraycopy(rows[k], 0, partial[k][part], o * run + column, count);
              }
              Arrays.fill(rows[k], 0);
            }
          }
        });
    for (int k = 0; k < partial.length && parts > 1; k++) {
      for (int i = 0; i < outer * run; i++) {
        double sum = 0;
        for (double[] p : partial[k]) {
          sum += p[i];
        }
        totals.get(k).set(i, sum);
      }
    }
  }

  private static void write(double[] row, int count, Total total, int at) {
    for (int i = 0; i < count; i++) {
      total.set(at + i, row[i]);
    }
  }

  private static void addRow(DType type, Object data, int from, int count, double[] row) {
    switch (type) {
      case F32 -> {
        float[] x = (float[]) data;
        for (int i = 0; i < count; i++) {
          row[i] += x[from + i];
        }
      }
      case F64 -> {
        double[] x = (double[]) data;
        for (int i = 0; i < count; i++) {
          row[i] += x[from + i];
        }
      }
      case I32 -> {
        int[] x = (int[]) data;
        for (int i = 0; i < count; i++) {
          row[i] += x[from + i];
        }
      }
      case BOOL -> {
        boolean[] x = (boolean[]) data;
        for (int i = 0; i < count; i++) {
          row[i] += x[from + i] ? 1 : 0;
        }
      }
    }
  }
}
