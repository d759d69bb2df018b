package org.kotangent.ops.internal;

import java.util.Arrays;
import java.util.function.Supplier;
import jdk.incubator.vector.VectorShape;
import org.jspecify.annotations.Nullable;
import org.kotangent.ad.internal.Hot;
import org.kotangent.ad.internal.Hot.Exercise;
import org.kotangent.ad.internal.Simd;
import org.kotangent.ad.internal.Warm;

/**
 * What vector kernels do with arrays of one type of numbers: move blocks of them, and have tiles
 * compiled. A block is a matrix inside an array, see {@link Matrix}.
 *
 * @param <A> the array type, {@code float[]} or {@code double[]}
 */
abstract sealed class Numbers<A> permits NumbersF32, NumbersF64 {
  /** The arrays a thread keeps for intermediate numbers. */
  enum Purpose {
    EDGE(0),
    IMAGE(1),
    GRADIENT(2),
    SUMS(3);

    private final int place;

    Purpose(int place) {
      this.place = place;
    }
  }

  /** The factors of a product that a thread packs, each tile or vector in an array of its own. */
  enum Factor {
    LEFT(0),
    RIGHT(1);

    private final int place;

    Factor(int place) {
      this.place = place;
    }
  }

  /** Operations on vectors for each term of a tile. */
  private static final int OPERATIONS = Tile.ROWS * (1 + Tile.VECTORS) + Tile.VECTORS;

  private final int lanes;
  private final int[] multiples;
  private final Warm<Tile> starting;
  private final Warm<Tile> adding;
  private final Warm<PanelTile> panelTile;
  private final Warm<DotTile> dots;
  private final Warm<Packing> packing;
  private final ThreadLocal<Strip<A>> strips = ThreadLocal.withInitial(() -> new Strip<>(this));
  private final ThreadLocal<@Nullable Object[]> scratch =
      ThreadLocal.withInitial(() -> new Object[Purpose.values().length]);
  private final ThreadLocal<Object[][]> packed =
      ThreadLocal.withInitial(() -> new Object[Factor.values().length][0]);

  /**
   * Numbers of which so many make a vector.
   *
   * @param plain tiles in plain Java
   * @param array some numbers to exercise tiles with
   */
  Numbers(int lanes, PlainTiles plain, boolean wide, A array) {
    TileCompiler compiler = new TileCompiler(wide, lanes);
    this.lanes = lanes;
    this.multiples = Geometry.multiples(VectorGemm.COLUMNS / lanes, lanes);
    this.starting = tile(false, plain, compiler, array);
    this.adding = tile(true, plain, compiler, array);
    this.panelTile = panelTile(plain, compiler, array);
    this.dots = dots(plain, compiler, array);
    this.packing = packing(compiler, array);
  }

