package org.kotangent.ad.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.kotangent.ad.DType;
import org.kotangent.ad.Expr;

/**
 * What is to be done with vectors of floating-point numbers, step by step, each the instruction of
 * a processor: the way from expressions to machine code on which registers have no names yet. A
 * step is known by its number; the same step is taken once.
 */
final class VectorSteps implements LaneArithmetic {
  /** What is done in a step. */
  enum Kind {
    /** The next numbers of an operand. */
    OPERAND,
    /** What is the same in every lane, at every turn of the loop. */
    INVARIANT,
    ADD,
    SUB,
    MUL,
    DIV,
    /** The second of the two where they are equal or either is NaN. */
    MIN,
    /** The second of the two where they are equal or either is NaN. */
    MAX,
    AND,
    OR,
    XOR,
    SQRT,
    /** a·b + c. */
    FMA,
    LESS,
    LESS_EQUAL,
    EQUAL,
    /** Whether either is NaN. */
    UNORDERED,
    /** b where c holds, else a. */
    BLEND,
    ADD_BITS,
    SUB_BITS,
    SHIFT_LEFT,
    SHIFT_RIGHT
  }

  /**
   * A step.
   *
   * @param a the step whose result it takes, or −1; likewise b and c
   * @param number which operand, which invariant, or how many bits
   */
  record Step(Kind kind, int a, int b, int c, int number) {}

  /** What is in every lane: a number of an operand, or, where that is −1, certain bits. */
  record Invariant(int operand, long bits) {}

  private static final int NONE = -1;

  private final DType type;
  private final List<Step> steps = new ArrayList<>();
  private final Map<Step, Integer> numbers = new HashMap<>();
  private final List<Invariant> invariants = new ArrayList<>();
  private final IdentityHashMap<Expr, Integer> known = new IdentityHashMap<>();
  private final long single;

  /**
   * Numbers of a type.
   *
   * @param single bit k is set when operand k is one number for all elements
   */
  VectorSteps(DType type, long single) {
    this.type = type;
    this.single = single;
  }

  /** The steps, each after those whose results it takes. */
  List<Step> steps() {
    return steps;
  }

  List<Invariant> invariants() {
    return invariants;
  }

  /** Takes the steps to an expression; the result is that of the step returned. */
  int compute(Expr e) {
    return switch (e) {
      case Expr.Constant constant -> number(constant.value());
      case Expr.Variable v ->
          (single >> v.index() & 1) == 1
              ? invariant(new Invariant(v.index(), 0))
              : step(Kind.OPERAND, NONE, NONE, NONE, v.index());
      case Expr.Apply apply -> {
        Integer before = known.get(apply);
        int result = before == null ? apply(apply) : before;
        known.put(apply, result);
        yield result;
      }
    };
  }

  private int apply(Expr.Apply apply) {
    int[] x = apply.operands().stream().mapToInt(this::compute).toArray();
    return LaneOps.apply(
        apply.op(), this, x[0], x.length > 1 ? x[1] : NONE, x.length > 2 ? x[2] : NONE);
  }

  private int step(Kind kind, int a, int b, int c, int number) {
    return numbers.computeIfAbsent(
        new Step(kind, a, b, c, number),
        step -> {
          steps.add(step);
          return steps.size() - 1;
        });
  }

  private int step(Kind kind, int a, int b) {
    return step(kind, a, b, NONE, 0);
  }

  private int invariant(Invariant invariant) {
    int index = invariants.indexOf(invariant);
    if (index < 0) {
      index = invariants.size();
      invariants.add(invariant);
    }
    return step(Kind.INVARIANT, NONE, NONE, NONE, index);
  }

  /** The same bits in each lane; of those of F32, the lower half. */
  private int bitsOf(long bits) {
    return invariant(new Invariant(NONE, type == DType.F64 ? bits : bits & 0xFFFF_FFFFL));
  }

  /** The sign bit alone. */
  private int sign() {
    return bitsOf(type == DType.F64 ? Long.MIN_VALUE : Integer.MIN_VALUE);
  }

  @Override
  public DType type() {
    return type;
  }

  @Override
  public int number(double value) {
    return bitsOf(
        type == DType.F64
            ? Double.doubleToRawLongBits(value)
            : Float.floatToRawIntBits((float) value));
  }

  @Override
  public int add(int a, int b) {
    return step(Kind.ADD, a, b);
  }

  @Override
  public int sub(int a, int b) {
    return step(Kind.SUB, a, b);
  }

  @Override
  public int mul(int a, int b) {
    return step(Kind.MUL, a, b);
  }

  @Override
  public int div(int a, int b) {
    return step(Kind.DIV, a, b);
  }

  @Override
  public int fma(int a, int b, int c) {
    return step(Kind.FMA, a, b, c, 0);
  }

  @Override
  public int sqrt(int a) {
    return step(Kind.SQRT, a, NONE);
  }

  @Override
  public int neg(int a) {
    return step(Kind.XOR, a, sign());
  }

  @Override
  public int abs(int a) {
    return step(Kind.AND, a, bitsOf(type == DType.F64 ? Long.MAX_VALUE : Integer.MAX_VALUE));
  }

  @Override
  public int copySign(int a, int b) {
    return step(Kind.OR, abs(a), step(Kind.AND, b, sign()));
  }

  /** Of two zeros, one of which is negative, the processor takes the second: here each is. */
  @Override
  public int min(int a, int b) {
    return orNaN(a, b, step(Kind.OR, step(Kind.MIN, a, b), step(Kind.MIN, b, a)));
  }

  @Override
  public int max(int a, int b) {
    return orNaN(a, b, step(Kind.AND, step(Kind.MAX, a, b), step(Kind.MAX, b, a)));
  }

  private int orNaN(int a, int b, int y) {
    return select(step(Kind.UNORDERED, a, b), add(a, b), y);
  }

  @Override
  public int less(int a, int b) {
    return step(Kind.LESS, a, b);
  }

  @Override
  public int lessEqual(int a, int b) {
    return step(Kind.LESS_EQUAL, a, b);
  }

  @Override
  public int equal(int a, int b) {
    return step(Kind.EQUAL, a, b);
  }

  @Override
  public int and(int a, int b) {
    return step(Kind.AND, a, b);
  }

  @Override
  public int or(int a, int b) {
    return step(Kind.OR, a, b);
  }

  @Override
  public int not(int a) {
    return step(Kind.XOR, a, bitsOf(-1));
  }

  @Override
  public int select(int condition, int yes, int no) {
    return step(Kind.BLEND, no, yes, condition, 0);
  }

  @Override
  public int bits(int a) {
    return a;
  }

  @Override
  public int ofBits(int bits) {
    return bits;
  }

  @Override
  public int plusBits(int bits, long addend) {
    return step(Kind.ADD_BITS, bits, bitsOf(addend));
  }

  @Override
  public int minusBits(int a, int b) {
    return step(Kind.SUB_BITS, a, b);
  }

  @Override
  public int shiftLeft(int bits, int by) {
    return step(Kind.SHIFT_LEFT, bits, NONE, NONE, by);
  }

  @Override
  public int shiftRight(int bits, int by) {
    return step(Kind.SHIFT_RIGHT, bits, NONE, NONE, by);
  }
}
