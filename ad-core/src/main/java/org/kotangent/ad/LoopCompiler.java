package org.kotangent.ad;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.kotangent.ad.VectorLoop.Vectors;
import org.kotangent.ad.internal.ElementCode;
import org.kotangent.ad.internal.ExprCode;
import org.kotangent.ad.internal.Hidden;
import org.kotangent.ad.internal.Hot;
import org.kotangent.ad.internal.Provider;
import org.kotangent.ad.internal.ScalarCode;
import org.kotangent.ad.internal.VectorCode;
import org.kotangent.ad.internal.Warm;

/**
 * Turns expressions into machine code or, where there can be none, into bytecode: a loop over
 * elements and, where there are vectors to be had, one over vectors of elements, which gives the
 * same bits.
 */
final class LoopCompiler {
  /**
   * What a loop is compiled for.
   *
   * @param bodies an expression for each result
   * @param number the type of numeric nodes
   * @param operands the element types of the variables
   * @param single bit k is set when operand k is one number for all elements
   * @param shifted bit k is set when operand k is read at another position than the results; the
   *     next bits when a result is written at another position than the others
   */
  record Key(List<Expr> bodies, DType number, List<DType> operands, long single, long shifted) {
    DType result(int j) {
      return ExprCode.type(bodies.get(j), number, operands);
    }
  }

  /** Loops that are kept; the one used least recently is forgotten first. */
  private static final int KEPT = 1024;

  /** Operations on vectors in one loop: beyond them C2 takes long, and loses track of vectors. */
  private static final int MOST = 160;

