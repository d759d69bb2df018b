package org.kotangent.ops.internal;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * The words of bytecode over the Vector API, for numbers of one type. Parameters and what is made
 * here are named by their local variables.
 */
final class VectorAssembler {
  private static final String API = "jdk.incubator.vector";
  private static final ClassDesc SPECIES = ClassDesc.of(API, "VectorSpecies");
  private static final ClassDesc ANY = ClassDesc.of(API, "Vector");

  private final CodeBuilder code;
  private final ClassDesc vector;
  private final ClassDesc array;
  private final ClassDesc number;
  private final TypeKind kind;
  private final int lanes;

  /** Code for doubles where {@code wide}, else for floats, with so many in a vector. */
  VectorAssembler(CodeBuilder code, boolean wide, int lanes) {
    this.code = code;
    this.vector = ClassDesc.of(API, wide ? "DoubleVector" : "FloatVector");
    this.number = wide ? CD_double : CD_float;
    this.array = number.arrayType();
    this.kind = wide ? TypeKind.DOUBLE : TypeKind.FLOAT;
    this.lanes = lanes;
  }

  /** Where other instructions are written. */
  CodeBuilder code() {
    return code;
  }

  /** Numbers in a vector. */
  int lanes() {
    return lanes;
  }

  // ---- local variables

  /** A parameter as an array of numbers. */
  int cast(int parameter) {
    int local = code.allocateLocal(TypeKind.REFERENCE);
    code.aload(parameter).checkcast(array).astore(local);
    return local;
  }

  /** An integer of a table. */
  int place(int table, int index) {
    int local = code.allocateLocal(TypeKind.INT);
    code.aload(table).loadConstant(index).iaload().istore(local);
    return local;
  }

  /** The first integers of a table. */
  int[] places(int table, int count) {
    int[] places = new int[count];
    Arrays.setAll(places, i -> place(table, i));
    return places;
  }

  /** New variables for vectors. */
  int[][] locals(int rows, int columns) {
    int[][] locals = new int[rows][columns];
    for (int[] row : locals) {
      Arrays.setAll(row, j -> code.allocateLocal(TypeKind.REFERENCE));
    }
    return locals;
  }

  // ---- control flow

  /** Nothing to do: what an exercise mostly calls for. */
  void returnWithout(int count) {
    Label some = code.newLabel();
    code.iload(count).ifgt(some).return_().labelBinding(some);
  }

  /**
   * Runs a body for numbers below {@code count}; returns the variable, then the first that is not.
   */
  int forEach(int count, int step, IntConsumer body) {
    int k = code.allocateLocal(TypeKind.INT);
    Label head = code.newLabel();
    Label end = code.newLabel();
    code.iconst_0().istore(k).labelBinding(head).iload(k).iload(count).if_icmpge(end);
    body.accept(k);
    code.iinc(k, step).goto_(head).labelBinding(end);
    return k;
  }

  // ---- vectors

  /** A vector of zeros. */
  void zero(int local) {
    species();
    code.invokestatic(vector, "zero", MethodTypeDesc.of(vector, SPECIES)).astore(local);
  }

  /** The vector of an array at the index that {@code at} pushes. */
  void load(int local, int from, Runnable at) {
    species();
    code.aload(from);
    at.run();
    code.invokestatic(vector, "fromArray", MethodTypeDesc.of(vector, SPECIES, array, CD_int));
    code.astore(local);
  }

  /** The vector of an array at the sum of two indices. */
  void load(int local, int from, int at, int further) {
    load(local, from, () -> code.iload(at).iload(further).iadd());
  }

  /** Writes a vector to an array at the index that {@code at} pushes. */
  void store(int local, int to, Runnable at) {
    code.aload(local).aload(to);
    at.run();
    code.invokevirtual(vector, "intoArray", MethodTypeDesc.of(CD_void, array, CD_int));
  }

  /** Writes a vector to an array at the sum of two indices. */
  void store(int local, int to, int at, int further) {
    store(local, to, () -> code.iload(at).iload(further).iadd());
  }

  /** A vector of one number, that of an array at the index that {@code at} pushes. */
  void broadcast(int local, int from, Runnable at) {
    species();
    code.aload(from);
    at.run();
    code.arrayLoad(kind);
    code.invokestatic(vector, "broadcast", MethodTypeDesc.of(vector, SPECIES, number));
    code.astore(local);
  }

  /** sum ← left·right + sum, rounded once. */
  void multiplyAdd(int left, int right, int sum) {
    code.aload(left).aload(right).aload(sum);
    code.invokevirtual(vector, "fma", MethodTypeDesc.of(vector, ANY, ANY)).astore(sum);
  }

  private void species() {
    code.getstatic(vector, "SPECIES_PREFERRED", SPECIES);
  }
}
