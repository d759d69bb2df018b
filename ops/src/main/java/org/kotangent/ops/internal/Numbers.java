package org.kotangent.ops.internal;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.kotangent.ad.internal.Hot;

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

  /** Operations on vectors for each term of a tile. */
  private static final int OPERATIONS = Tile.ROWS * (1 + Tile.VECTORS) + Tile.VECTORS;

  private final int lanes;
  private final Map<Tile.Right, Warm<Tile>> starting = new EnumMap<>(Tile.Right.class);
  private final Map<Tile.Right, Warm<Tile>> adding = new EnumMap<>(Tile.Right.class);
  private final Warm<DotTile> dots;
  private final Warm<Packing> panels;
  private final Warm<Packing> vectors;
  private final ThreadLocal<Strip<A>> strips = ThreadLocal.withInitial(() -> new Strip<>(this));
  private final ThreadLocal<@Nullable Object[]> scratch =
      ThreadLocal.withInitial(() -> new Object[Purpose.values().length]);

  /**
   * Numbers of which so many make a vector.
   *
   * @param plain tiles in plain Java
   * @param array some numbers to exercise tiles with
   */
  Numbers(int lanes, PlainTiles plain, boolean wide, A array) {
    this.lanes = lanes;
    for (Tile.Right right : Tile.Right.values()) {
      starting.put(right, warm(false, right, plain, wide, array));
      adding.put(right, warm(true, right, plain, wide, array));
    }
    this.dots = warm(plain, wide, array);
    this.panels = packing(Tile.VECTORS, wide, array);
    this.vectors = packing(1, wide, array);
  }

  /** How many numbers there are to exercise tiles with. */
  static int exercise(int lanes) {
    return Hot.TURNS * DotTile.ROWS * lanes;
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

  private Warm<Tile> warm(boolean add, Tile.Right right, PlainTiles plain, boolean wide, A array) {
    Tile tile = TileCompiler.tile(add, right, wide, lanes);
    int[] zeros = new int[Hot.TURNS];
    int[] places = Tile.places();
    int[] same = places.clone();
    return new Warm<>(
        plain.tile(add),
        tile,
        OPERATIONS,
        turns -> tile.run(turns, array, 0, array, zeros, 0, 0, array, places, same));
  }

  private Warm<DotTile> warm(PlainTiles plain, boolean wide, A array) {
    DotTile tile = TileCompiler.dots(wide, lanes);
    int[] zeros = new int[Hot.TURNS];
    return new Warm<>(
        plain.dots(),
        tile,
        OPERATIONS,
        turns -> tile.run(turns, array, 0, array, zeros, zeros, array, 0));
  }

  private Warm<Packing> packing(int count, boolean wide, A array) {
    int width = count * lanes;
    Packing plain =
        (rows, from, at, down, to, start, pitch) -> {
          for (int i = 0; i < rows; i++) {
            System.arraycopy(from, at + i * down, to, start + i * pitch, width);
          }
        };
    Packing compiled = TileCompiler.packing(count, wide, lanes);
    A target = allocate(Hot.TURNS * width);
    return new Warm<>(
        plain, compiled, 2 * count, turns -> compiled.run(turns, array, 0, 0, target, 0, width));
  }

  /** What copies rows as wide as a {@link Tile}. */
  final Packing panels() {
    return panels.get();
  }

  /** What copies single vectors. */
  final Packing vectors() {
    return vectors.get();
  }

  /** Tiles whose sums start at what is there or at zero: in plain Java until they are optimised. */
  final Tile tile(boolean add, Tile.Right right) {
    return (add ? adding : starting).get(right).get();
  }

  /** The tile of dot products, likewise. */
  final DotTile dots() {
    return dots.get();
  }

  /** What the calling thread runs tiles by. */
  final Strip<A> strip() {
    return strips.get();
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

  abstract A allocate(int size);

  abstract int size(A array);

  /** Sets the numbers from {@code from} (inclusive) to {@code to} (exclusive) to zero. */
  abstract void erase(A array, int from, int to);

  /** Sets the numbers of a matrix to zero. */
  final void erase(Matrix<A> matrix, int rows, int columns) {
    A zeros = allocate(columns);
    copy(new Matrix<>(zeros, 0, 0, 1), matrix, rows, columns);
  }

  /** Writes {@code to[i, j] = from[i, j]}. */
  abstract void copy(Matrix<A> from, Matrix<A> to, int rows, int columns);

  /**
   * Packs the rows of a tile: {@code to[at + k·PITCH + i] = from[row + i, k]}; where there are
   * fewer rows, the last one is repeated.
   */
  abstract void pack(Matrix<A> from, int row, int rows, int depth, A to, int at);

  /** Numbers of a matrix that is packed in tiles. */
  static int packed(int rows, int depth) {
    return packedTiles(tiles(rows), depth);
  }

  /** Numbers of so many tiles. */
  static int packedTiles(int tiles, int depth) {
    return tiles * Tile.PITCH * depth;
  }

  /** How many tiles so many rows make. */
  static int tiles(int rows) {
    return Math.ceilDiv(rows, Tile.ROWS);
  }

  /** Packs the tiles [first, last) of a matrix, of which tile 0 would start at {@code at}. */
  final void packTiles(Matrix<A> from, int rows, int depth, A to, int at, int first, int last) {
    for (int tile = first; tile < last; tile++) {
      int row = tile * Tile.ROWS;
      pack(from, row, Math.min(Tile.ROWS, rows - row), depth, to, at + packedTiles(tile, depth));
    }
  }

  /** Writes {@code to[i, j] += from[i, j]}. */
  abstract void add(Matrix<A> from, Matrix<A> to, int rows, int columns);

  /** The sum of neighbouring numbers, as four interleaved sums that are added at the end. */
  abstract double sum(A array, int at, int count);

  abstract void set(A array, int at, double value);

  abstract double get(A array, int at);
}
