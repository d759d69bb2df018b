package org.kotangent.ad.internal;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Collections;
import org.kotangent.ad.DType;
import org.kotangent.ad.ScalarOp;

/**
 * The bytecode of one scalar operation on the stack, in one number type. Arithmetic is done in that
 * type, and so are the functions that have a formula; other functions are computed in double and
 * rounded.
 */
public final class ScalarCode implements ElementCode {
  private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
  private static final ClassDesc SCALAR_MATH = ClassDesc.of(ScalarMath.class.getName());
  private static final ClassDesc FORMULA_MATH = ClassDesc.of(FormulaMath.class.getName());
  private static final ClassDesc GAMMA = ClassDesc.of(Gamma.class.getName());

  private final CodeBuilder code;
  private final DType number;

  /** Appends to {@code code} operations on numbers of the given type. */
  public ScalarCode(CodeBuilder code, DType number) {
    this.code = code;
    this.number = number;
  }

  @Override
  public int lanes() {
    return 1;
  }

  @Override
  public void prepare() {}

  @Override
  public void read(DType type) {
    code.arrayLoad(element(type));
  }

  @Override
  public void spread(DType type) {}

  @Override
  public void write(DType type) {
    code.arrayStore(element(type));
  }

  @Override
  public void select(Runnable condition, Runnable yes, Runnable no) {
    Label otherwise = code.newLabel();
    Label done = code.newLabel();
    condition.run();
    code.ifeq(otherwise);
    yes.run();
    code.goto_(done).labelBinding(otherwise);
    no.run();
    code.labelBinding(done);
  }

  @Override
  public TypeKind kind(DType type) {
    return switch (type) {
      case F32 -> TypeKind.FLOAT;
      case F64 -> TypeKind.DOUBLE;
      case I32, BOOL -> TypeKind.INT;
    };
  }

  /** The kind of array access that reads one element. */
  public static TypeKind element(DType type) {
    return switch (type) {
      case F32 -> TypeKind.FLOAT;
      case F64 -> TypeKind.DOUBLE;
      case I32 -> TypeKind.INT;
      case BOOL -> TypeKind.BOOLEAN;
    };
  }

  /** The class of arrays of the type. */
  public static ClassDesc arrayOf(DType type) {
    return switch (type) {
      case F32 -> CD_float.arrayType();
      case F64 -> CD_double.arrayType();
      case I32 -> CD_int.arrayType();
      case BOOL -> CD_boolean.arrayType();
    };
  }

  @Override
  public void constant(double value) {
    switch (number) {
      case F32 -> code.loadConstant((float) value);
      case F64 -> code.loadConstant(value);
      case I32, BOOL -> code.loadConstant((int) value);
    }
  }

  @Override
  public void apply(ScalarOp op) {
    if (Formulas.has(op, number)) {
      if (number == DType.F32) {
        int x = code.allocateLocal(TypeKind.FLOAT);
        code.fstore(x).fload(Formulas.emit(op, new ScalarArithmetic(code, number), x));
      } else {
        function(FORMULA_MATH, op.label(), 1);
      }
      return;
    }
    switch (op) {
      case ADD -> pick(Opcode.FADD, Opcode.DADD, Opcode.IADD);
      case SUB -> pick(Opcode.FSUB, Opcode.DSUB, Opcode.ISUB);
      case MUL -> pick(Opcode.FMUL, Opcode.DMUL, Opcode.IMUL);
      case DIV -> pick(Opcode.FDIV, Opcode.DDIV, Opcode.IDIV);
      case NEG -> pick(Opcode.FNEG, Opcode.DNEG, Opcode.INEG);
      case SQUARE -> {
        if (number == DType.F64) {
          code.dup2();
        } else {
          code.dup();
        }
        apply(ScalarOp.MUL);
      }
      case RECIPROCAL -> function(SCALAR_MATH, "reciprocal", 1);
      case ABS -> inType("abs", 1);
      case MAX -> inType("max", 2);
      case MIN -> inType("min", 2);
      case SIGN -> sign();
      case ROUND -> function(MATH, "rint", 1);
      case SQRT, SIN, COS, TAN, ASIN, ACOS, ATAN, SINH, COSH, FLOOR, CEIL, CBRT, LOG10 ->
          function(MATH, op.label(), 1);
      case ASINH, ACOSH, ATANH, ERF -> function(SCALAR_MATH, op.label(), 1);
      case EXP, EXPM1, LOG, LOG1P, TANH, SIGMOID, SOFTPLUS ->
          throw new IllegalStateException("a function of floating-point numbers: " + op);
      case LOG_GAMMA -> function(GAMMA, op.label(), 1);
      case POW, ATAN2, HYPOT -> function(MATH, op.label(), 2);
      case POLYGAMMA -> function(GAMMA, op.label(), 2);
      case FMA -> inType("fma", 3);
      case LESS -> compare(Opcode.FCMPG, Opcode.DCMPG, Opcode.IFLT, Opcode.IF_ICMPLT);
      case LESS_EQUAL -> compare(Opcode.FCMPG, Opcode.DCMPG, Opcode.IFLE, Opcode.IF_ICMPLE);
      case EQUAL -> compare(Opcode.FCMPL, Opcode.DCMPL, Opcode.IFEQ, Opcode.IF_ICMPEQ);
      case AND -> code.iand();
      case OR -> code.ior();
      case NOT -> code.iconst_1().ixor();
      case SELECT ->
          throw new IllegalStateException("a select is a branch, not an operation on the stack");
    }
  }

  private void pick(Opcode f32, Opcode f64, Opcode i32) {
    code.with(
        java.lang.classfile.instruction.OperatorInstruction.of(
            switch (number) {
              case F32 -> f32;
              case F64 -> f64;
              case I32, BOOL -> i32;
            }));
  }

  /** A method of {@link Math} with an overload in the number type. */
  private void inType(String name, int arity) {
    ClassDesc type =
        switch (number) {
          case F32 -> CD_float;
          case F64 -> CD_double;
          case I32, BOOL -> CD_int;
        };
    code.invokestatic(MATH, name, signature(type, arity));
  }

  /** A function of doubles; operands and result are converted where the number type is float. */
  private void function(ClassDesc owner, String name, int arity) {
    if (number == DType.F32) {
      if (arity == 2) {
        int second = code.allocateLocal(TypeKind.FLOAT);
        code.fstore(second).f2d().fload(second);
      }
      code.f2d();
    }
    code.invokestatic(owner, name, signature(CD_double, arity));
    if (number == DType.F32) {
      code.d2f();
    }
  }

  private static MethodTypeDesc signature(ClassDesc type, int arity) {
    return MethodTypeDesc.of(type, Collections.nCopies(arity, type));
  }

  private void sign() {
    switch (number) {
      case F32 -> code.invokestatic(MATH, "signum", signature(CD_float, 1));
      case F64 -> code.invokestatic(MATH, "signum", signature(CD_double, 1));
      case I32, BOOL ->
          code.invokestatic(ClassDesc.of("java.lang.Integer"), "signum", signature(CD_int, 1));
    }
  }

  /** The comparison of NaN is chosen so that the jump is not taken. */
  private void compare(Opcode f32, Opcode f64, Opcode onSign, Opcode onInts) {
    Label yes = code.newLabel();
    Label done = code.newLabel();
    if (number == DType.F32 || number == DType.F64) {
      pick(f32, f64, f64);
      code.branch(onSign, yes);
    } else {
      code.branch(onInts, yes);
    }
    code.iconst_0().goto_(done).labelBinding(yes).iconst_1().labelBinding(done);
  }
}
