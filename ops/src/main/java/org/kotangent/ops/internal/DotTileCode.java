package org.kotangent.ops.internal;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;

/** The bytecode of {@link DotTile}: sums over vectors of products of rows. */
final class DotTileCode {
  private DotTileCode() {}

  static void emit(VectorAssembler vectors) {
    int count = 1;
    int a0 = 3;
    int bAt = 6;
    int s = 8;
    int lanes = vectors.lanes();
    CodeBuilder code = vectors.code();
    vectors.returnWithout(count);
    int sums = vectors.cast(7);
    int[][] sum = vectors.locals(DotTile.ROWS, DotTile.COLUMNS);
    int at = code.allocateLocal(TypeKind.INT);
    code.iconst_0().istore(at);
    for (int[] row : sum) {
      for (int one : row) {
        vectors.load(one, sums, s, at);
        code.iinc(at, lanes);
      }
    }
    int[] bRow = vectors.places(5, DotTile.COLUMNS);
    int a = vectors.cast(2);
    int b = vectors.cast(4);
    int[] right = vectors.locals(1, DotTile.COLUMNS)[0];
    int left = code.allocateLocal(TypeKind.REFERENCE);
    int q = code.allocateLocal(TypeKind.INT);
    vectors.forEach(
        count,
        1,
        k -> {
          code.aload(bAt).iload(k).iaload().istore(q);
          for (int j = 0; j < DotTile.COLUMNS; j++) {
            vectors.load(right[j], b, q, bRow[j]);
          }
          for (int i = 0; i < DotTile.ROWS; i++) {
            int row = i * lanes;
            vectors.load(
                left,
                a,
                () ->
                    code.iload(a0)
                        .iload(k)
                        .loadConstant(DotTile.ROWS * lanes)
                        .imul()
                        .iadd()
                        .loadConstant(row)
                        .iadd());
            for (int j = 0; j < DotTile.COLUMNS; j++) {
              vectors.multiplyAdd(left, right[j], sum[i][j]);
            }
          }
        });
    code.iconst_0().istore(at);
    for (int[] row : sum) {
      for (int one : row) {
        vectors.store(one, sums, s, at);
        code.iinc(at, lanes);
      }
    }
    code.return_();
  }
}
