package org.kotangent.ops;

import org.kotangent.ad.Shape;
import org.kotangent.ops.internal.Taps;

/**
 * How many windows fit along an axis: O = 1 + ⌊(I + P₋ + P₊ − D(F − 1) − 1)/S⌋. Source: Vedaldi
 * 2022, eq. 3.4.
 */
final class Windows {
  private Windows() {}

  static Taps rows(String op, Shape x, Shape window, Conv2d conv) {
    return axis(
        op,
        "height",
        x,
        -2,
        window.dim(-2),
        conv.strideHeight(),
        conv.dilationHeight(),
        conv.padding().top(),
        conv.padding().bottom(),
        false);
  }

  static Taps columns(String op, Shape x, Shape window, Conv2d conv) {
    return axis(
        op,
        "width",
        x,
        -1,
        window.dim(-1),
        conv.strideWidth(),
        conv.dilationWidth(),
        conv.padding().left(),
        conv.padding().right(),
        false);
  }

  static Taps rows(String op, Shape x, Pool2d pool) {
    return axis(
        op,
        "height",
        x,
        -2,
        pool.height(),
        pool.strideHeight(),
        pool.dilationHeight(),
        pool.padding().top(),
        pool.padding().bottom(),
        pool.ceil());
  }

  static Taps columns(String op, Shape x, Pool2d pool) {
    return axis(
        op,
        "width",
        x,
        -1,
        pool.width(),
        pool.strideWidth(),
        pool.dilationWidth(),
        pool.padding().left(),
        pool.padding().right(),
        pool.ceil());
  }

  private static Taps axis(
      String op,
      String side,
      Shape x,
      int axis,
      int taps,
      int stride,
      int dilation,
      int before,
      int after,
      boolean ceil) {
    int in = x.dim(axis);
    int padded = in + before + after;
    int extent = dilation * (taps - 1) + 1;
    if (taps < 1 || extent > padded) {
      throw Checks.shape(
          op,
          "the window must fit into the padded image",
          "x: "
              + x
              + ", "
              + side
              + " of the window: "
              + extent
              + " ("
              + extent
              + " > "
              + padded
              + ")",
          "use a smaller window or more padding");
    }
    int windows = 1 + (padded - extent) / stride;
    boolean another = ceil && (padded - extent) % stride != 0 && windows * stride < in + before;
    return new Taps(in, another ? windows + 1 : windows, taps, stride, dilation, before, after);
  }
}
