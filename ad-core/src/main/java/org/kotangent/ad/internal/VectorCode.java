package org.kotangent.ad.internal;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.util.List;
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
    return LaneOps.handles(number, bodies);
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
    code.aload(LaneOps.apply(op, vectors, a, b, c));
  }

  private int pop() {
    int slot = code.allocateLocal(TypeKind.REFERENCE);
    code.astore(slot);
    return slot;
  }
}
