package org.kotangent.ops.internal;

/**
 * The output positions that one panel of a convolution covers: rows [top, bottom) and columns
 * [left, right) of each of the images [first, last), one image's after another's. Either whole
 * images, whole rows of one image or a part of one row, so that an image's positions lie next to
 * each other.
 */
record ConvTile(ConvShape shape, int first, int last, int top, int bottom, int left, int right) {
  /** Positions of one image. */
  int run() {
    return (bottom - top) * (right - left);
  }

  /** Positions of all images. */
  int width() {
    return (last - first) * run();
  }

  /** Where the positions of an image start among all of its positions. */
  int start() {
    return top * shape.width().out() + left;
  }

  /** Packs one row of patches: what {@code term} of the filters of group {@code g} looks at. */
  <A> void packPatches(Panel<A> panel, int row, A x, int g, int term) {
    for (int image = first; image < last; image++) {
      Patch patch = patch(image, g, term);
      if (patch.lines() * patch.count() < run()) {
        panel.packZeros(row, (image - first) * run(), run());
      }
      panel.pack(row, patch, x);
    }
  }

  /** Packs the patches of one image as rows: terms [from, to) become the columns of the panel. */
  <A> void packPatchesTransposed(Panel<A> panel, A x, int g, int from, int to) {
    Taps columns = shape.width();
    for (int term = from; term < to; ) {
      int j = term % columns.taps();
      int line = Math.min(columns.taps() - j, to - term);
      // Taps of a line that never leave the image are neighbours in it and are packed together.
      boolean inside = columns.firstInside(j) <= left && columns.endInside(j + line - 1) >= right;
      int taps = inside ? line : 1;
      Patch patch = patch(first, g, term);
      if (patch.lines() * patch.count() < run()) {
        for (int i = 0; i < taps; i++) {
          panel.packZerosTransposed(term - from + i, 0, run());
        }
      }
      panel.packTransposed(term - from, taps, columns.dilation(), patch, x);
      term += taps;
    }
  }

  /** Adds sums {@code t} to the numbers that {@code term} looks at. */
  <A> void addPatches(Panel<A> panel, int t, A x, int g, int term) {
    for (int image = first; image < last; image++) {
      panel.add(t, patch(image, g, term), x);
    }
  }

  /** The numbers of an image inside the input that {@code term} looks at. */
  private Patch patch(int image, int g, int term) {
    Taps rows = shape.height();
    Taps columns = shape.width();
    int j = term % columns.taps();
    int i = term / columns.taps() % rows.taps();
    int c = term / columns.taps() / rows.taps();
    int fromRow = Math.clamp(rows.firstInside(i), top, bottom);
    int toRow = Math.clamp(rows.endInside(i), fromRow, bottom);
    int from = Math.clamp(columns.firstInside(j), left, right);
    int to = Math.clamp(columns.endInside(j), from, right);
    int pitch = right - left;
    return new Patch(
        (image - first) * run() + (fromRow - top) * pitch + from - left,
        pitch,
        shape.inputAt(image, g, c)
            + rows.source(fromRow, i) * columns.in()
            + columns.source(from, j),
        rows.stride() * columns.in(),
        columns.stride(),
        toRow - fromRow,
        to - from);
  }

  /** Packs filter {@code f} of group {@code g} of an array laid out like the output. */
  <A> void packOutput(Panel<A> panel, int row, A y, int g, int f) {
    for (int image = first, at = 0; image < last; image++, at += run()) {
      panel.pack(row, at, y, shape.outputAt(image, g, f) + start(), 1, run());
    }
  }

  /** Starts sums {@code t} at what {@link #storeOutput} has put away. */
  <A> void loadOutput(Panel<A> panel, int t, A y, int g, int f) {
    for (int image = first, at = 0; image < last; image++, at += run()) {
      panel.load(t, at, y, shape.outputAt(image, g, f) + start(), 1, run());
    }
  }

  /** Writes sums {@code t} to filter {@code f} of group {@code g}. */
  <A> void storeOutput(Panel<A> panel, int t, A y, int g, int f) {
    for (int image = first, at = 0; image < last; image++, at += run()) {
      panel.store(t, at, y, shape.outputAt(image, g, f) + start(), 1, run());
    }
  }
}
