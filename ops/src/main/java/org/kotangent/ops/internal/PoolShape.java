package org.kotangent.ops.internal;

/**
 * The sizes of a pooling over the last two axes.
 *
 * @param planes how many images of one channel
 * @param height the window along the rows
 * @param width the window along the columns
 */
public record PoolShape(int planes, Taps height, Taps width) {
  /** Numbers of one plane of the input. */
  int plane() {
    return height.in() * width.in();
  }

  /** Windows of one plane. */
  int windows() {
    return height.out() * width.out();
  }

  /** The columns that the taps of a row of windows look at, tap by tap. */
  Columns columns() {
    int taps = width.taps();
    int[] first = new int[taps];
    int[] end = new int[taps];
    int[] source = new int[taps];
    for (int j = 0; j < taps; j++) {
      first[j] = width.firstInside(j);
      end[j] = width.endInside(j);
      source[j] = width.source(first[j], j);
    }
    return new Columns(width.stride(), first, end, source);
  }

  /** What each tap looks at in a line, worked out once because divisions are slow. */
  static final class Columns {
    private final int stride;
    private final int[] first;
    private final int[] end;
    private final int[] source;

    private Columns(int stride, int[] first, int[] end, int[] source) {
      this.stride = stride;
      this.first = first;
      this.end = end;
      this.source = source;
    }

    int taps() {
      return first.length;
    }

    /** From one window to the next. */
    int stride() {
      return stride;
    }

    /** The first window whose tap lies inside the plane. */
    int first(int tap) {
      return first[tap];
    }

    /** The first window after those. */
    int end(int tap) {
      return end[tap];
    }

    /** The column that the tap of its first window looks at. */
    int source(int tap) {
      return source[tap];
    }
  }
}
