package org.kotangent.ops.internal;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;

/** The bytecode of {@link Packing}. */
final class PackingCode {
  private PackingCode() {}

  static void emit(VectorAssembler vectors) {
    int count = 1;
    int from = 3;
    int down = 4;
    int to = 6;
    int pitch = 7;
    CodeBuilder code = vectors.code();
    vectors.returnWithout(count);
    int x = vectors.cast(2);
    int y = vectors.cast(5);
    int moved = code.allocateLocal(TypeKind.REFERENCE);
    vectors.forEach(
        count,
        1,
        k -> {
          vectors.load(moved, x, () -> code.iload(from));
          vectors.store(moved, y, () -> code.iload(to));
          code.iload(from).iload(down).iadd().istore(from);
          code.iload(to).iload(pitch).iadd().istore(to);
        });
    code.return_();
  }
}
