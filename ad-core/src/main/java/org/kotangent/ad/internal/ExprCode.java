package org.kotangent.ad.internal;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.util.IdentityHashMap;
import java.util.List;
import org.kotangent.ad.DType;
import org.kotangent.ad.Expr;
import org.kotangent.ad.ScalarOp;

/**
 * The bytecode of an expression whose variables are in local variables. Each node is computed once,
 * in the number type, and kept in a local variable.
 */
public final class ExprCode {
  private final CodeBuilder code;
  private final ElementCode elements;
  private final DType number;
  private final List<DType> types;
  private final int[] slots;
  private final IdentityHashMap<Expr, Integer> nodes = new IdentityHashMap<>();

  /**
   * Appends to {@code code}.
   *
   * @param number the type of numeric nodes
   * @param types the types of the variables
   * @param slots the local variables they are in
   */
  public ExprCode(CodeBuilder code, DType number, List<DType> types, int[] slots) {
    this(code, new ScalarCode(code, number), number, types, slots);
  }

  /** Appends to {@code code} by way of {@code elements}, which may be vectors. */
  public ExprCode(
      CodeBuilder code, ElementCode elements, DType number, List<DType> types, int[] slots) {
    this.code = code;
    this.elements = elements;
    this.number = number;
    this.types = types;
    this.slots = slots;
  }

  /** The type an expression has. */
  public static DType type(Expr e, DType number, List<DType> types) {
    return switch (e) {
      case Expr.Variable v -> types.get(v.index()) == DType.BOOL ? DType.BOOL : number;
      case Expr.Constant c -> number;
      case Expr.Apply a -> a.op().isCondition() ? DType.BOOL : number;
    };
  }

  /** Computes an expression into a local variable, its operands first and each shared node once. */
  public void compute(Expr e) {
    if (e instanceof Expr.Apply apply && !nodes.containsKey(e)) {
      apply.operands().forEach(this::compute);
      if (apply.op() == ScalarOp.SELECT) {
        elements.select(
            () -> load(apply.operands().get(0)),
            () -> load(apply.operands().get(1)),
            () -> load(apply.operands().get(2)));
      } else {
        apply.operands().forEach(this::load);
        elements.apply(apply.op());
      }
      TypeKind kind = kind(e);
      int slot = code.allocateLocal(kind);
      code.storeLocal(kind, slot);
      nodes.put(e, slot);
    }
  }

  /** Pushes the value of a computed expression. */
  public void load(Expr e) {
    switch (e) {
      case Expr.Variable v -> code.loadLocal(kind(e), slots[v.index()]);
      case Expr.Constant c -> elements.constant(c.value());
      case Expr.Apply a -> code.loadLocal(kind(e), nodes.get(a));
    }
  }

  private TypeKind kind(Expr e) {
    return elements.kind(type(e, number, types));
  }
}
