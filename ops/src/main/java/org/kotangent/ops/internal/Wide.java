package org.kotangent.ops.internal;

import org.kotangent.ad.Arr;
import org.kotangent.ad.DType;

/** Moves numbers of either floating type to doubles, where kernels compute, and back. */
final class Wide {
  private Wide() {}

  /** Reads {@code to[i] = source[from + i·step]} for i in [0, count). */
  static void read(Arr source, int from, int step, double[] to, int count) {
    switch (source.dtype()) {
      case F32 -> {
        float[] data = source.f32();
        if (step == 1) {
          for (int i = 0; i < count; i++) {
            to[i] = data[from + i];
          }
        } else {
          for (int i = 0, p = from; i < count; i++, p += step) {
            to[i] = data[p];
          }
        }
      }
      case F64 -> {
        double[] data = source.f64();
        for (int i = 0, p = from; i < count; i++, p += step) {
          to[i] = data[p];
        }
      }
      case I32, BOOL -> throw new IllegalArgumentException(source.spec().toString());
    }
  }

  /** Writes {@code target[to + i·step] = from[i]}, rounded, for i in [0, count). */
  static void write(double[] from, Arr target, int to, int step, int count) {
    switch (target.dtype()) {
      case F32 -> {
        float[] data = target.f32();
        if (step == 1) {
          for (int i = 0; i < count; i++) {
            data[to + i] = (float) from[i];
          }
        } else {
          for (int i = 0, p = to; i < count; i++, p += step) {
            data[p] = (float) from[i];
          }
        }
      }
      case F64 -> {
        double[] data = target.f64();
        for (int i = 0, p = to; i < count; i++, p += step) {
          data[p] = from[i];
        }
      }
      case I32, BOOL -> throw new IllegalArgumentException(target.spec().toString());
    }
  }

  /** The sum of some numbers, as four interleaved sums that are added at the end. */
  static double sum(double[] x, int from, int count) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int to = from + count;
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

  /** Reads {@code to[at + i] = source[from + offsets[i]]}. */
  static void gather(Arr source, int from, int[] offsets, double[] to, int at) {
    if (source.dtype() == DType.F32) {
      float[] data = source.f32();
      for (int i = 0; i < offsets.length; i++) {
        to[at + i] = data[from + offsets[i]];
      }
    } else {
      double[] data = source.f64();
      for (int i = 0; i < offsets.length; i++) {
        to[at + i] = data[from + offsets[i]];
      }
    }
  }

  /** Writes {@code target[to + offsets[i]] = from[at + i]}, rounded. */
  static void scatter(double[] from, int at, Arr target, int to, int[] offsets) {
    if (target.dtype() == DType.F32) {
      float[] data = target.f32();
      for (int i = 0; i < offsets.length; i++) {
        data[to + offsets[i]] = (float) from[at + i];
      }
    } else {
      double[] data = target.f64();
      for (int i = 0; i < offsets.length; i++) {
        data[to + offsets[i]] = from[at + i];
      }
    }
  }
}
