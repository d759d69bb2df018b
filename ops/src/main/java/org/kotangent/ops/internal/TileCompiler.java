package org.kotangent.ops.internal;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Writes tiles as bytecode over the Vector API, for any number of rows and vectors and both types
 * of numbers: the sums are local variables, which the JIT compiler keeps in registers.
 */
final class TileCompiler {
  private static final String API = "jdk.incubator.vector";
  private static final ClassDesc SPECIES = ClassDesc.of(API, "VectorSpecies");
  private static final ClassDesc ANY = ClassDesc.of(API, "Vector");
  private static final ClassDesc INTS = CD_int.arrayType();

  private final CodeBuilder code;
  private final ClassDesc vector;
  private final ClassDesc array;
  private final ClassDesc number;
  private final TypeKind kind;
  private final int lanes;

  private TileCompiler(CodeBuilder code, boolean wide, int lanes) {
    this.code = code;
    this.vector = ClassDesc.of(API, wide ? "DoubleVector" : "FloatVector");
    this.number = wide ? CD_double : CD_float;
    this.array = number.arrayType();
    this.kind = wide ? TypeKind.DOUBLE : TypeKind.FLOAT;
    this.lanes = lanes;
  }

  /**
   * A tile of the given rows and vectors, whose sums start at what they are added to or at zero.
   */
  static Tile tile(int rows, int vectors, boolean add, boolean wide, int lanes) {
    MethodTypeDesc type =
        MethodTypeDesc.of(
            CD_void, CD_int, CD_Object, CD_int, CD_Object, CD_int, INTS, INTS, CD_Object, CD_int,
            INTS, CD_int, INTS, CD_int, CD_int);
    return (Tile)
        define(
            Tile.class, type, code -> new TileCompiler(code, wide, lanes).emit(rows, vectors, add));
  }

  /** A tile of dot products of the given rows with the given others. */
  static DotTile dots(int rows, int columns, boolean wide, int lanes) {
    MethodTypeDesc type =
        MethodTypeDesc.of(
            CD_void, CD_int, CD_Object, CD_int, INTS, CD_int, INTS, CD_Object, CD_int, INTS, CD_int,
            INTS, CD_Object, CD_int);
    return (DotTile)
        define(
            DotTile.class,
            type,
            code -> new TileCompiler(code, wide, lanes).emitDots(rows, columns));
  }

  private static Object define(Class<?> shape, MethodTypeDesc type, Consumer<CodeBuilder> body) {
    byte[] bytes =
        ClassFile.of()
            .build(
                ClassDesc.of(
                    TileCompiler.class.getPackageName(), "Compiled" + shape.getSimpleName()),
                c ->
                    c.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SYNTHETIC)
                        .withInterfaceSymbols(ClassDesc.of(shape.getName()))
                        .withMethodBody(
                            ConstantDescs.INIT_NAME,
                            ConstantDescs.MTD_void,
                            ClassFile.ACC_PUBLIC,
                            code ->
                                code.aload(0)
                                    .invokespecial(
                                        CD_Object, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                                    .return_())
                        .withMethodBody("run", type, ClassFile.ACC_PUBLIC, body));
    try {
      var lookup = MethodHandles.lookup().defineHiddenClass(bytes, true);
      return lookup
          .findConstructor(lookup.lookupClass(), MethodType.methodType(void.class))
          .invoke();
    } catch (Throwable e) {
      throw new IllegalStateException("cannot compile a tile", e);
    }
  }

  private void emit(int rows, int vectors, boolean add) {
    int depth = 1;
    int a0 = 3;
    int b0 = 5;
    int offsets = 6;
    int bAt = 7;
    int c0 = 9;
    int places = 10;
    int r = 11;
    int cAt = 12;
    int next = 13;
    int end = 14;
    int a = cast(2);
    int b = cast(4);
    int c = cast(8);
    int[] row = starts(places, r, rows);
    int[][] sum = locals(rows, vectors);
    int[] right = locals(1, vectors)[0];
    int left = code.allocateLocal(TypeKind.REFERENCE);
    int from = code.allocateLocal(TypeKind.INT);
    Label head = code.newLabel();
    Label done = code.newLabel();
    code.labelBinding(head).iload(next).iload(end).if_icmpge(done);
    int[] source = starts(bAt, next, vectors);
    int[] target = starts(cAt, next, vectors);
    for (int v = 0; v < vectors; v++) {
      code.iload(source[v]).iload(b0).iadd().istore(source[v]);
      code.iload(target[v]).iload(c0).iadd().istore(target[v]);
    }
    if (add) {
      for (int i = 0; i < rows; i++) {
        for (int v = 0; v < vectors; v++) {
          load(c, row[i], target[v]);
          code.astore(sum[i][v]);
        }
      }
    } else {
      zeros(sum);
    }
    forEach(
        depth,
        k -> {
          code.aload(offsets).iload(k).iaload().istore(from);
          for (int v = 0; v < vectors; v++) {
            load(b, from, source[v]);
            code.astore(right[v]);
          }
          for (int i = 0; i < rows; i++) {
            species();
            code.aload(a).iload(a0).iload(k).loadConstant(rows).imul().iadd();
            code.loadConstant(i).iadd().arrayLoad(kind);
            code.invokestatic(vector, "broadcast", MethodTypeDesc.of(vector, SPECIES, number));
            code.astore(left);
            for (int v = 0; v < vectors; v++) {
              multiplyAdd(left, right[v], sum[i][v]);
            }
          }
        });
    for (int i = 0; i < rows; i++) {
      for (int v = 0; v < vectors; v++) {
        store(sum[i][v], c, row[i], target[v]);
      }
    }
    code.iinc(next, vectors).goto_(head).labelBinding(done).return_();
  }

