package org.kotangent.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.kotangent.ad.Shape;

/**
 * The elements of a tensor that a slice takes: along each axis, as many as the shape says, from a
 * start on, a step apart. It lies within the tensor it was made for.
 */
record Region(List<Integer> starts, List<Integer> steps, Shape shape) {

  /**
   * The region that NumPy and ONNX mean by starts, ends and steps along the leading axes: negative
   * positions count from the end, and what lies outside is cut off.
   */
  static Region of(Shape x, int[] starts, int[] ends, int[] steps) {
    if (starts.length != ends.length || starts.length != steps.length || starts.length > x.rank()) {
      throw Checks.shape(
          "slice",
          "one start, end and step is needed for each sliced axis",
          "x: "
              + x
              + ", "
              + starts.length
              + " starts, "
              + ends.length
              + " ends, "
              + steps.length
              + " steps",
          "give as many of each, at most one per axis");
    }
    int[] dims = x.toArray();
    List<Integer> from = new ArrayList<>();
    List<Integer> by = new ArrayList<>();
    for (int a = 0; a < dims.length; a++) {
      if (a < starts.length) {
        Range range = Range.of(starts[a], ends[a], steps[a], dims[a]);
        from.add(range.start());
        by.add(range.step());
        dims[a] = range.count();
      } else {
        from.add(0);
        by.add(1);
      }
    }
    return new Region(from, by, Shape.of(dims));
  }

  /** The region from start to end along one axis. */
  static Region of(Shape x, int start, int end, int axis) {
    Range range = Range.of(start, end, 1, x.dim(axis));
    return along(x, axis, range.start(), range.count());
  }

  /** All of {@code x}, backwards along the given axes. */
  static Region reversed(Shape x, int[] axes) {
    List<Integer> from = new ArrayList<>(Collections.nCopies(x.rank(), 0));
    List<Integer> by = new ArrayList<>(Collections.nCopies(x.rank(), 1));
    for (int a : axes) {
      from.set(a, x.dim(a) - 1);
      by.set(a, -1);
    }
    return new Region(from, by, x);
  }

  /** The region of the given shape that starts at the given positions. */
  static Region block(int[] starts, Shape shape) {
    return new Region(
        Arrays.stream(starts).boxed().toList(), Collections.nCopies(starts.length, 1), shape);
  }

  /** The part of {@code x} with positions {@code start} up to {@code start + count} of one axis. */
  static Region along(Shape x, int axis, int start, int count) {
    int[] starts = new int[x.rank()];
    starts[axis] = start;
    return block(starts, x.with(axis, count));
  }

  /** This region in every element of a batch, which is axis 0. */
  Region behind(int size) {
    return new Region(joined(0, starts), joined(1, steps), shape.insert(0, size));
  }

  private static List<Integer> joined(int first, List<Integer> rest) {
    return Stream.concat(Stream.of(first), rest.stream()).toList();
  }

  /** Where the region starts in a row-major array with the given strides. */
  int offset(int[] strides) {
    int offset = 0;
    for (int a = 0; a < strides.length; a++) {
      offset += starts.get(a) * strides[a];
    }
    return offset;
  }

  /** How far apart the neighbours along each axis lie in such an array. */
  int[] distances(int[] strides) {
    int[] distances = strides.clone();
    for (int a = 0; a < strides.length; a++) {
      distances[a] *= steps.get(a);
    }
    return distances;
  }

  /** A start, end and step along an axis, resolved. */
  private record Range(int start, int step, int count) {
    static Range of(int start, int end, int step, int size) {
      if (step == 0) {
        throw Checks.domain("slice", "a step must not be 0", "0", "give a step such as 1 or -1");
      }
      int least = step > 0 ? 0 : -1;
      int most = step > 0 ? size : size - 1;
      int from = position(start, size, least, most);
      int to = position(end, size, least, most);
      long span = step > 0 ? (long) to - from : (long) from - to;
      int count = (int) Math.max(0, Math.ceilDiv(span, Math.abs((long) step)));
      return new Range(from, step, count);
    }

    private static int position(int given, int size, int least, int most) {
      return Math.clamp(given < 0 ? given + size : given, least, most);
    }
  }
}
