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

  /** Results with runs side by side that are added together. */
  private static final int TOGETHER = 64;

  /** Numbers in a row that pay for starting a loop. */
  private static final int ENOUGH = 256;

  private static final double[] NONE = {};

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
    int together =
        walk.innermost()
            ? walk.run() * Math.min(TOGETHER, walk.width())
            : Math.min(COLUMNS, walk.stretch());
    return together >= ENOUGH || walk.isStraight();
  }

  /**
   * Each result from contiguous runs, of which a part is some rows or a piece of one run. Results
   * whose runs lie side by side are added together.
   */
  private void runs() {
    int pieces = Math.ceilDiv(run, GRAIN);
    int piece = Math.ceilDiv(run, pieces);
    int most = pieces > 1 ? 1 : Math.min(TOGETHER, walk.width());
    int bands = Math.ceilDiv(inner, Math.max(1, GRAIN / (most * run)));
    int height = Math.ceilDiv(inner, bands);
    int parts = Math.ceilDiv(inner, height) * pieces;
    int tasks = outer * parts;
    double[] partial = parts == 1 ? NONE : Scratch.mine().parts(totals.size() * tasks);
    Parallel.forEach(
        tasks,
        Math.max(most, x.grain() / (height * piece)),
        (from, to) -> {
          Numbers.Reader reader = x.reader();
          double[] sums = Scratch.mine().sums(totals.size() * most);
          for (int t = from; t < to; ) {
            int part = t / outer;
            int o = t % outer;
            int some = Math.min(Math.min(most, to - t), walk.width() - o % walk.width());
            int top = part / pieces * height;
            int last = Math.min(inner, top + height);
            int column = part % pieces * piece;
            int count = Math.min(piece, run - column);
            int until = pieces > 1 ? 0 : ahead(some, last, to);
            Arrays.fill(sums, 0, totals.size() * most, 0);
            for (int r = top; r < last; r++) {
              int at = walk.outer(o) + walk.inner(r) + column;
              add(reader, sums, most, some, at, count, until);
            }
            for (int k = 0; k < totals.size(); k++) {
              if (parts == 1) {
                write(sums, k * most, some, totals.get(k), o);
              } else {
                System.arraycopy(sums, k * most, partial, k * tasks + t, some);
              }
            }
            t += some;
          }
        });
    for (int k = 0; k < totals.size() && parts > 1; k++) {
      for (int o = 0; o < outer; o++) {
        double sum = 0;
        for (int t = o; t < tasks; t += outer) {
          sum += partial[k * tasks + t];
        }
        totals.get(k).set(o, sum);
      }
    }
  }

  /** How far a thread reads on in memory that adds so many runs, up to a row and a task. */
  private int ahead(int some, int last, int to) {
    if (inner == 1) {
      return to * run;
    }
    return some == outer ? walk.inner(last - 1) + outer * run : 0;
  }

  /**
   * Adds some runs that lie side by side, each to a sum of its own. Those up to element {@code
   * until} are next.
   */
  private void add(
      Numbers.Reader reader, double[] sums, int most, int some, int from, int count, int until) {
    int end = from + some * count;
    for (int at = from; at < end; ) {
      int unit = Math.min(count - (at - from) % count, RunSum.MOST);
      int there = reader.seek(at, unit, unit < count ? at + unit : Math.max(end, until));
      int runs = unit < count ? 1 : Math.min(there, end - at) / unit;
      for (int k = 0; k < totals.size(); k++) {
        int of = totals.get(k).of();
        int first = k * most + (at - from) / count;
        RunSum.add(x.type(of), reader.data(of), reader.place(of, at), unit, runs, sums, first);
      }
      at += runs * unit;
    }
  }

  /** How far whole rows are read one after the other, before that of the given end. */
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
    int results = outer * run;
    double[] partial = parts == 1 ? NONE : Scratch.mine().parts(totals.size() * parts * results);
    Parallel.forEach(
        tasks,
        Math.max(1, x.grain() / (Math.min(inner, height) * columns)),
        (from, to) -> {
          Numbers.Reader reader = x.reader();
          double[] sums = Scratch.mine().sums(totals.size() * columns);
          int end =
              to == tasks
                  ? Integer.MAX_VALUE
                  : walk.outer(to / parts / blocks) + walk.inner(to % parts * height);
          for (int t = from; t < to; t++) {
            int part = t % parts;
            int column = t / parts % blocks * columns;
            int o = t / parts / blocks;
            int count = Math.min(columns, run - column);
            int last = Math.min(inner, (part + 1) * height);
            Arrays.fill(sums, 0, totals.size() * columns, 0);
            for (int r = part * height; r < last; ) {
              int at = walk.outer(o) + walk.inner(r) + column;
              int some = Math.min(last - r, reader.seek(at, count, until(at, count, end)) / count);
              for (int k = 0; k < totals.size(); k++) {
                int of = totals.get(k).of();
                int place = reader.place(of, at);
                addRows(x.type(of), reader.data(of), place, some, count, sums, k * columns);
              }
              r += some;
            }
            for (int k = 0; k < totals.size(); k++) {
              int result = o * run + column;
              if (parts == 1) {
                write(sums, k * columns, count, totals.get(k), result);
              } else {
                int at = (k * parts + part) * results + result;
                System.arraycopy(sums, k * columns, partial, at, count);
              }
            }
          }
        });
    for (int k = 0; k < totals.size() && parts > 1; k++) {
      for (int i = 0; i < results; i++) {
        double sum = 0;
        for (int p = 0; p < parts; p++) {
          sum += partial[(k * parts + p) * results + i];
        }
        totals.get(k).set(i, sum);
      }
    }
  }

  private static void write(double[] sums, int from, int count, Total total, int at) {
    for (int i = 0; i < count; i++) {
      total.set(at + i, sums[from + i]);
    }
  }

  /** Adds some rows of {@code count} numbers. */
  private static void addRows(
      DType type, Object data, int from, int some, int count, double[] sums, int first) {
    int end = from + some * count;
    switch (type) {
      case F32 -> {
        float[] x = (float[]) data;
        for (int at = from; at < end; at += count) {
          for (int i = 0; i < count; i++) {
            sums[first + i] += x[at + i];
          }
        }
      }
      case F64 -> {
        double[] x = (double[]) data;
        for (int at = from; at < end; at += count) {
          for (int i = 0; i < count; i++) {
            sums[first + i] += x[at + i];
          }
        }
      }
      case I32 -> {
        int[] x = (int[]) data;
        for (int at = from; at < end; at += count) {
          for (int i = 0; i < count; i++) {
            sums[first + i] += x[at + i];
          }
        }
      }
      case BOOL -> {
        boolean[] x = (boolean[]) data;
        for (int at = from; at < end; at += count) {
          for (int i = 0; i < count; i++) {
            sums[first + i] += x[at + i] ? 1 : 0;
          }
        }
      }
    }
  }
}
