package org.kotangent.ops.internal;

import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;

/** The bytecode of {@link Tile} and {@link PanelTile}: rows times vectors of sums. */
final class TileCode {
  private static final MethodTypeDesc ROTATE = MethodTypeDesc.of(CD_int, CD_int, CD_int);

  private final VectorAssembler vectors;
  private final CodeBuilder code;
  private final int[][] sum;
  private final int[] right;
  private final int left;

  private TileCode(VectorAssembler vectors) {
    this.vectors = vectors;
    this.code = vectors.code();
    this.sum = vectors.locals(Tile.ROWS, Tile.VECTORS);
    this.right = vectors.locals(1, Tile.VECTORS)[0];
    this.left = code.allocateLocal(TypeKind.REFERENCE);
  }

  /** A tile that finds the right factor by a table, and adds to what is there or to zero. */
  static void table(VectorAssembler vectors, boolean add) {
    vectors.returnWithout(1);
    new TileCode(vectors).table(add);
  }

  /** A tile of packed factors. */
  static void panel(VectorAssembler vectors, Arrangement arrangement) {
    vectors.returnWithout(1);
    new TileCode(vectors).panel(arrangement);
  }

  private void table(boolean add) {
    int depth = 1;
    int offsets = 4;
    int[] source = {5, 6};
    int sums = 7;
    int before = 8;
    int after = 9;
    if (add) {
      start(sums, before);
    } else {
      zeros();
    }
    int a = vectors.cast(2);
    int b = vectors.cast(3);
    int last = code.allocateLocal(TypeKind.INT);
    code.iload(depth).iconst_1().isub().istore(last);
    int rest =
        vectors.forEach(
            last,
            2,
            k -> {
              term(k, 0, a, b, offsets, source);
              term(k, 1, a, b, offsets, source);
            });
    Label done = code.newLabel();
    code.iload(rest).iload(depth).if_icmpge(done);
    term(rest, 0, a, b, offsets, source);
    code.labelBinding(done);
    finish(sums, after);
  }

  /** Adds the term {@code t} behind {@code k}. */
  private void term(int k, int t, int a, int b, int offsets, int[] source) {
    int offset = code.allocateLocal(TypeKind.INT);
    code.aload(offsets).iload(k).loadConstant(t).iadd().iaload().istore(offset);
    for (int v = 0; v < Tile.VECTORS; v++) {
      vectors.load(right[v], b, offset, source[v]);
    }
    for (int r = 0; r < Tile.ROWS; r++) {
      int place = t * Tile.PITCH + r;
      row(r, a, () -> index(k, Tile.PITCH, place));
    }
  }

  private void panel(Arrangement arrangement) {
    int depth = 1;
    int from = 5;
    int before = 6;
    int to = 7;
    int after = 8;
    start(from, before);
    int[] fences = new int[arrangement.fences()];
    Arrays.setAll(fences, j -> vectors.place(before, Tile.ROWS + Tile.VECTORS + j));
    int a = vectors.cast(2);
    int[] b = {vectors.cast(3), vectors.cast(4)};
    int lanes = vectors.lanes();
    int step = Math.min(Tile.PITCH, lanes);
    int terms = arrangement.terms();
    int whole = code.allocateLocal(TypeKind.INT);
    code.iload(depth).loadConstant(terms - 1).iadd().loadConstant(terms).idiv();
    code.loadConstant(terms * step).imul().istore(whole);
    int bit = code.allocateLocal(TypeKind.INT);
    code.iconst_1().istore(bit);
    Label done = code.newLabel();
    vectors.forEach(
        whole,
        terms * step,
        at -> {
          code.iload(bit).iconst_1();
          code.invokestatic(ConstantDescs.CD_Integer, "rotateLeft", ROTATE).istore(bit);
          for (int t = 0; t < terms; t++) {
            for (int r = 0; r < Tile.ROWS; r++) {
              int fence = arrangement.fence(t, r);
              if (fence >= 0) {
                code.iload(bit).iload(fences[fence]).if_icmpge(done);
              }
              int term = t * lanes;
              for (int v = 0; r == 0 && v < Tile.VECTORS; v++) {
                vectors.load(right[v], b[v], () -> index(at, lanes / step, term));
              }
              int place = t * Tile.PITCH + r;
              row(r, a, () -> index(at, Tile.PITCH / step, place));
            }
          }
        });
    code.labelBinding(done);
    finish(to, after);
  }

  /** Pushes {@code at·step + further}. */
  private void index(int at, int step, int further) {
    code.iload(at).loadConstant(step).imul().loadConstant(further).iadd();
  }

  /** Adds to a row of sums: the number of the left factor at the index pushed, times vectors. */
  private void row(int r, int a, Runnable at) {
    vectors.broadcast(left, a, at);
    for (int v = 0; v < Tile.VECTORS; v++) {
      vectors.multiplyAdd(left, right[v], sum[r][v]);
    }
  }

  private void zeros() {
    for (int[] row : sum) {
      for (int one : row) {
        vectors.zero(one);
      }
    }
  }

  private void start(int from, int places) {
    forEachSum(from, places, (one, c, row, column) -> vectors.load(one, c, row, column));
  }

  private void finish(int to, int places) {
    forEachSum(to, places, (one, c, row, column) -> vectors.store(one, c, row, column));
    code.return_();
  }

  /** Code for a sum of a tile and its place in an array. */
  private interface OfSum {
    void emit(int one, int c, int row, int column);
  }

  private void forEachSum(int parameter, int places, OfSum body) {
    int c = vectors.cast(parameter);
    int[] column = new int[Tile.VECTORS];
    Arrays.setAll(column, v -> vectors.place(places, Tile.ROWS + v));
    for (int r = 0; r < Tile.ROWS; r++) {
      int row = vectors.place(places, r);
      for (int v = 0; v < Tile.VECTORS; v++) {
        body.emit(sum[r][v], c, row, column[v]);
      }
    }
  }
}
