package org.kotangent.ad.internal;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Collections;
import org.kotangent.ad.DType;

/** Arithmetic of one floating-point number at a time. */
final class ScalarArithmetic implements Arithmetic {
  private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");

  private final CodeBuilder code;
  private final DType type;
  private final boolean wide;
  private final TypeKind number;
  private final TypeKind integer;
  private final ClassDesc owner;
  private final ClassDesc numbers;
  private final ClassDesc integers;

  ScalarArithmetic(CodeBuilder code, DType type) {
    this.code = code;
    this.type = type;
    this.wide = type == DType.F64;
    this.number = wide ? TypeKind.DOUBLE : TypeKind.FLOAT;
    this.integer = wide ? TypeKind.LONG : TypeKind.INT;
    this.owner = ClassDesc.of(wide ? "java.lang.Double" : "java.lang.Float");
    this.numbers = wide ? CD_double : CD_float;
    this.integers = wide ? CD_long : CD_int;
  }

  @Override
  public DType type() {
    return type;
  }

  @Override
  public int number(double value) {
    if (wide) {
      code.loadConstant(value);
    } else {
      code.loadConstant((float) value);
    }
    return store(number);
  }

  @Override
  public int add(int a, int b) {
    load(a, b);
    return operator(Opcode.FADD, Opcode.DADD);
  }

  @Override
  public int sub(int a, int b) {
    load(a, b);
    return operator(Opcode.FSUB, Opcode.DSUB);
  }

  @Override
  public int mul(int a, int b) {
    load(a, b);
    return operator(Opcode.FMUL, Opcode.DMUL);
  }

  @Override
  public int div(int a, int b) {
    load(a, b);
    return operator(Opcode.FDIV, Opcode.DDIV);
  }

  @Override
  public int fma(int a, int b, int c) {
    load(a, b, c);
    return math("fma", 3);
  }

  @Override
  public int neg(int a) {
    load(a);
    return operator(Opcode.FNEG, Opcode.DNEG);
  }

  @Override
  public int abs(int a) {
    load(a);
    return math("abs", 1);
  }

  @Override
  public int less(int a, int b) {
    load(a, b);
    instruction(Opcode.FCMPG, Opcode.DCMPG);
    return condition(Opcode.IFLT);
  }

  @Override
  public int equal(int a, int b) {
    load(a, b);
    instruction(Opcode.FCMPL, Opcode.DCMPL);
    return condition(Opcode.IFEQ);
  }

  private int condition(Opcode branch) {
    Label yes = code.newLabel();
    Label done = code.newLabel();
    code.branch(branch, yes).iconst_0().goto_(done).labelBinding(yes).iconst_1();
    code.labelBinding(done);
    return store(TypeKind.INT);
  }

  @Override
  public int select(int condition, int yes, int no) {
    Label otherwise = code.newLabel();
    Label done = code.newLabel();
    code.iload(condition).ifeq(otherwise);
    load(yes);
    code.goto_(done).labelBinding(otherwise);
    load(no);
    code.labelBinding(done);
    return store(number);
  }

  @Override
  public int copySign(int a, int b) {
    load(a, b);
    return math("copySign", 2);
  }

  @Override
  public int bits(int a) {
    load(a);
    String method = wide ? "doubleToRawLongBits" : "floatToRawIntBits";
    code.invokestatic(owner, method, MethodTypeDesc.of(integers, numbers));
    return store(integer);
  }

  @Override
  public int ofBits(int bits) {
    code.loadLocal(integer, bits);
    String method = wide ? "longBitsToDouble" : "intBitsToFloat";
    code.invokestatic(owner, method, MethodTypeDesc.of(numbers, integers));
    return store(number);
  }

  @Override
  public int plusBits(int bits, long addend) {
    code.loadLocal(integer, bits);
    if (wide) {
      code.loadConstant(addend);
    } else {
      code.loadConstant((int) addend);
    }
    instruction(Opcode.IADD, Opcode.LADD);
    return store(integer);
  }

  @Override
  public int minusBits(int a, int b) {
    code.loadLocal(integer, a).loadLocal(integer, b);
    instruction(Opcode.ISUB, Opcode.LSUB);
    return store(integer);
  }

  @Override
  public int shiftLeft(int bits, int by) {
    return shift(bits, by, Opcode.ISHL, Opcode.LSHL);
  }

  @Override
  public int shiftRight(int bits, int by) {
    return shift(bits, by, Opcode.IUSHR, Opcode.LUSHR);
  }

  private int shift(int bits, int by, Opcode narrow, Opcode wide) {
    code.loadLocal(integer, bits).loadConstant(by);
    instruction(narrow, wide);
    return store(integer);
  }

  private void load(int... values) {
    for (int value : values) {
      code.loadLocal(number, value);
    }
  }

  private int operator(Opcode f32, Opcode f64) {
    instruction(f32, f64);
    return store(number);
  }

  private void instruction(Opcode narrow, Opcode wide) {
    code.with(OperatorInstruction.of(this.wide ? wide : narrow));
  }

  private int math(String method, int arity) {
    code.invokestatic(
        MATH, method, MethodTypeDesc.of(numbers, Collections.nCopies(arity, numbers)));
    return store(number);
  }

  private int store(TypeKind kind) {
    int slot = code.allocateLocal(kind);
    code.storeLocal(kind, slot);
    return slot;
  }
}
