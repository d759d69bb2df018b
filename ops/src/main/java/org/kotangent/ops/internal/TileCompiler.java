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
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Writes tiles as bytecode over the Vector API, for both types of numbers: the sums are local
 * variables, which the JIT compiler keeps in registers.
 */
final class TileCompiler {
  private static final String API = "jdk.incubator.vector";
  private static final ClassDesc SPECIES = ClassDesc.of(API, "VectorSpecies");
  private static final ClassDesc ANY = ClassDesc.of(API, "Vector");
  private static final ClassDesc INTS = CD_int.arrayType();
  private static final ClassDesc INTEGER = ConstantDescs.CD_Integer;
  private static final MethodTypeDesc ROTATE = MethodTypeDesc.of(CD_int, CD_int, CD_int);

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

  /** A tile that finds the right factor by a table, and adds to what is there or to zero. */
  static Tile tile(boolean add, boolean wide, int lanes) {
    MethodTypeDesc type =
        MethodTypeDesc.of(
            CD_void, CD_int, CD_Object, CD_Object, INTS, CD_int, CD_int, CD_Object, INTS, INTS);
    return (Tile) define(Tile.class, type, code -> new TileCompiler(code, wide, lanes).emit(add));
  }

  /** A tile for packed right factors. */
  static PanelTile panelTile(boolean wide, int lanes) {
    MethodTypeDesc type =
        MethodTypeDesc.of(
            CD_void, CD_int, CD_Object, CD_Object, CD_Object, CD_Object, INTS, CD_Object, INTS);
    return (PanelTile)
        define(PanelTile.class, type, code -> new TileCompiler(code, wide, lanes).emitPanel());
  }

  /** A tile of dot products. */
  static DotTile dots(boolean wide, int lanes) {
    MethodTypeDesc type =
        MethodTypeDesc.of(
            CD_void, CD_int, CD_Object, CD_int, CD_Object, INTS, INTS, CD_Object, CD_int);
    return (DotTile)
        define(DotTile.class, type, code -> new TileCompiler(code, wide, lanes).emitDots());
  }