  /**
   * How many numbers of so many bytes make a vector, here or, without the Vector API, of 256 bits.
   */
  static int lanes(int bytes) {
    int size = Simd.isPresent() ? VectorShape.preferredShape().vectorBitSize() : 256;
    return size / (bytes * Byte.SIZE);
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

  /** Where the vectors of a row are that follow each other, as many as a product has in a block. */
  final int[] multiples() {
    return multiples;
  }

  private Warm<Tile> tile(boolean add, PlainTiles plain, TileCompiler compiler, A array) {
    int[] zeros = new int[Hot.TURNS];
    int[] places = Tile.places();
    int[] same = places.clone();
    return new Warm<>(
        plain.tile(add),
        () -> compiler.tile(add),
        tile ->
            new Exercise(
                OPERATIONS,
                turns -> tile.run(turns, array, array, zeros, 0, 0, array, places, same)));
  }

  private Warm<PanelTile> panelTile(PlainTiles plain, TileCompiler compiler, A array) {
    int[] at = Tile.places();
    var generators =
        Arrangement.ALL.stream()
            .<Supplier<PanelTile>>map(arrangement -> () -> compiler.panelTile(arrangement))
            .toList();
    return new Warm<>(
        plain.panelTile(),
        generators,
        tile ->
            new Exercise(
                OPERATIONS, turns -> tile.run(turns, array, array, array, array, at, array, at)));
  }

  private Warm<DotTile> dots(PlainTiles plain, TileCompiler compiler, A array) {
    int[] zeros = new int[Hot.TURNS];
    return new Warm<>(
        plain.dots(),
        compiler::dots,
        tile ->
            new Exercise(
                OPERATIONS, turns -> tile.run(turns, array, 0, array, zeros, zeros, array, 0)));
  }

  private Warm<Packing> packing(TileCompiler compiler, A array) {
    Packing plain =
        (count, from, at, down, to, start, pitch) -> {
          for (int i = 0; i < count; i++) {
            System.arraycopy(from, at + i * down, to, start + i * pitch, lanes);
          }
        };
    A target = allocate(Hot.TURNS * lanes);
    return new Warm<>(
        plain,
        compiler::packing,
        packing -> new Exercise(2, turns -> packing.run(turns, array, 0, 0, target, 0, lanes)));
  }

  /** What copies vectors. */
  final Packing packing() {
    return packing.get();
  }

  /**
   * The tile that finds the right factor by a table, and adds to what is there or to zero: in plain
   * Java until it is optimised.
   */
  final Tile tile(boolean add) {
    return (add ? adding : starting).get();
  }

  /** The tile for packed right factors, likewise. */
  final PanelTile panelTile() {
    return panelTile.get();
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
    Object array = kept[place];
    if (array == null || size(cast(array)) < size) {
      array = allocate(size);
      kept[place] = array;
    }
    return cast(array);
  }

  @SuppressWarnings("unchecked")
  private A cast(Object array) {
    return (A) array;
  }

  abstract A allocate(int size);

  abstract int size(A array);

  /** Sets the numbers from {@code from} (inclusive) to {@code to} (exclusive). */
  abstract void fill(A array, int from, int to, double value);

  /** Sets the numbers from {@code from} (inclusive) to {@code to} (exclusive) to zero. */
  final void erase(A array, int from, int to) {
    fill(array, from, to, 0);
  }

  /** Sets the numbers of a matrix to zero. */
  final void erase(Matrix<A> matrix, int rows, int columns) {
    A zeros = allocate(columns);
    copy(new Matrix<>(zeros, 0, 0, 1), matrix, rows, columns);
  }

  /** Writes {@code to[i, j] = from[i, j]}. */
  abstract void copy(Matrix<A> from, Matrix<A> to, int rows, int columns);

  /**
   * Arrays of the calling thread for the tiles or vectors of a factor, each with at least the given
   * size and any content.
   */
  final Object[] packed(Factor factor, int count, int size) {
    Object[][] kept = packed.get();
    Object[] arrays = kept[factor.place];
    int had = arrays.length;
    if (had < count) {
      arrays = Arrays.copyOf(arrays, count);
      Arrays.fill(arrays, had, count, allocate(0));
      kept[factor.place] = arrays;
    }
    for (int i = 0; i < count; i++) {
      if (size(cast(arrays[i])) < size) {
        arrays[i] = allocate(size);
      }
    }
    return arrays;
  }

  /**
   * Writes numbers that follow each other at a pitch, that of tiles or of vectors: {@code to[start
   * + k·pitch] = from[at + k]}.
   */
  abstract void spread(A from, int at, int count, A to, int start, int pitch);

  /** Numbers of a packed tile or, with the right pitch, of packed vectors. */
  static int packed(int depth, int pitch) {
    return whole(depth) * pitch;
  }

  /** Terms of whole turns. */
  private static int whole(int depth) {
    return Math.ceilDiv(depth, PanelTile.TERMS) * PanelTile.TERMS;
  }

  /**
   * Packs a column of vectors that begins in a row and column of a matrix: {@code to[k·lanes + i] =
   * from[row + k, column + i]}; where there are fewer numbers than lanes and after the last term,
   * to the end of a turn, zeros follow.
   */
  final void packVectors(Matrix<A> from, int row, int column, int columns, int depth, Object to) {
    A target = cast(to);
    int at = from.at(row, column);
    fill(target, columns < lanes ? 0 : depth * lanes, whole(depth) * lanes, 0);
    if (columns == lanes && from.across() == 1) {
      packing().run(depth, from.data(), at, from.down(), target, 0, lanes);
    } else {
      interleave(from.data(), at, from.across(), from.down(), columns, depth, target, lanes);
    }
  }

  /** Writes {@code to[k·pitch + i] = from[at + i·down + k·across]}. */
  private void interleave(
      A from, int at, int down, int across, int rows, int depth, A to, int pitch) {
    if (across == 1) {
      for (int i = 0; i < rows; i++) {
        spread(from, at + i * down, depth, to, i, pitch);
      }
    } else {
      copy(new Matrix<>(from, at, down, across), new Matrix<>(to, 0, 1, pitch), rows, depth);
    }
  }

  /** How many tiles so many rows make. */
  static int tiles(int rows) {
    return Math.ceilDiv(rows, Tile.ROWS);
  }

  /**
   * Packs the tiles [first, last) of a matrix, of which tile 0 would go to {@code to[at]}. The last
   * turn of terms is filled up with −0.
   */
  final void packTiles(
      Matrix<A> from, int rows, int depth, Object[] to, int at, int first, int last) {
    for (int tile = first; tile < last; tile++) {
      int row = tile * Tile.ROWS;
      A packed = cast(to[at + tile]);
      packTile(from, row, Math.min(Tile.ROWS, rows - row), depth, packed);
      fill(packed, depth * Tile.PITCH, whole(depth) * Tile.PITCH, -0.0);
    }
  }

  /**
   * Packs the rows of a tile: {@code to[k·PITCH + i] = from[row + i, k]}; where there are fewer
   * rows, the last one is repeated. Columns that follow each other are copied as vectors, which
   * reach beyond the tile, but for the last one, behind which the array may end.
   */
  private void packTile(Matrix<A> from, int row, int rows, int depth, A to) {
    A data = from.data();
    int at = from.at(row, 0);
    if (from.down() == 1 && from.across() > 1 && rows == Tile.ROWS && lanes == Tile.PITCH) {
      int last = depth - 1;
      packing().run(last, data, at, from.across(), to, 0, Tile.PITCH);
      for (int i = 0; i < rows; i++) {
        set(to, last * Tile.PITCH + i, get(data, from.at(row + i, last)));
      }
      return;
    }
    interleave(data, at, from.down(), from.across(), rows, depth, to, Tile.PITCH);
    for (int i = rows; i < Tile.ROWS; i++) {
      var repeated = new Matrix<>(to, rows - 1, 1, Tile.PITCH);
      copy(repeated, new Matrix<>(to, i, 1, Tile.PITCH), 1, depth);
    }
  }

  /** Writes {@code to[i, j] += from[i, j]}. */
  abstract void add(Matrix<A> from, Matrix<A> to, int rows, int columns);

  /**
   * Writes {@code y[to + i] = Σₖ rows[i, k]·v[k]} for the rows from {@code first} (inclusive) to
   * {@code last} (exclusive), whose numbers follow each other. Each adds its terms in order,
   * rounded once; several rows at a time keep the processor busy.
   */
  abstract void products(Matrix<A> rows, int first, int last, int depth, A v, A y, int to);

  /** The sum of neighbouring numbers, as four interleaved sums that are added at the end. */
  abstract double sum(A array, int at, int count);

  /** The same of the lanes of a vector. */
  abstract double sumOfLanes(A array, int at);

  abstract void set(A array, int at, double value);

  abstract double get(A array, int at);
}
