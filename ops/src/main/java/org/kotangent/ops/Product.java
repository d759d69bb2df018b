package org.kotangent.ops;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.kotangent.ad.Core;
import org.kotangent.ad.DType;
import org.kotangent.ad.Reduction;
import org.kotangent.ad.Shape;
import org.kotangent.ad.Spec;
import org.kotangent.ad.Tensor;

/**
 * Product over axes as a tree: halves are multiplied with each other until one number is left. It
 * needs no rule of its own, because those of multiplication are right at zeros, to any order, and
 * its error grows with the logarithm of the number of factors.
 */
final class Product {
  private Product() {}

  /** The product over the given axes, ascending and counted from 0, which are kept with size 1. */
  static Tensor of(Tensor x, int[] axes) {
    if (x.dtype() == DType.BOOL) {
      throw Checks.dtype("prod", "needs numbers", "x: " + x.spec(), "convert with to(DType.I32)");
    }
    Shape kept = Reduction.kept(x.shape(), axes);
    int n = Arrays.stream(axes).map(x::dim).reduce(1, (a, b) -> a * b);
    if (n == 0) {
      return Tensor.full(new Spec(x.dtype(), kept), 1);
    }
    int[] inFront = IntStream.range(0, x.rank()).filter(a -> !contains(axes, a)).toArray();
    int[] order = IntStream.concat(Arrays.stream(axes), Arrays.stream(inFront)).toArray();
    Tensor factors = Core.reshape(Core.transpose(x, order), Shape.of(n, kept.size()));
    return Core.reshape(product(factors), kept);
  }

  private static boolean contains(int[] axes, int axis) {
    return Arrays.binarySearch(axes, axis) >= 0;
  }

  /** The product of rows. [n, m] → [1, m]. An odd row out waits until the end. */
  private static Tensor product(Tensor rows) {
    Tensor rest = rows;
    Tensor odd = null;
    while (rest.dim(0) > 1) {
      int n = rest.dim(0);
      int half = n / 2;
      if (n % 2 == 1) {
        odd = times(odd, part(rest, n - 1, 1));
      }
      rest = part(rest, 0, half).times(part(rest, half, half));
    }
    return times(odd, rest);
  }

  private static Tensor times(@Nullable Tensor a, Tensor b) {
    return a == null ? b : a.times(b);
  }

  private static Tensor part(Tensor rows, int from, int count) {
    return new Slice(Region.along(rows.shape(), 0, from, count)).apply(rows);
  }
}
