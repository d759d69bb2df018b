package org.kotangent.ad.internal;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.LinkedHashMap;
import java.util.Map;
import org.kotangent.ad.DType;

/**
 * Arithmetic of vectors of the Vector API. Only operations whose result is defined to the bit are
 * used, so that the interpreter and every compiler agree.
 */
final class VectorArithmetic implements LaneArithmetic {
  private static final String PACKAGE = "jdk.incubator.vector";
  private static final ClassDesc VECTOR = ClassDesc.of(PACKAGE, "Vector");
  private static final ClassDesc MASK = ClassDesc.of(PACKAGE, "VectorMask");
  private static final ClassDesc SPECIES = ClassDesc.of(PACKAGE, "VectorSpecies");
  private static final ClassDesc OPERATORS = ClassDesc.of(PACKAGE, "VectorOperators");
  private static final ClassDesc BOOLEANS = ScalarCode.arrayOf(DType.BOOL);

  private final CodeBuilder code;
  private final DType type;
  private final ClassDesc vector;
  private final ClassDesc integers;
  private final Map<Double, Integer> numbers = new LinkedHashMap<>();
  private int operations;

  VectorArithmetic(CodeBuilder code, DType type) {
    this.code = code;
    this.type = type;
    this.vector = ClassDesc.of(PACKAGE, name(type));
    this.integers = ClassDesc.of(PACKAGE, type == DType.F64 ? "LongVector" : "IntVector");
  }

  @Override
  public DType type() {
    return type;
  }

  private static String name(DType type) {
    return switch (type) {
      case F32 -> "FloatVector";
      case F64 -> "DoubleVector";
      case I32 -> "IntVector";
      case BOOL -> throw new IllegalArgumentException("there are no vectors of truth values");
    };
  }

  /** Operations on vectors that were written, loads and stores included. */
  int operations() {
    return operations;
  }

  /** A number in every lane; it is put there once, by {@link #prepare}. */
  @Override
  public int number(double value) {
    return numbers.computeIfAbsent(value, v -> code.allocateLocal(TypeKind.REFERENCE));
  }

  /** Sets the vectors of one number each. */
  void prepare() {
    numbers.forEach((value, slot) -> {
      new ScalarCode(code, type).constant(value);
      spread();
      code.astore(slot);
    });
  }

  /** Replaces a number on the stack by a vector of it. */
  void spread() {
    int slot = code.allocateLocal(element());
    code.storeLocal(element(), slot);
    species().loadLocal(element(), slot);
    code.invokestatic(vector, "broadcast", MethodTypeDesc.of(vector, SPECIES, number()));
  }

  /** Replaces a truth value on the stack by a mask of it. */
  void spreadMask() {
    int slot = code.allocateLocal(TypeKind.INT);
    code.istore(slot);
    species().iload(slot);
    code.invokeinterface(SPECIES, "maskAll", MethodTypeDesc.of(MASK, CD_boolean));
  }

  /** Replaces an array and an index on the stack by a vector. */
  void read() {
    array("fromArray", vector, ScalarCode.arrayOf(type));
  }

  /** Replaces an array of truth values and an index on the stack by a mask. */
  void readMask() {
    array("fromArray", MASK, BOOLEANS);
  }

  private void array(String method, ClassDesc owner, ClassDesc array) {
    int at = code.allocateLocal(TypeKind.INT);
    int from = code.allocateLocal(TypeKind.REFERENCE);
    code.istore(at).astore(from);
    operations++;
    species().aload(from).iload(at);
    code.invokestatic(owner, method, MethodTypeDesc.of(owner, SPECIES, array, CD_int));
  }

  /** Stores a vector; array, index and vector are on the stack. */
  void write() {
    store(vector, ScalarCode.arrayOf(type));
  }

  /** Stores a mask; array, index and mask are on the stack. */
  void writeMask() {
    store(MASK, BOOLEANS);
  }

  private void store(ClassDesc owner, ClassDesc array) {
    int value = code.allocateLocal(TypeKind.REFERENCE);
    int at = code.allocateLocal(TypeKind.INT);
    int to = code.allocateLocal(TypeKind.REFERENCE);
    code.astore(value).istore(at).astore(to);
    operations++;
    code.aload(value).aload(to).iload(at);
    code.invokevirtual(owner, "intoArray", MethodTypeDesc.of(CD_void, array, CD_int));
  }

  private CodeBuilder species() {
    return code.getstatic(vector, "SPECIES_PREFERRED", SPECIES);
  }

  private TypeKind element() {
    return ScalarCode.element(type);
  }

