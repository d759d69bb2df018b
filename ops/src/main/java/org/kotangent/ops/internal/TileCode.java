package org.kotangent.ops.internal;

import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** The bytecode of {@link Tile} and {@link PanelTile}: rows times vectors of sums. */
final class TileCode {
  private static final MethodTypeDesc ROTATE = MethodTypeDesc.of(CD_int, CD_int, CD_int);

  private final VectorAssembler vectors;
  private final CodeBuilder code;
  private final Arrangement arrangement;
  private final int[][] sum;
  private final int[] right;
  private final int left;
  private final Label done;

  private TileCode(VectorAssembler vectors, Arrangement arrangement) {
    this.vectors = vectors;
    this.arrangement = arrangement;
    this.code = vectors.code();
    this.sum = vectors.locals(Tile.ROWS, Tile.VECTORS);
    this.right = vectors.locals(1, Tile.VECTORS)[0];
    this.left = code.allocateLocal(TypeKind.REFERENCE);
    this.done = code.newLabel();
  }

  /** A tile that finds the right factor by a table, and adds to what is there or to zero. */
  static void table(VectorAssembler vectors, boolean add, Arrangement arrangement) {
    vectors.returnWithout(1);
    new TileCode(vectors, arrangement).table(add);
  }

  /** A tile of packed factors. */
  static void panel(VectorAssembler vectors, Arrangement arrangement) {
    vectors.returnWithout(1);
    new TileCode(vectors, arrangement).panel();
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
    int[] fences = fences(before);
    int a = vectors.cast(2);
    int b = vectors.cast(3);
    int offset = code.allocateLocal(TypeKind.INT);
    vectors.forEach(
        depth,
        1,
        k -> {
          code.aload(offsets).iload(k).iaload().istore(offset);
          term(
              0,
              v -> vectors.load(right[v], b, offset, source[v]),
              a,
              () -> code.iload(k).loadConstant(Tile.PITCH).imul(),
              fence -> fence(offset, fences[fence]));
        });
    code.labelBinding(done);
    finish(sums, after);
  }

  private void panel() {
    int depth = 1;
    int from = 5;
    int before = 6;
    int to = 7;
    int after = 8;
    start(from, before);
    int[] fences = fences(before);
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
    vectors.forEach(
        whole,
        terms * step,
        at -> {
          code.iload(bit).iconst_1();
          code.invokestatic(ConstantDescs.CD_Integer, "rotateLeft", ROTATE).istore(bit);
          for (int t = 0; t < terms; t++) {
            int term = t * lanes;
            term(
                t,
                v ->
                    vectors.load(
                        right[v],
                        b[v],
                        () ->
                            code.iload(at)
                                .loadConstant(lanes / step)
                                .imul()
                                .loadConstant(term)
                                .iadd()),
                a,
                () -> code.iload(at).loadConstant(Tile.PITCH / step).imul(),
                fence -> fence(bit, fences[fence]));
          }
        });
    code.labelBinding(done);
    finish(to, after);
  }

  /**
   * Adds term {@code t} of a turn to the sums.
   *
   * @param load loads a vector of the right factor
   * @param a the left factor
   * @param at pushes where it has the first term of the turn
   * @param fence makes a fence
   */
  private void term(int t, IntConsumer load, int a, Runnable at, IntConsumer fence) {
    for (int r = 0; r < Tile.ROWS; r++) {
      int j = arrangement.fence(t, r);
      if (j >= 0) {
        fence.accept(j);
      }
      if (r == 0) {
        IntStream.range(0, Tile.VECTORS).forEach(load);
      }
      int place = t * Tile.PITCH + r;
      vectors.broadcast(
          left,
          a,
          () -> {
            at.run();
            code.loadConstant(place).iadd();
          });
      for (int v = 0; v < Tile.VECTORS; v++) {
        vectors.multiplyAdd(left, right[v], sum[r][v]);
      }
    }
  }

  /** What no number reaches, and what nothing is moved across. */
  private void fence(int number, int fence) {
    code.iload(number).iload(fence).if_icmpge(done);
  }

  private int[] fences(int places) {
    int[] fences = new int[arrangement.fences()];
    Arrays.setAll(fences, j -> vectors.place(places, Tile.ROWS + Tile.VECTORS + j));
    return fences;
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