  private static final Map<Key, Loop> CACHE =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Key, Loop> eldest) {
              return size() > KEPT;
            }
          });

  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(
          CD_void,
          CD_Object.arrayType(),
          CD_int.arrayType(),
          CD_int.arrayType(),
          CD_Object.arrayType(),
          CD_int,
          CD_int,
          CD_int,
          CD_int);
  private static final int IN = 1;
  private static final int AT = 2;
  private static final int STEP = 3;
  private static final int OUT = 4;
  private static final int FROM = 5;
  private static final int LENGTH = 6;
  private static final int ROWS = 7;
  private static final int PITCH = 8;

  private final CodeBuilder code;
  private final Key key;
  private final ElementCode elements;
  private final int[] values;
  private final int[] arrays;
  private final int[] places;
  private final int[] steps;
  private final int[] results;

  private LoopCompiler(CodeBuilder code, ElementCode elements, Key key) {
    this.code = code;
    this.key = key;
    this.elements = elements;
    int n = key.operands().size();
    this.values = new int[n];
    this.arrays = new int[n];
    this.results = new int[key.bodies().size()];
    this.places = new int[n + results.length];
    this.steps = new int[n + results.length];
  }

  /** The loop for the key, compiled on first use. */
  static Loop compile(Key key) {
    Loop loop = CACHE.get(key);
    if (loop == null) {
      loop = define(key);
      CACHE.put(key, loop);
    }
    return loop;
  }

  private static Loop define(Key key) {
    return NativeLoop.of(key).orElseGet(() -> inBytecode(key));
  }

  private static Loop inBytecode(Key key) {
    Loop single = define(key, code -> new ScalarCode(code, key.number()));
    if (!Provider.chosen().usesVectors() || !VectorCode.handles(key.number(), key.bodies())) {
      return single;
    }
    return new VectorLoop(single, vectors(key, single));
  }

  /** The loop over vectors; where it would be too long, the one over elements again. */
  private static Warm<Vectors> vectors(Key key, Loop single) {
    Vectors plain = new Vectors(single, 1, 0);
    return new Warm<>(
        plain,
        () -> {
          VectorCode[] code = new VectorCode[1];
          Loop loop = define(key, builder -> code[0] = new VectorCode(builder, key.number()));
          int operations = code[0].operations();
          return operations > MOST ? plain : new Vectors(loop, code[0].lanes(), operations);
        },
        vectors -> vectors.equals(plain) ? Hot.NOTHING : exercise(key, vectors));
  }

  /** Runs a loop on ones. */
  private static Hot.Exercise exercise(Key key, Vectors vectors) {
    int lanes = vectors.lanes();
    int n = key.operands().size();
    int[] zeros = new int[n + key.bodies().size()];
    Object[] in = new Object[n];
    Arrays.setAll(in, k -> ones(key.operands().get(k), Hot.TURNS * lanes));
    Object[] out = new Object[key.bodies().size()];
    Arrays.setAll(out, j -> ones(key.result(j), Hot.TURNS * lanes));
    return new Hot.Exercise(
        vectors.operations(),
        turns -> {
          int rows = Math.min(2, turns);
          vectors.loop().run(in, zeros, zeros, out, 0, turns / 2 * lanes, rows, 0);
        });
  }

  private static Object ones(DType type, int count) {
    Arr arr = Arr.allocate(new Spec(type, Shape.of(count)));
    arr.fill(0, count, 1);
    return arr.data();
  }

  private static Loop define(Key key, Function<CodeBuilder, ElementCode> elements) {
    return Hidden.define(
        MethodHandles.lookup(),
        Loop.class,
        type ->
            type.withMethodBody(
                "run",
                RUN,
                ClassFile.ACC_PUBLIC,
                code -> new LoopCompiler(code, elements.apply(code), key).emit()));
  }

  /**
   * Rows, and in each row elements or vectors of them. The constants are known only when the body
   * has been written, so what puts them into place stands behind it.
   */
  private void emit() {
    Label start = code.newLabel();
    Label row = code.newLabel();
    Label element = code.newLabel();
    Label next = code.newLabel();
    Label end = code.newLabel();
    int i = code.allocateLocal(TypeKind.INT);
    int to = code.allocateLocal(TypeKind.INT);
    unpack();
    code.goto_(start).labelBinding(row).iload(ROWS).ifle(end);
    loadSingle();
    code.iload(FROM).istore(i).iload(FROM).iload(LENGTH).iadd().istore(to);
    code.labelBinding(element).iload(i).iload(to).if_icmpge(next);
    loadMoving(i);
    compute(i);
    code.iinc(i, elements.lanes()).goto_(element).labelBinding(next);
    for (int k = 0; k < places.length; k++) {
      if (isPlaced(k)) {
        code.iload(places[k]).iload(steps[k]).iadd().istore(places[k]);
      }
    }
    code.iload(FROM).iload(PITCH).iadd().istore(FROM).iinc(ROWS, -1);
    code.goto_(row).labelBinding(start);
    elements.prepare();
    code.goto_(row).labelBinding(end).return_();
  }

  /** Puts arrays and places of operands and results into local variables. */
  private void unpack() {
    for (int k = 0; k < arrays.length; k++) {
      DType type = key.operands().get(k);
      values[k] = code.allocateLocal(elements.kind(type));
      arrays[k] = code.allocateLocal(TypeKind.REFERENCE);
      code.aload(IN).loadConstant(k).aaload().checkcast(ScalarCode.arrayOf(type));
      code.astore(arrays[k]);
    }
    for (int k = 0; k < places.length; k++) {
      if (isPlaced(k)) {
        places[k] = code.allocateLocal(TypeKind.INT);
        steps[k] = code.allocateLocal(TypeKind.INT);
        code.aload(AT).loadConstant(k).iaload().istore(places[k]);
        code.aload(STEP).loadConstant(k).iaload().istore(steps[k]);
      }
    }
    for (int j = 0; j < results.length; j++) {
      results[j] = code.allocateLocal(TypeKind.REFERENCE);
      code.aload(OUT).loadConstant(j).aaload().checkcast(ScalarCode.arrayOf(key.result(j)));
      code.astore(results[j]);
    }
  }

  /** Loads the operands that are one number in a row. */
  private void loadSingle() {
    for (int k = 0; k < arrays.length; k++) {
      if (isSet(key.single(), k)) {
        DType type = key.operands().get(k);
        code.aload(arrays[k]).iload(places[k]).arrayLoad(ScalarCode.element(type));
        elements.spread(type);
        code.storeLocal(elements.kind(type), values[k]);
      }
    }
  }

  /** Loads the operands that move along. */
  private void loadMoving(int i) {
    for (int k = 0; k < arrays.length; k++) {
      if (!isSet(key.single(), k)) {
        DType type = key.operands().get(k);
        code.aload(arrays[k]);
        loadPlace(i, k);
        elements.read(type);
        code.storeLocal(elements.kind(type), values[k]);
      }
    }
  }

  private void compute(int i) {
    ExprCode body = new ExprCode(code, elements, key.number(), key.operands(), values);
    key.bodies().forEach(body::compute);
    for (int j = 0; j < results.length; j++) {
      code.aload(results[j]);
      loadPlace(i, arrays.length + j);
      body.load(key.bodies().get(j));
      elements.write(key.result(j));
    }
  }

  /** Where element i of an operand or result is. */
  private void loadPlace(int i, int k) {
    code.iload(i);
    if (isPlaced(k)) {
      code.iload(places[k]).iadd();
    }
  }

  private boolean isPlaced(int k) {
    return isSet(key.single() | key.shifted(), k);
  }

  private static boolean isSet(long bits, int k) {
    return k < Long.SIZE && (bits >> k & 1) == 1;
  }
}