  private void emitDots(int rows, int columns) {
    int count = 1;
    int a0 = 3;
    int aRows = 4;
    int r = 5;
    int aAt = 6;
    int b0 = 8;
    int bRows = 9;
    int t = 10;
    int bAt = 11;
    int s = 13;
    int a = cast(2);
    int b = cast(7);
    int sums = cast(12);
    int[] aRow = starts(aRows, r, rows);
    int[] bRow = starts(bRows, t, columns);
    int[][] sum = locals(rows, columns);
    int at = code.allocateLocal(TypeKind.INT);
    code.iconst_0().istore(at);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        load(sums, s, at);
        code.astore(sum[i][j]).iinc(at, lanes);
      }
    }
    int[] right = locals(1, columns)[0];
    int left = code.allocateLocal(TypeKind.REFERENCE);
    int p = code.allocateLocal(TypeKind.INT);
    int q = code.allocateLocal(TypeKind.INT);
    forEach(
        count,
        k -> {
          code.aload(aAt).iload(k).iaload().iload(a0).iadd().istore(p);
          code.aload(bAt).iload(k).iaload().iload(b0).iadd().istore(q);
          for (int j = 0; j < columns; j++) {
            load(b, q, bRow[j]);
            code.astore(right[j]);
          }
          for (int i = 0; i < rows; i++) {
            load(a, p, aRow[i]);
            code.astore(left);
            for (int j = 0; j < columns; j++) {
              multiplyAdd(left, right[j], sum[i][j]);
            }
          }
        });
    code.iconst_0().istore(at);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        store(sum[i][j], sums, s, at);
        code.iinc(at, lanes);
      }
    }
    code.return_();
  }

  /** A parameter as an array of numbers. */
  private int cast(int parameter) {
    int local = code.allocateLocal(TypeKind.REFERENCE);
    code.aload(parameter).checkcast(array).astore(local);
    return local;
  }

  private int[] starts(int table, int first, int count) {
    int[] starts = new int[count];
    for (int i = 0; i < count; i++) {
      starts[i] = code.allocateLocal(TypeKind.INT);
      code.aload(table).iload(first).loadConstant(i).iadd().iaload().istore(starts[i]);
    }
    return starts;
  }

  private int[][] locals(int rows, int columns) {
    int[][] locals = new int[rows][columns];
    for (int[] row : locals) {
      for (int j = 0; j < columns; j++) {
        row[j] = code.allocateLocal(TypeKind.REFERENCE);
      }
    }
    return locals;
  }

  private void forEach(int count, IntConsumer body) {
    int k = code.allocateLocal(TypeKind.INT);
    Label head = code.newLabel();
    Label end = code.newLabel();
    code.iconst_0().istore(k).labelBinding(head).iload(k).iload(count).if_icmpge(end);
    body.accept(k);
    code.iinc(k, 1).goto_(head).labelBinding(end);
  }

  private void species() {
    code.getstatic(vector, "SPECIES_PREFERRED", SPECIES);
  }

  private void zeros(int[][] locals) {
    for (int[] row : locals) {
      for (int local : row) {
        species();
        code.invokestatic(vector, "zero", MethodTypeDesc.of(vector, SPECIES)).astore(local);
      }
    }
  }

  /** Pushes the vector of an array at the sum of two indices. */
  private void load(int from, int at, int further) {
    species();
    code.aload(from).iload(at).iload(further).iadd();
    code.invokestatic(vector, "fromArray", MethodTypeDesc.of(vector, SPECIES, array, CD_int));
  }

  /** Writes a vector to an array at the sum of two indices. */
  private void store(int local, int to, int at, int further) {
    code.aload(local).aload(to).iload(at).iload(further).iadd();
    code.invokevirtual(vector, "intoArray", MethodTypeDesc.of(CD_void, array, CD_int));
  }

  /** sum ← left·right + sum, rounded once. */
  private void multiplyAdd(int left, int right, int sum) {
    code.aload(left).aload(right).aload(sum);
    code.invokevirtual(vector, "fma", MethodTypeDesc.of(vector, ANY, ANY)).astore(sum);
  }
}
