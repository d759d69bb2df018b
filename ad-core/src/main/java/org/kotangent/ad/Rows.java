package org.kotangent.ad;

import java.util.Arrays;

/**
 * How the elements of operands of different shapes go together when they broadcast: row by row,
 * where within a row each operand either moves along with the result or stays at one number.
 * Neighbouring axes along which all operands move alike are one axis, so that operands of one shape
 * are a single row.
 */
final class Rows {
  /** The walk of operands that all have the shape of the result. */
  static final Rows ALIKE = new Rows(0, 1, new int[0], new int[1][0]);

  private static final int[] NOWHERE = {};

  /** Where operands are, for the loop that a thread runs. */
  private static final ThreadLocal<int[]> AT = ThreadLocal.withInitial(() -> new int[32]);

  private final int operands;
  private final int length;
  private final int[] dims;
  private final int[][] strides;
  private final long single;
  private final long shifted;
  private final int[] step;

  private Rows(int operands, int length, int[] dims, int[][] strides) {
    this.operands = operands;
    this.length = length;
    this.dims = dims;
    this.strides = strides;
    long stay = 0;
    long apart = 0;
    for (int k = 0; k < operands; k++) {
      stay |= isSingle(k) ? 1L << k : 0;
      apart |= isSingle(k) || isAligned(k) ? 0 : 1L << k;
    }
    this.single = stay;
    this.shifted = apart;
    this.step = dims.length == 0 ? new int[operands] : strides[1].clone();
    for (int k = 0; k < operands && dims.length > 0; k++) {
      step[k] -= isSingle(k) ? 0 : length;
    }
  }

  /** The walk over a result of the given shape, to which all operands broadcast. */
  static Rows of(Shape result, Shape... in) {
    int rank = result.rank();
    int[] sizes = new int[rank];
    int[][] steps = new int[rank][];
    int axes = 0;
    for (int axis = rank - 1; axis >= 0; axis--) {
      int d = result.dim(axis);
      if (d == 1) {
        continue;
      }
      int[] step = steps(result, axis, in);
      if (axes > 0 && continues(steps[axes - 1], sizes[axes - 1], step)) {
        sizes[axes - 1] *= d;
      } else {
        sizes[axes] = d;
        steps[axes++] = step;
      }
    }
    int outer = Math.max(axes - 1, 0);
    int[] dims = new int[outer];
    int[][] strides = new int[outer + 1][];
    strides[0] = axes == 0 ? new int[in.length] : steps[0];
    for (int i = 0; i < outer; i++) {
      dims[i] = sizes[i + 1];
      strides[i + 1] = steps[i + 1];
    }
    return new Rows(in.length, axes == 0 ? 1 : sizes[0], dims, strides);
  }

  /** How far each operand moves with one step along an axis of the result. */
  private static int[] steps(Shape result, int axis, Shape[] in) {
    int[] step = new int[in.length];
    for (int k = 0; k < in.length; k++) {
      int own = axis - (result.rank() - in[k].rank());
      step[k] = own >= 0 && in[k].dim(own) != 1 ? in[k].strides()[own] : 0;
    }
    return step;
  }

  /** Whether an axis goes on where an inner one of the given size ends, for every operand. */
  private static boolean continues(int[] inner, int size, int[] outer) {
    for (int k = 0; k < inner.length; k++) {
      if (outer[k] != inner[k] * size) {
        return false;
      }
    }
    return true;
  }

  /** Bit k is set when operand k is one number throughout each row. */
  long single() {
    return single;
  }

  /** Bit k is set when operand k moves along, but not at the position of the result. */
  long shifted() {
    return shifted;
  }

  private boolean isSingle(int k) {
    return strides[0][k] == 0;
  }

  /** Whether operand {@code k} is at the position of the result throughout. */
  private boolean isAligned(int k) {
    int position = length;
    boolean aligned = length == 1 || strides[0][k] == 1;
    for (int axis = 0; axis < dims.length; axis++) {
      aligned &= strides[axis + 1][k] == position;
      position *= dims[axis];
    }
    return aligned;
  }

  /** How far operands move from row to row, with places for so many operands and results. */
  int[] step(int places) {
    return Arrays.copyOf(step, places);
  }

  /**
   * Runs a loop over elements {@code from} (inclusive) to {@code to} (exclusive) of the results.
   */
  void run(Loop loop, Object[] in, Object[] out, int from, int to) {
    if ((single | shifted) == 0) {
      loop.run(in, NOWHERE, NOWHERE, out, from, to - from, 1, 0);
    } else {
      run(loop, in, places(), step, out, from, to);
    }
  }

  private int[] places() {
    int[] at = AT.get();
    return at.length < operands ? new int[operands] : at;
  }

  /** Runs a loop over parts of rows of the results whose beginnings are {@code pitch} apart. */
  void run(Loop loop, Object[] in, Object[] out, int from, int length, int rows, int pitch) {
    if ((single | shifted) == 0) {
      loop.run(in, NOWHERE, NOWHERE, out, from, length, rows, pitch);
    } else if (pitch == this.length && from % pitch + length <= pitch && rows <= outer(from)) {
      int[] at = places();
      seek(from / pitch, from % pitch, from, at);
      loop.run(in, at, step, out, from, length, rows, pitch);
    } else {
      for (int row = 0; row < rows; row++) {
        int start = from + row * pitch;
        run(loop, in, out, start, start + length);
      }
    }
  }

  /** How many rows there are, from that of an element on, along the axis around rows. */
  private int outer(int element) {
    return dims.length == 0 ? 1 : dims[0] - element / length % dims[0];
  }

  /**
   * The same for a loop with results at other places, which stand in {@code at} behind those of
   * operands.
   *
   * @param step from {@link #step}
   */
  void run(Loop loop, Object[] in, int[] at, int[] step, Object[] out, int from, int to) {
    if ((single | shifted) == 0) {
      loop.run(in, at, step, out, from, to - from, 1, 0);
      return;
    }
    for (int start = from; start < to; ) {
      int column = start % length;
      seek(start / length, column, start, at);
      if (column > 0 || to - start < length) {
        int end = Math.min(to, start - column + length);
        loop.run(in, at, step, out, start, end - start, 1, 0);
        start = end;
      } else {
        int rows = Math.min(outer(start), (to - start) / length);
        loop.run(in, at, step, out, start, length, rows, length);
        start += rows * length;
      }
    }
  }

  /**
   * Finds where the operands are at an element of the result: a single one by its position, another
   * by how far it is ahead of the result.
   */
  private void seek(int row, int column, int element, int[] at) {
    for (int k = 0; k < operands; k++) {
      at[k] = strides[0][k] == 0 ? 0 : column - element;
    }
    int rest = row;
    for (int axis = 0; axis < dims.length; axis++) {
      int i = rest % dims[axis];
      rest /= dims[axis];
      for (int k = 0; k < operands; k++) {
        at[k] += i * strides[axis + 1][k];
      }
    }
  }
}