  private ClassDesc number() {
    return ScalarCode.arrayOf(type).componentType();
  }

  @Override
  public int add(int a, int b) {
    return call("add", a, b);
  }

  @Override
  public int sub(int a, int b) {
    return call("sub", a, b);
  }

  @Override
  public int mul(int a, int b) {
    return call("mul", a, b);
  }

  @Override
  public int div(int a, int b) {
    return call("div", a, b);
  }

  @Override
  public int min(int a, int b) {
    return call("min", a, b);
  }

  @Override
  public int max(int a, int b) {
    return call("max", a, b);
  }

  @Override
  public int fma(int a, int b, int c) {
    code.aload(a).aload(b).aload(c);
    return invoke(vector, "fma", vector, VECTOR, VECTOR);
  }

  @Override
  public int neg(int a) {
    return call("neg", a);
  }

  @Override
  public int abs(int a) {
    return call("abs", a);
  }

  @Override
  public int sqrt(int a) {
    return call("sqrt", a);
  }

  @Override
  public int less(int a, int b) {
    return compare("LT", a, b);
  }

  @Override
  public int lessEqual(int a, int b) {
    return compare("LE", a, b);
  }

  @Override
  public int equal(int a, int b) {
    return compare("EQ", a, b);
  }

  private int compare(String comparison, int a, int b) {
    ClassDesc kind = OPERATORS.nested("Comparison");
    code.aload(a).getstatic(OPERATORS, comparison, kind).aload(b);
    return invoke(vector, "compare", MASK, kind, VECTOR);
  }

  @Override
  public int and(int a, int b) {
    code.aload(a).aload(b);
    return invoke(MASK, "and", MASK, MASK);
  }

  @Override
  public int or(int a, int b) {
    code.aload(a).aload(b);
    return invoke(MASK, "or", MASK, MASK);
  }

  @Override
  public int not(int a) {
    code.aload(a);
    return invoke(MASK, "not", MASK);
  }

  @Override
  public int select(int condition, int yes, int no) {
    code.aload(no).aload(yes).aload(condition);
    return invoke(vector, "blend", vector, VECTOR, MASK);
  }

  /** The sign bit of one and the other bits of the other. */
  @Override
  public int copySign(int a, int b) {
    int size = bits(abs(a));
    code.aload(bits(b));
    long first = type == DType.F64 ? Long.MIN_VALUE : Integer.MIN_VALUE;
    int sign = invoke(integers, "and", integers, constant(first));
    code.aload(size).aload(sign);
    return ofBits(invoke(integers, "or", integers, VECTOR));
  }

  @Override
  public int bits(int a) {
    code.aload(a);
    return invoke(vector, type == DType.F64 ? "reinterpretAsLongs" : "reinterpretAsInts", integers);
  }

  @Override
  public int ofBits(int bits) {
    code.aload(bits);
    return invoke(
        integers, type == DType.F64 ? "reinterpretAsDoubles" : "reinterpretAsFloats", vector);
  }

  @Override
  public int plusBits(int bits, long addend) {
    code.aload(bits);
    return invoke(integers, "add", integers, constant(addend));
  }

  @Override
  public int minusBits(int a, int b) {
    code.aload(a).aload(b);
    return invoke(integers, "sub", integers, VECTOR);
  }

  @Override
  public int shiftLeft(int bits, int by) {
    return shift("LSHL", bits, by);
  }

  @Override
  public int shiftRight(int bits, int by) {
    return shift("LSHR", bits, by);
  }

  /** Pushes an integer as wide as the numbers, and says of what type it is. */
  private ClassDesc constant(long value) {
    if (type == DType.F64) {
      code.loadConstant(value);
      return CD_long;
    }
    code.loadConstant((int) value);
    return CD_int;
  }

  private int shift(String direction, int bits, int by) {
    ClassDesc kind = OPERATORS.nested("Binary");
    code.aload(bits).getstatic(OPERATORS, direction, kind);
    return invoke(integers, "lanewise", integers, kind, constant(by));
  }

  private int call(String method, int a) {
    code.aload(a);
    return invoke(vector, method, vector);
  }

  private int call(String method, int a, int b) {
    code.aload(a).aload(b);
    return invoke(vector, method, vector, VECTOR);
  }

  private int invoke(ClassDesc owner, String method, ClassDesc result, ClassDesc... parameters) {
    operations++;
    code.invokevirtual(owner, method, MethodTypeDesc.of(result, parameters));
    int slot = code.allocateLocal(TypeKind.REFERENCE);
    code.astore(slot);
    return slot;
  }
}
