package org.kotangent.ops.internal;

import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;
import java.util.function.IntConsumer;

/** The bytecode of {@link Tile} and {@link PanelTile}: rows times vectors of sums. */
final class TileCode {
  private static final MethodTypeDesc ROTATE = MethodTypeDesc.of(CD_int, CD_int, CD_int);

  private final VectorAssembler vectors;
  private final CodeBuilder code;
  private final int[][] sum;

  private TileCode(VectorAssembler vectors) {
    this.vectors = vectors;
    this.code = vectors.code();
    this.sum = vectors.locals(Tile.ROWS, Tile.VECTORS);
  }

  /** A tile that finds the right factor by a table, and adds to what is there or to zero. */
  static void table(VectorAssembler vectors, boolean add) {
    vectors.returnWithout(1);
    new TileCode(vectors).table(add);
  }

  /** A tile of packed factors. */
  static void panel(VectorAssembler vectors) {
    vectors.returnWithout(1);
    new TileCode(vectors).panel();
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
    int[] right = vectors.locals(1, Tile.VECTORS)[0];
    int offset = code.allocateLocal(TypeKind.INT);
    Label done = code.newLabel();
    vectors.forEach(
        depth,
        1,
        k -> {
          code.aload(offsets).iload(k).iaload().istore(offset);
          for (int v = 0; v < Tile.VECTORS; v++) {
            vectors.load(right[v], b, offset, source[v]);
          }
          rows(a, k, Tile.PITCH, 0, right, 2, j -> fence(offset, fences[j], done));
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
    int[] right = vectors.locals(1, Tile.VECTORS)[0];
    int lanes = vectors.lanes();
    int step = Math.min(Tile.PITCH, lanes);
    int even = code.allocateLocal(TypeKind.INT);
    code.iload(depth).iconst_1().iadd().iconst_2().idiv().loadConstant(2 * step).imul();
    code.istore(even);
    int bit = code.allocateLocal(TypeKind.INT);
    code.iconst_1().istore(bit);
    Label done = code.newLabel();
    vectors.forEach(
        even,
        2 * step,
        at -> {
          code.iload(bit).iconst_1();
          code.invokestatic(ConstantDescs.CD_Integer, "rotateLeft", ROTATE).istore(bit);
          for (int t = 0; t < 2; t++) {
            int behind = 2 * t;
            int term = t * lanes;
            if (t > 0) {
              fence(bit, fences[behind - 1], done);
            }
            for (int v = 0; v < Tile.VECTORS; v++) {
              vectors.load(
                  right[v],
                  b[v],
                  () -> code.iload(at).loadConstant(lanes / step).imul().loadConstant(term).iadd());
            }
            rows(
                a,
                at,
                Tile.PITCH / step,
                t * Tile.PITCH,
                right,
                3,
                j -> fence(bit, fences[behind], done));
          }
        });
    code.labelBinding(done);
    finish(to, after);
  }

  /**
   * Adds a term to the sums: the numbers from {@code at·step + first} on, each times vectors, with
   * a fence after so many rows.
   */
  private void rows(
      int a, int at, int step, int first, int[] right, int fenced, IntConsumer fence) {
    int left = code.allocateLocal(TypeKind.REFERENCE);
    for (int r = 0; r < Tile.ROWS; r++) {
      if (r > 0 && r % fenced == 0) {
        fence.accept(r / fenced - 1);
      }
      int place = first + r;
      vectors.broadcast(
          left, a, () -> code.iload(at).loadConstant(step).imul().loadConstant(place).iadd());
      for (int v = 0; v < Tile.VECTORS; v++) {
        vectors.multiplyAdd(left, right[v], sum[r][v]);
      }
    }
  }

  /** What no number reaches, and what nothing is moved across. */
  private void fence(int number, int fence, Label done) {
    code.iload(number).iload(fence).if_icmpge(done);
  }

  private int[] fences(int places) {
    int[] fences = new int[Tile.FENCES];
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
