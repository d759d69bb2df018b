package org.kotangent.ops.internal;

import org.jspecify.annotations.Nullable;

/**
 * What vector kernels do with arrays of one type of numbers: move blocks of them, and have tiles
 * compiled. A block is a matrix inside an array, see {@link Matrix}.
 *
 * @param <A> the array type, {@code float[]} or {@code double[]}
 */
abstract sealed class Numbers<A> permits NumbersF32, NumbersF64 {
  /** The arrays a thread keeps for intermediate numbers. */
  enum Purpose {
    LEFT(0),
    RIGHT(1),
    EDGE(2),
    IMAGE(3),
    GRADIENT(4),
    SUMS(5);

    private final int place;

    Purpose(int place) {
      this.place = place;
    }
  }

  /**
   * Rows of a tile, pinned for the JDK of the build: with two vectors, C2 keeps all in registers.
   */
  static final int ROWS = 6;

  /** Vectors of a tile. */
  static final int VECTORS = 2;

  /** More than the rows or vectors of any tile. */
  private static final int MOST = 8;

  /** Terms of an exercise. */
  private static final int EXERCISE = 48;

  private final int lanes;
  private final Warming<Tile> tiles = new Warming<>(2 * MOST * MOST);
  private final Warming<DotTile> dots = new Warming<>(MOST * MOST);
  private final ThreadLocal<@Nullable Object[]> scratch =
      ThreadLocal.withInitial(() -> new Object[Purpose.values().length]);

  Numbers(int lanes) {
    this.lanes = lanes;
  }

  /** The numbers of the kind that {@code array} holds. */
  @SuppressWarnings("unchecked")
  static <A> Numbers<A> of(A array) {
    return (Numbers<A>) (array instanceof float[] ? NumbersF32.INSTANCE : NumbersF64.INSTANCE);
  }

  /** Numbers in a vector. */
  final int lanes() {
    return lanes;
  }

  /** The tile of the given rows and vectors: in plain Java until the vector form is compiled. */
  private Tile tile(int rows, int vectors, boolean add) {
    int place = (rows * MOST + vectors) * 2 + (add ? 1 : 0);
    Tile known = tiles.get(place);
    return known != null
        ? known
        : tiles.first(
            place,
            scalarTile(rows, add),
            () -> TileCompiler.tile(rows, vectors, add, isWide(), lanes),
            tile -> exercise(tile, vectors));
  }

  /** The tile of dot products of the given rows and columns, likewise. */
  final DotTile dots(int rows, int columns) {
    int place = rows * MOST + columns;
    DotTile known = dots.get(place);
    return known != null
        ? known
        : dots.first(
            place,
            scalarDots(rows, columns),
            () -> TileCompiler.dots(rows, columns, isWide(), lanes),
            this::exercise);
  }

  private Runnable exercise(Tile tile, int vectors) {
    A array = allocate(EXERCISE * MOST * lanes);
    int[] places = Geometry.multiples(MOST, lanes);
    int[] same = new int[EXERCISE];
    int several = MOST / vectors * vectors;
    return () ->
        tile.run(
            EXERCISE, array, 0, array, 0, same, places, array, 0, places, 0, places, 0, several);
  }

  private Runnable exercise(DotTile tile) {
    A array = allocate(MOST * MOST * lanes);
    int[] places = Geometry.multiples(MOST * MOST, lanes);
    int[] same = new int[EXERCISE];
    return () -> tile.run(EXERCISE, array, 0, places, 0, same, array, 0, places, 0, same, array, 0);
  }

  /** How many tiles so many rows are dealt to, as evenly as can be. */
  static int tiles(int rows) {
    return Math.ceilDiv(rows, ROWS);
  }

  /** The first row of a tile, and behind the last one how many rows there are. */
  static int rowOfTile(int rows, int tile) {
    return Math.toIntExact((long) tile * rows / tiles(rows));
  }

  /** Runs tiles of the given rows over so many vectors; see {@link Tile#run}. */
  final void multiply(
      int rows,
      int depth,
      A a,
      int a0,
      A b,
      int b0,
      int[] offsets,
      int[] bAt,
      A c,
      int c0,
      int[] cRows,
      int r,
      int[] cAt,
      int vectors,
      boolean add) {
    int pairs = vectors / VECTORS * VECTORS;
    if (pairs > 0) {
      tile(rows, VECTORS, add)
          .run(depth, a, a0, b, b0, offsets, bAt, c, c0, cRows, r, cAt, 0, pairs);
    }
    if (pairs < vectors) {
      tile(rows, 1, add)
          .run(depth, a, a0, b, b0, offsets, bAt, c, c0, cRows, r, cAt, pairs, vectors);
    }
  }

  /** An array of the calling thread with at least the given size and any content. */
  final A scratch(Purpose purpose, int size) {
    @Nullable Object[] kept = scratch.get();
    int place = purpose.place;
    A array = cast(kept[place]);
    if (array == null || size(array) < size) {
      array = allocate(size);
      kept[place] = array;
    }
    return array;
  }

  @SuppressWarnings("unchecked")
  private @Nullable A cast(@Nullable Object array) {
    return (A) array;
  }

  /** A tile of the given rows in plain Java. */
  abstract Tile scalarTile(int rows, boolean add);

  /** A tile of dot products in plain Java. */
  abstract DotTile scalarDots(int rows, int columns);

  /** Whether they are doubles. */
  abstract boolean isWide();

  abstract A allocate(int size);

  abstract int size(A array);

  /** Sets the numbers from {@code from} (inclusive) to {@code to} (exclusive) to zero. */
  abstract void erase(A array, int from, int to);

  /** Writes {@code to[i, j] = from[i, j]}. */
  abstract void copy(Matrix<A> from, Matrix<A> to, int rows, int columns);

  /** Packs the rows of a tile: {@code to[at + k·rows + i] = from[i, k]}. */
  abstract void pack(Matrix<A> from, int rows, int depth, A to, int at);

  /** Packs the tiles [first, last) of a matrix: that of row i starts at {@code at + i·depth}. */
  final void packTiles(Matrix<A> from, int rows, int depth, A to, int at, int first, int last) {
    for (int tile = first; tile < last; tile++) {
      int row = rowOfTile(rows, tile);
      var part = new Matrix<>(from.data(), from.at(row, 0), from.down(), from.across());
      pack(part, rowOfTile(rows, tile + 1) - row, depth, to, at + row * depth);
    }
  }

  /** Writes {@code to[i, j] += from[i, j]}. */
  abstract void add(Matrix<A> from, Matrix<A> to, int rows, int columns);

  /** The sum of neighbouring numbers, as four interleaved sums that are added at the end. */
  abstract double sum(A array, int at, int count);

  abstract void set(A array, int at, double value);

  abstract double get(A array, int at);
}
