package org.kotangent.ad.internal;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.kotangent.ad.DType;
import org.kotangent.ad.Expr;
import org.kotangent.ad.ScalarOp;

/** Scalar operations in terms of {@link LaneArithmetic}, with the bits of {@link ScalarCode}. */
final class LaneOps {
  private final LaneArithmetic lanes;

  private LaneOps(LaneArithmetic lanes) {
    this.lanes = lanes;
  }

  /** Whether expressions in numbers of the type can be computed. */
  static boolean handles(DType number, List<Expr> bodies) {
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

  /** The operation of a, b and c, as many as it takes. */
  static int apply(ScalarOp op, LaneArithmetic lanes, int a, int b, int c) {
    LaneOps ops = new LaneOps(lanes);
    return switch (op) {
      case ADD -> lanes.add(a, b);
      case SUB -> lanes.sub(a, b);
      case MUL -> lanes.mul(a, b);
      case DIV -> lanes.div(a, b);
      case NEG -> lanes.neg(a);
      case SQUARE -> lanes.mul(a, a);
      case RECIPROCAL -> lanes.div(lanes.number(1), a);
      case ABS -> lanes.abs(a);
      case MAX -> lanes.max(a, b);
      case MIN -> lanes.min(a, b);
      case SIGN -> ops.sign(a);
      case SQRT -> lanes.sqrt(a);
      case FMA -> lanes.fma(a, b, c);
      case FLOOR -> ops.floor(a);
      case CEIL -> lanes.neg(ops.floor(lanes.neg(a)));
      case ROUND -> ops.round(a);
      case LESS -> lanes.less(a, b);
      case LESS_EQUAL -> lanes.lessEqual(a, b);
      case EQUAL -> lanes.equal(a, b);
      case AND -> lanes.and(a, b);
      case OR -> lanes.or(a, b);
      case NOT -> lanes.not(a);
      case SELECT -> lanes.select(a, b, c);
      default -> Formulas.emit(op, lanes, a);
    };
  }

  /** ±1, and what is neither above nor below 0 as it is. */
  private int sign(int a) {
    int zero = lanes.number(0);
    int negative = lanes.select(lanes.less(a, zero), lanes.number(-1), a);
    return lanes.select(lanes.less(zero, a), lanes.number(1), negative);
  }

  /** To the nearest integer by way of numbers so large that they have no fraction. */
  private int round(int a) {
    int large = lanes.number(lanes.type() == DType.F64 ? 0x1p52 : 0x1p23);
    int size = lanes.abs(a);
    int rounded = lanes.sub(lanes.add(size, large), large);
    return lanes.select(lanes.less(size, large), lanes.copySign(rounded, a), a);
  }

  private int floor(int a) {
    int nearest = round(a);
    int below = lanes.sub(nearest, lanes.number(1));
    return lanes.copySign(lanes.select(lanes.less(a, nearest), below, nearest), a);
  }
}
