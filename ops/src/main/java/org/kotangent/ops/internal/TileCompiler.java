package org.kotangent.ops.internal;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.function.Consumer;
import org.kotangent.ad.internal.Hidden;

/**
 * Writes tiles as bytecode over the Vector API, for both types of numbers: the sums are local
 * variables, which the JIT compiler keeps in registers.
 */
final class TileCompiler {
  private static final ClassDesc INTS = CD_int.arrayType();

  private final boolean wide;
  private final int lanes;

  /** A compiler for doubles where {@code wide}, else for floats, with so many in a vector. */
  TileCompiler(boolean wide, int lanes) {
    this.wide = wide;
    this.lanes = lanes;
  }

  /** A tile that finds the right factor by a table, and adds to what is there or to zero. */
  Tile tile(boolean add) {
    return define(
        Tile.class,
        MethodTypeDesc.of(
            CD_void, CD_int, CD_Object, CD_Object, INTS, CD_int, CD_int, CD_Object, INTS, INTS),
        vectors -> TileCode.table(vectors, add));
  }

  /** A tile of packed factors. */
  PanelTile panelTile(Arrangement arrangement) {
    return define(
        PanelTile.class,
        MethodTypeDesc.of(
            CD_void, CD_int, CD_Object, CD_Object, CD_Object, CD_Object, INTS, CD_Object, INTS),
        vectors -> TileCode.panel(vectors, arrangement));
  }

  /** A tile of dot products. */
  DotTile dots() {
    return define(
        DotTile.class,
        MethodTypeDesc.of(
            CD_void, CD_int, CD_Object, CD_int, CD_Object, INTS, INTS, CD_Object, CD_int),
        DotTileCode::emit);
  }

  /** A packing of vectors. */
  Packing packing() {
    return define(
        Packing.class,
        MethodTypeDesc.of(CD_void, CD_int, CD_Object, CD_int, CD_int, CD_Object, CD_int, CD_int),
        PackingCode::emit);
  }

  private <T> T define(Class<T> type, MethodTypeDesc run, Consumer<VectorAssembler> body) {
    return Hidden.define(
        MethodHandles.lookup(),
        type,
        members ->
            members.withMethodBody(
                "run",
                run,
                ClassFile.ACC_PUBLIC,
                code -> body.accept(new VectorAssembler(code, wide, lanes))));
  }
}
