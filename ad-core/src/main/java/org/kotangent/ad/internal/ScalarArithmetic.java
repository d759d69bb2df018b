package org.kotangent.ad.internal;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/** Arithmetic of one F32 number at a time. */
final class ScalarArithmetic implements Arithmetic {
  private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
  private static final ClassDesc FLOAT = ClassDesc.of("java.lang.Float");

  private final CodeBuilder code;

  ScalarArithmetic(CodeBuilder code) {
    this.code = code;
  }

  @Override
  public int number(double value) {
    code.loadConstant((float) value);
    return number();
  }

  @Override
  public int add(int a, int b) {
    code.fload(a).fload(b).fadd();
    return number();
  }

  @Override
  public int sub(int a, int b) {
    code.fload(a).fload(b).fsub();
    return number();
  }

  @Override
  public int mul(int a, int b) {
    code.fload(a).fload(b).fmul();
    return number();
  }

  @Override
  public int div(int a, int b) {
    code.fload(a).fload(b).fdiv();
    return number();
  }

  @Override
  public int fma(int a, int b, int c) {
    code.fload(a).fload(b).fload(c);
    code.invokestatic(MATH, "fma", MethodTypeDesc.of(CD_float, CD_float, CD_float, CD_float));
    return number();
  }

  @Override
  public int neg(int a) {
    code.fload(a).fneg();
    return number();
  }

  @Override
  public int abs(int a) {
    code.fload(a).invokestatic(MATH, "abs", MethodTypeDesc.of(CD_float, CD_float));
    return number();
  }

  @Override
  public int less(int a, int b) {
    code.fload(a).fload(b).fcmpg();
    return condition(Opcode.IFLT);
  }

  @Override
  public int equal(int a, int b) {
    code.fload(a).fload(b).fcmpl();
    return condition(Opcode.IFEQ);
  }

  private int condition(Opcode branch) {
    Label yes = code.newLabel();
    Label done = code.newLabel();
    code.branch(branch, yes).iconst_0().goto_(done).labelBinding(yes).iconst_1();
    code.labelBinding(done);
    return integer();
  }

  @Override
  public int select(int condition, int yes, int no) {
    Label otherwise = code.newLabel();
    Label done = code.newLabel();
    code.iload(condition).ifeq(otherwise).fload(yes).goto_(done);
    code.labelBinding(otherwise).fload(no).labelBinding(done);
    return number();
  }

  @Override
  public int copySign(int a, int b) {
    code.fload(a).fload(b);
    code.invokestatic(MATH, "copySign", MethodTypeDesc.of(CD_float, CD_float, CD_float));
    return number();
  }

  @Override
  public int bits(int a) {
    code.fload(a);
    code.invokestatic(FLOAT, "floatToRawIntBits", MethodTypeDesc.of(CD_int, CD_float));
    return integer();
  }

  @Override
  public int ofBits(int bits) {
    code.iload(bits);
    code.invokestatic(FLOAT, "intBitsToFloat", MethodTypeDesc.of(CD_float, CD_int));
    return number();
  }

  @Override
  public int plusBits(int bits, int addend) {
    code.iload(bits).loadConstant(addend).iadd();
    return integer();
  }

  @Override
  public int minusBits(int a, int b) {
    code.iload(a).iload(b).isub();
    return integer();
  }

  @Override
  public int shiftLeft(int bits, int by) {
    code.iload(bits).loadConstant(by).ishl();
    return integer();
  }

  @Override
  public int shiftRight(int bits, int by) {
    code.iload(bits).loadConstant(by).ishr();
    return integer();
  }

  private int number() {
    int slot = code.allocateLocal(TypeKind.FLOAT);
    code.fstore(slot);
    return slot;
  }

  private int integer() {
    int slot = code.allocateLocal(TypeKind.INT);
    code.istore(slot);
    return slot;
  }
}
