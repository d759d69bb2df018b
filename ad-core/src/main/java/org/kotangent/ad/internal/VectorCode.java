package org.kotangent.ad.internal;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import org.kotangent.ad.DType;
import org.kotangent.ad.Expr;
import org.kotangent.ad.ScalarOp;

/**
 * The bytecode of scalar operations on a vector of elements. Each lane gets the bits that {@link
 * ScalarCode} computes.
 */
public final class VectorCode implements ElementCode {
  private final CodeBuilder code;
  private final DType number;
  private final VectorArithmetic vectors;

  /** Appends to {@code code} operations on numbers of the given type. */
  public VectorCode(CodeBuilder code, DType number) {
    this.code = code;
    this.number = number;
    this.vectors = new VectorArithmetic(code, number);
  }

  /** Whether expressions in numbers of the type can be computed by vectors. */
  public static boolean handles(DType number, List<Expr> bodies) {
    Set<Expr> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    return number != DType.BOOL && bodies.stream().allMatch(e -> handles(number, e, seen));
  }

  private static boolean handles(DType number, Expr e, Set<Expr> seen) {
    return !(e instanceof Expr.Apply apply)
        || !seen.add(e)
        || (handles(number, apply.op())
            && apply.operands().stream().allMatch(o -> handles(number, o, seen)));
  }

  private static boolean handles(DType number, ScalarOp op) {
    return switch (op) {
      case ADD, SUB, MUL, NEG, SQUARE, ABS, SIGN, MAX, MIN -> true;
      case LESS, LESS_EQUAL, EQUAL, AND, OR, NOT, SELECT -> true;
      case DIV, RECIPROCAL, SQRT, FMA, FLOOR, CEIL, ROUND -> number != DType.I32;
      default -> Formulas.has(op, number);
    };
  }

  /** Operations on vectors that were written, loads and stores included. */
  public int operations() {
    return vectors.operations();
  }

  @Override
  public int lanes() {
    return switch (number) {
      case F32 -> FloatVector.SPECIES_PREFERRED.length();
      case F64 -> DoubleVector.SPECIES_PREFERRED.length();
      case I32, BOOL -> IntVector.SPECIES_PREFERRED.length();
    };
  }

  @Override
  public TypeKind kind(DType type) {
    return TypeKind.REFERENCE;
  }

  @Override
  public void constant(double value) {
    code.aload(vectors.number(value));
  }

  @Override
  public void prepare() {
    vectors.prepare();
  }

  @Override
  public void read(DType type) {
    if (type == DType.BOOL) {
      vectors.readMask();
    } else {
      vectors.read();
    }
  }

  @Override
  public void spread(DType type) {
    if (type == DType.BOOL) {
      vectors.spreadMask();
    } else {
      vectors.spread();
    }
  }

  @Override
  public void write(DType type) {
    if (type == DType.BOOL) {
      vectors.writeMask();
    } else {
      vectors.write();
    }
  }

  @Override
  public void select(Runnable condition, Runnable yes, Runnable no) {
    condition.run();
    int c = pop();
    yes.run();
    int a = pop();
    no.run();
    int b = pop();
    code.aload(vectors.select(c, a, b));
  }

  @Override
  public void apply(ScalarOp op) {
    int c = op.arity() > 2 ? pop() : -1;
    int b = op.arity() > 1 ? pop() : -1;
    int a = pop();
    code.aload(result(op, a, b, c));
  }

  private int pop() {
    int slot = code.allocateLocal(TypeKind.REFERENCE);
    code.astore(slot);
    return slot;
  }

  private int result(ScalarOp op, int a, int b, int c) {
    return switch (op) {
      case ADD -> vectors.add(a, b);
      case SUB -> vectors.sub(a, b);
      case MUL -> vectors.mul(a, b);
      case DIV -> vectors.div(a, b);
      case NEG -> vectors.neg(a);
      case SQUARE -> vectors.mul(a, a);
      case RECIPROCAL -> vectors.div(vectors.number(1), a);
      case ABS -> vectors.abs(a);
      case MAX -> vectors.max(a, b);
      case MIN -> vectors.min(a, b);
      case SIGN -> sign(a);
      case SQRT -> vectors.sqrt(a);
      case FMA -> vectors.fma(a, b, c);
      case FLOOR -> floor(a);
      case CEIL -> vectors.neg(floor(vectors.neg(a)));
      case ROUND -> round(a);
      case LESS -> vectors.less(a, b);
      case LESS_EQUAL -> vectors.lessEqual(a, b);
      case EQUAL -> vectors.equal(a, b);
      case AND -> vectors.and(a, b);
      case OR -> vectors.or(a, b);
      case NOT -> vectors.not(a);
      case SELECT -> vectors.select(a, b, c);
      default -> Formulas.emit(op, vectors, a);
    };
  }

  /** ±1, and what is neither above nor below 0 as it is. */
  private int sign(int a) {
    int zero = vectors.number(0);
    int negative = vectors.select(vectors.less(a, zero), vectors.number(-1), a);
    return vectors.select(vectors.less(zero, a), vectors.number(1), negative);
  }

  /** To the nearest integer by way of numbers so large that they have no fraction. */
  private int round(int a) {
    int large = vectors.number(number == DType.F64 ? 0x1p52 : 0x1p23);
    int size = vectors.abs(a);
    int rounded = vectors.sub(vectors.add(size, large), large);
    return vectors.select(vectors.less(size, large), vectors.copySign(rounded, a), a);
  }

  private int floor(int a) {
    int nearest = round(a);
    int below = vectors.sub(nearest, vectors.number(1));
    return vectors.copySign(vectors.select(vectors.less(a, nearest), below, nearest), a);
  }
}
