package org.kotangent.ops.internal;

import java.util.Arrays;

/**
 * The channels of an image laid out so that what a tap of the window looks at, one output position
 * after another, are neighbouring numbers: rows and columns of padding are there, and columns that
 * are a stride apart lie next to each other.
 *
 * <p>With stride s and dilation d, output column o and tap j look at column o·s + j·d, which is
 * number o + ⌊j·d/s⌋ of those columns that leave the remainder (j·d) mod s. An image without
 * padding and with stride 1 is its own raster.
 */
final class Raster {
  private final ConvShape shape;
  private final Taps rows;
  private final Taps columns;
  private final int height;
  private final int pitch;

  Raster(ConvShape shape) {
    this.shape = shape;
    this.rows = shape.height();
    this.columns = shape.width();
    this.height = rows.before() + rows.in() + rows.after();
    this.pitch = Math.ceilDiv(columns.before() + columns.in() + columns.after(), columns.stride());
  }

  /** Whether an image is its own raster. */
  boolean isImage() {
    return columns.stride() == 1
        && rows.before() + rows.after() + columns.before() + columns.after() == 0;
  }

  /** Numbers of one channel. */
  int plane() {
    return height * columns.stride() * pitch;
  }

  /** Numbers of all channels of a group. */
  int size() {
    return shape.channelsPerGroup() * plane();
  }

  /** How far each term of a filter looks ahead. */
  int[] taps() {
    int window = rows.taps() * columns.taps();
    int[] offsets = new int[shape.terms()];
    Arrays.setAll(
        offsets, k -> tap(k / window, k / columns.taps() % rows.taps(), k % columns.taps()));
    return offsets;
  }

  private int tap(int channel, int i, int j) {
    int ahead = j * columns.dilation();
    int row = i * rows.dilation() * columns.stride() + ahead % columns.stride();
    return channel * plane() + row * pitch + ahead / columns.stride();
  }

  /** The distance between two rows of output positions. */
  int down() {
    return rows.stride() * columns.stride() * pitch;
  }

  /** Lays out an image. */
  <A> void fill(Numbers<A> numbers, A image, int from, A raster, int to) {
    numbers.erase(raster, to, to + size());
    forEachPart((offset, down, across, at, rowStep, count, width) ->
        numbers.copy(
            new Matrix<>(image, from + offset, down, across),
            new Matrix<>(raster, to + at, rowStep, 1),
            count,
            width));
  }

  /** Writes an image from its layout. */
  <A> void empty(Numbers<A> numbers, A raster, int from, A image, int to) {
    forEachPart((offset, down, across, at, rowStep, count, width) ->
        numbers.copy(
            new Matrix<>(raster, from + at, rowStep, 1),
            new Matrix<>(image, to + offset, down, across),
            count,
            width));
  }

  /** A block of the image, of equal remainders, and where it is in the raster. */
  private interface Part {
    void accept(int offset, int down, int across, int at, int rowStep, int count, int width);
  }

  private void forEachPart(Part part) {
    int stride = columns.stride();
    for (int c = 0; c < shape.channelsPerGroup(); c++) {
      for (int column = 0; column < Math.min(stride, columns.in()); column++) {
        int padded = column + columns.before();
        part.accept(
            c * shape.plane() + column,
            columns.in(),
            stride,
            c * plane() + (rows.before() * stride + padded % stride) * pitch + padded / stride,
            stride * pitch,
            rows.in(),
            Math.ceilDiv(columns.in() - column, stride));
      }
    }
  }
}
