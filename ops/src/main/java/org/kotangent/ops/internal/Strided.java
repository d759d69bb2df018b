package org.kotangent.ops.internal;

import org.kotangent.ad.Arr;
import org.kotangent.ad.Parallel;

/** Copies between arrays in which the neighbours along each axis lie a given distance apart. */
public final class Strided {
  private static final int GRAIN = 1 << 14;

  private final int[] dims;
  private final int[] read;
  private final int[] write;
  private int rank;

  private Strided(int capacity) {
    this.dims = new int[capacity];
    this.read = new int[capacity];
    this.write = new int[capacity];
  }

  /**
   * Copies a block of the given sizes; distances may be negative.
   *
   * @param fromStart where its first element is read
   * @param fromSteps the distance between neighbours along each axis where they are read
   * @param toStart where its first element is written
   * @param toSteps the distance where they are written
   */
  public static void copy(
      int[] dims, Arr from, int fromStart, int[] fromSteps, Arr to, int toStart, int[] toSteps) {
    Strided walk = new Strided(dims.length);
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] == 0) {
        return;
      }
      walk.append(dims[i], fromSteps[i], toSteps[i]);
    }
    walk.run(from, fromStart, to, toStart);
  }

  /** Adds an inner axis; merges it with the one around it where both sides go on evenly. */
  private void append(int dim, int readStep, int writeStep) {
    if (dim == 1) {
      return;
    }
    int last = rank - 1;
    if (rank > 0 && read[last] == dim * readStep && write[last] == dim * writeStep) {
      dims[last] *= dim;
    } else {
      last = rank++;
      dims[last] = dim;
    }
    read[last] = readStep;
    write[last] = writeStep;
  }

  private void run(Arr from, int fromStart, Arr to, int toStart) {
    if (rank == 0) {
      copyRow(1, from, fromStart, 1, to, toStart, 1);
      return;
    }
    int inner = rank - 1;
    int rows = 1;
    for (int a = 0; a < inner; a++) {
      rows *= dims[a];
    }
    Parallel.forEach(
        rows,
        Math.max(1, GRAIN / dims[inner]),
        (first, end) -> {
          for (int r = first; r < end; r++) {
            int readAt = fromStart;
            int writeAt = toStart;
            for (int a = inner - 1, rest = r; a >= 0; rest /= dims[a--]) {
              int k = rest % dims[a];
              readAt += k * read[a];
              writeAt += k * write[a];
            }
            copyRow(dims[inner], from, readAt, read[inner], to, writeAt, write[inner]);
          }
        });
  }

  private static void copyRow(
      int n, Arr from, int readAt, int readStep, Arr to, int writeAt, int writeStep) {
    if (readStep == 1 && writeStep == 1) {
      System.arraycopy(from.data(), readAt, to.data(), writeAt, n);
      return;
    }
    switch (from.dtype()) {
      case F32 -> {
        float[] x = from.f32();
        float[] y = to.f32();
        for (int i = 0; i < n; i++) {
          y[writeAt + i * writeStep] = x[readAt + i * readStep];
        }
      }
      case F64 -> {
        double[] x = from.f64();
        double[] y = to.f64();
        for (int i = 0; i < n; i++) {
          y[writeAt + i * writeStep] = x[readAt + i * readStep];
        }
      }
      case I32, BOOL -> {
        for (int i = 0; i < n; i++) {
          to.set(writeAt + i * writeStep, from.get(readAt + i * readStep));
        }
      }
    }
  }
}
