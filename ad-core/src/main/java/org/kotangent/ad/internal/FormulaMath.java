package org.kotangent.ad.internal;

import static java.lang.constant.ConstantDescs.CD_double;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import org.kotangent.ad.DType;
import org.kotangent.ad.ScalarOp;

/**
 * {@link Formulas} of one F64 number; called from generated code, where they would take much room
 * if each use had its own.
 */
public final class FormulaMath {
  /** The functions that have a formula. */
  interface Functions {
    double exp(double x);

    double expm1(double x);

    double log(double x);

    double log1p(double x);

    double tanh(double x);

    double sigmoid(double x);

    double softplus(double x);
  }

  private static final Functions FUNCTIONS =
      Hidden.define(
          MethodHandles.lookup(),
          Functions.class,
          type -> {
            for (ScalarOp op : ScalarOp.values()) {
              if (Formulas.has(op, DType.F64)) {
                define(type, op);
              }
            }
          });

  private FormulaMath() {}

  private static void define(ClassBuilder type, ScalarOp op) {
    type.withMethodBody(
        op.label(),
        MethodTypeDesc.of(CD_double, CD_double),
        ClassFile.ACC_PUBLIC,
        code -> {
          int x = code.parameterSlot(0);
          code.dload(Formulas.emit(op, new ScalarArithmetic(code, DType.F64), x)).dreturn();
        });
  }

  /** eˣ. */
  public static double exp(double x) {
    return FUNCTIONS.exp(x);
  }

  /** eˣ − 1. */
  public static double expm1(double x) {
    return FUNCTIONS.expm1(x);
  }

  /** ln x. */
  public static double log(double x) {
    return FUNCTIONS.log(x);
  }

  /** ln(1 + x). */
  public static double log1p(double x) {
    return FUNCTIONS.log1p(x);
  }

  /** Hyperbolic tangent. */
  public static double tanh(double x) {
    return FUNCTIONS.tanh(x);
  }

  /** Logistic sigmoid 1/(1 + e⁻ˣ). */
  public static double sigmoid(double x) {
    return FUNCTIONS.sigmoid(x);
  }

  /** ln(1 + eˣ). */
  public static double softplus(double x) {
    return FUNCTIONS.softplus(x);
  }
}