  /** A packing of vectors. */
  static Packing packing(boolean wide, int lanes) {
    MethodTypeDesc type =
        MethodTypeDesc.of(CD_void, CD_int, CD_Object, CD_int, CD_int, CD_Object, CD_int, CD_int);
    return (Packing)
        define(Packing.class, type, code -> new TileCompiler(code, wide, lanes).emitPacking());
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

  private void emit(boolean add) {
    int depth = 1;
    int offsets = 4;
    int[] source = {5, 6};
    int sums = 7;
    int before = 8;
    int after = 9;
    returnWithout(depth);
    int[][] sum = locals(Tile.ROWS, Tile.VECTORS);
    if (add) {
      start(sum, sums, before);
    } else {
      zeros(sum);
    }
    int[] fences = fences(before);
    int a = cast(2);
    int b = cast(3);
    int[] right = locals(1, Tile.VECTORS)[0];
    int offset = code.allocateLocal(TypeKind.INT);
    Label done = code.newLabel();
    forEach(
        depth,
        1,
        k -> {
          code.aload(offsets).iload(k).iaload().istore(offset);
          for (int v = 0; v < Tile.VECTORS; v++) {
            load(b, offset, source[v]);
            code.astore(right[v]);
          }
          rows(a, k, Tile.PITCH, 0, right, sum, 2, j -> fence(offset, fences[j], done));
        });
    code.labelBinding(done);
    forEachSum(sums, after, (c, row, column, r, v) -> store(sum[r][v], c, row, column));
    code.return_();
  }

  private void emitPanel() {
    int depth = 1;
    int from = 5;
    int before = 6;
    int to = 7;
    int after = 8;
    returnWithout(depth);
    int[][] sum = locals(Tile.ROWS, Tile.VECTORS);
    start(sum, from, before);
    int[] fences = fences(before);
    int a = cast(2);
    int[] b = {cast(3), cast(4)};
    int[] right = locals(1, Tile.VECTORS)[0];
    int step = Math.min(Tile.PITCH, lanes);
    int even = code.allocateLocal(TypeKind.INT);
    code.iload(depth).iconst_1().iadd().iconst_2().idiv().loadConstant(2 * step).imul();
    code.istore(even);
    int bit = code.allocateLocal(TypeKind.INT);
    code.iconst_1().istore(bit);
    Label done = code.newLabel();
    forEach(
        even,
        2 * step,
        at -> {
          code.iload(bit).iconst_1();
          code.invokestatic(INTEGER, "rotateLeft", ROTATE).istore(bit);
          for (int t = 0; t < 2; t++) {
            int behind = 2 * t;
            if (t > 0) {
              fence(bit, fences[behind - 1], done);
            }
            for (int v = 0; v < Tile.VECTORS; v++) {
              species();
              code.aload(b[v]).iload(at).loadConstant(lanes / step).imul();
              code.loadConstant(t * lanes).iadd();
              fromArray();
              code.astore(right[v]);
            }
            rows(
                a,
                at,
                Tile.PITCH / step,
                t * Tile.PITCH,
                right,
                sum,
                3,
                j -> fence(bit, fences[behind], done));
          }
        });
    code.labelBinding(done);
    forEachSum(to, after, (c, row, column, r, v) -> store(sum[r][v], c, row, column));
    code.return_();
  }

  /**
   * Adds a term to the sums: the numbers from {@code at·step + first} on, each times vectors, with
   * a fence after so many rows.
   */
  private void rows(
      int a, int at, int step, int first, int[] right, int[][] sum, int fenced, IntConsumer fence) {
    int left = code.allocateLocal(TypeKind.REFERENCE);
    for (int r = 0; r < Tile.ROWS; r++) {
      if (r > 0 && r % fenced == 0) {
        fence.accept(r / fenced - 1);
      }
      species();
      code.aload(a).iload(at).loadConstant(step).imul().loadConstant(first + r).iadd();
      code.arrayLoad(kind);
      code.invokestatic(vector, "broadcast", MethodTypeDesc.of(vector, SPECIES, number));
      code.astore(left);
      for (int v = 0; v < Tile.VECTORS; v++) {
        multiplyAdd(left, right[v], sum[r][v]);
      }
    }
  }

  /** What no number reaches, and what nothing is moved across. */
  private void fence(int number, int fence, Label done) {
    code.iload(number).iload(fence).if_icmpge(done);
  }

  private int[] fences(int places) {
    int[] fences = new int[Tile.FENCES];
    Arrays.setAll(fences, j -> place(places, Tile.ROWS + Tile.VECTORS + j));
    return fences;
  }

  /** Takes the sums of a tile as they start. */
  private void start(int[][] sum, int from, int places) {
    forEachSum(
        from,
        places,
        (c, row, column, r, v) -> {
          load(c, row, column);
          code.astore(sum[r][v]);
        });
  }

  private void zeros(int[][] sum) {
    for (int[] row : sum) {
      for (int local : row) {
        species();
        code.invokestatic(vector, "zero", MethodTypeDesc.of(vector, SPECIES)).astore(local);
      }
    }
  }

  /** Code for a sum of a tile. */
  private interface OfSum {
    void emit(int c, int row, int column, int r, int v);
  }

  private void forEachSum(int parameter, int places, OfSum body) {
    int c = cast(parameter);
    int[] column = new int[Tile.VECTORS];
    for (int v = 0; v < Tile.VECTORS; v++) {
      column[v] = place(places, Tile.ROWS + v);
    }
    for (int r = 0; r < Tile.ROWS; r++) {
      int row = place(places, r);
      for (int v = 0; v < Tile.VECTORS; v++) {
        body.emit(c, row, column[v], r, v);
      }
    }
  }

  /** Nothing to do: what an exercise mostly calls for. */
  private void returnWithout(int count) {
    Label some = code.newLabel();
    code.iload(count).ifgt(some).return_().labelBinding(some);
  }

  private int place(int table, int index) {
    int local = code.allocateLocal(TypeKind.INT);
    code.aload(table).loadConstant(index).iaload().istore(local);
    return local;
  }

  private void emitDots() {
    int count = 1;
    int a0 = 3;
    int bAt = 6;
    int s = 8;
    returnWithout(count);
    int sums = cast(7);
    int[][] sum = locals(DotTile.ROWS, DotTile.COLUMNS);
    int at = code.allocateLocal(TypeKind.INT);
    code.iconst_0().istore(at);
    for (int[] row : sum) {
      for (int one : row) {
        load(sums, s, at);
        code.astore(one).iinc(at, lanes);
      }
    }
    int[] bRow = places(5, DotTile.COLUMNS);
    int a = cast(2);
    int b = cast(4);
    int[] right = locals(1, DotTile.COLUMNS)[0];
    int left = code.allocateLocal(TypeKind.REFERENCE);
    int q = code.allocateLocal(TypeKind.INT);
    forEach(
        count,
        1,
        k -> {
          code.aload(bAt).iload(k).iaload().istore(q);
          for (int j = 0; j < DotTile.COLUMNS; j++) {
            load(b, q, bRow[j]);
            code.astore(right[j]);
          }
          for (int i = 0; i < DotTile.ROWS; i++) {
            species();
            code.aload(a).iload(a0).iload(k).loadConstant(DotTile.ROWS * lanes).imul().iadd();
            code.loadConstant(i * lanes).iadd();
            fromArray();
            code.astore(left);
            for (int j = 0; j < DotTile.COLUMNS; j++) {
              multiplyAdd(left, right[j], sum[i][j]);
            }
          }
        });
    code.iconst_0().istore(at);
    for (int[] row : sum) {
      for (int one : row) {
        store(one, sums, s, at);
        code.iinc(at, lanes);
      }
    }
    code.return_();
  }

  private void emitPacking() {
    int count = 1;
    int from = 3;
    int down = 4;
    int to = 6;
    int pitch = 7;
    returnWithout(count);
    int x = cast(2);
    int y = cast(5);
    int moved = code.allocateLocal(TypeKind.REFERENCE);
    forEach(
        count,
        1,
        k -> {
          species();
          code.aload(x).iload(from);
          fromArray();
          code.astore(moved).aload(moved).aload(y).iload(to);
          intoArray();
          code.iload(from).iload(down).iadd().istore(from);
          code.iload(to).iload(pitch).iadd().istore(to);
        });
    code.return_();
  }

  /** A parameter as an array of numbers. */
  private int cast(int parameter) {
    int local = code.allocateLocal(TypeKind.REFERENCE);
    code.aload(parameter).checkcast(array).astore(local);
    return local;
  }

  private int[] places(int table, int count) {
    int[] places = new int[count];
    Arrays.setAll(places, i -> place(table, i));
    return places;
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

  /** Runs a body for numbers below {@code count}. */
  private void forEach(int count, int step, IntConsumer body) {
    int k = code.allocateLocal(TypeKind.INT);
    Label head = code.newLabel();
    Label end = code.newLabel();
    code.iconst_0().istore(k).labelBinding(head).iload(k).iload(count).if_icmpge(end);
    body.accept(k);
    code.iinc(k, step).goto_(head).labelBinding(end);
  }

  private void species() {
    code.getstatic(vector, "SPECIES_PREFERRED", SPECIES);
  }

  /** Pushes the vector of an array at the sum of two indices. */
  private void load(int from, int at, int further) {
    species();
    code.aload(from).iload(at).iload(further).iadd();
    fromArray();
  }

  private void fromArray() {
    code.invokestatic(vector, "fromArray", MethodTypeDesc.of(vector, SPECIES, array, CD_int));
  }

  /** Writes a vector to an array at the sum of two indices. */
  private void store(int local, int to, int at, int further) {
    code.aload(local).aload(to).iload(at).iload(further).iadd();
    intoArray();
  }

  private void intoArray() {
    code.invokevirtual(vector, "intoArray", MethodTypeDesc.of(CD_void, array, CD_int));
  }

  /** sum ← left·right + sum, rounded once. */
  private void multiplyAdd(int left, int right, int sum) {
    code.aload(left).aload(right).aload(sum);
    code.invokevirtual(vector, "fma", MethodTypeDesc.of(vector, ANY, ANY)).astore(sum);
  }
}
