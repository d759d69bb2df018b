package org.kotangent.ad;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Expressions applied to every element of broadcast operands: their specs and their compiled loops.
 */
final class Pointwise {
  /** Elements per chunk of work: enough to pay for handing it to another thread. */
  private static final int GRAIN = 1 << 15;

  /** Places for compiled loops; which one depends on how the operands are stretched. */
  private static final int RECENT = 4;

  /** A loop and what it was compiled for. */
  private record Variant(DType number, long single, long shifted, Loop loop) {}

  private final List<Expr> bodies;
  private final int arity;
  private final BitSet conditions = new BitSet();
  private final boolean integers;
  private final AtomicReferenceArray<@Nullable Variant> recent = new AtomicReferenceArray<>(RECENT);

  Pointwise(List<Expr> bodies, int arity) {
    this.bodies = bodies;
    this.arity = arity;
    Set<Expr> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    boolean accepted = true;
    for (Expr body : bodies) {
      accepted &= inspect(body, seen);
    }
    this.integers = accepted;
  }

  /**
   * Marks the variables that stand for truth values; says whether integers may be used for numbers.
   */
  private boolean inspect(Expr e, Set<Expr> seen) {
    if (!(e instanceof Expr.Apply apply)) {
      return !(e instanceof Expr.Constant c) || c.value() == (int) c.value();
    }
    if (!seen.add(e)) {
      return true; // What speaks against integers has been found where it was seen first.
    }
    boolean accepted = apply.op().acceptsIntegers();
    for (int i = 0; i < apply.operands().size(); i++) {
      Expr operand = apply.operands().get(i);
      if (operand instanceof Expr.Variable v && apply.op().takesCondition(i)) {
        conditions.set(v.index());
      }
      accepted &= inspect(operand, seen);
    }
    return accepted;
  }

  /** Specs of the results. */
  Spec[] infer(String name, Spec[] in) {
    if (in.length != arity) {
      throw Checks.domain(
          name, "takes " + arity + " operands", Integer.toString(in.length), "give that many");
    }
    return infer(name, number(name, in), in);
  }

  /** Specs of the results of computing in the given type. */
  Spec[] infer(String name, DType number, Spec[] in) {
    Shape shape = in[0].shape();
    for (int i = 1; i < in.length; i++) {
      shape = Shape.broadcast(name, shape, in[i].shape());
    }
    LoopCompiler.Key key = key(number, in, 0, 0);
    Spec[] results = new Spec[bodies.size()];
    for (int j = 0; j < results.length; j++) {
      results[j] = new Spec(key.result(j), shape);
    }
    return results;
  }

  private LoopCompiler.Key key(DType number, Spec[] in, long single, long shifted) {
    List<DType> types = Arrays.stream(in).map(Spec::dtype).toList();
    return new LoopCompiler.Key(bodies, number, types, single, shifted);
  }

  /** The one type of the numeric operands. */
  private DType number(String name, Spec[] in) {
    DType number = DType.BOOL;
    for (int i = 0; i < in.length; i++) {
      DType type = in[i].dtype();
      if (conditions.get(i) != (type == DType.BOOL)) {
        throw Checks.dtype(
            name,
            conditions.get(i) ? "a condition must be of type bool" : "operands must be numbers",
            Checks.operands(in),
            conditions.get(i)
                ? "compare or convert with to(DType.BOOL)"
                : "convert with to(DType)");
      }
      if (type != DType.BOOL) {
        if (number != DType.BOOL && number != type) {
          throw Checks.dtype(
              name,
              "operands must have one type",
              Checks.operands(in),
              "convert one with to(DType)");
        }
        number = type;
      }
    }
    if (number == DType.I32 && !integers) {
      throw Checks.dtype(
          name, "needs floating operands", Checks.operands(in), "convert with to(DType.F32)");
    }
    return number;
  }

  /** Computes every element of the results. */
  void run(Arr[] in, Arr... out) {
    DType number = DType.BOOL;
    for (Arr x : in) {
      number = x.dtype() == DType.BOOL ? number : x.dtype();
    }
    run(number, in, out);
  }

  /** Computes every element of the results in the given type. */
  void run(DType number, Arr[] in, Arr... out) {
    Object[] data = new Object[in.length];
    Shape[] shapes = new Shape[in.length];
    for (int k = 0; k < in.length; k++) {
      data[k] = in[k].data();
      shapes[k] = in[k].shape();
    }
    Object[] results = new Object[out.length];
    for (int j = 0; j < out.length; j++) {
      results[j] = out[j].data();
    }
    Rows rows = Rows.of(out[0].shape(), shapes);
    long single = 0;
    long shifted = 0;
    for (int k = 0; k < in.length; k++) {
      single |= rows.isSingle(k) ? 1L << k : 0;
      shifted |= rows.isSingle(k) || rows.isAligned(k) ? 0 : 1L << k;
    }
    Loop loop = loop(number, in, single, shifted);
    Parallel.forEach(
        out[0].size(),
        GRAIN,
        (from, to) -> {
          int[] at = new int[data.length];
          for (int start = from; start < to; ) {
            int end = rows.seek(start, at, to);
            loop.run(data, at, results, start, end);
            start = end;
          }
        });
  }

  private Loop loop(DType number, Arr[] in, long single, long shifted) {
    int place = (int) (single ^ shifted) & (RECENT - 1);
    Variant variant = recent.get(place);
    if (variant == null
        || variant.number() != number
        || variant.single() != single
        || variant.shifted() != shifted) {
      Spec[] specs = Arrays.stream(in).map(Arr::spec).toArray(Spec[]::new);
      Loop loop = LoopCompiler.compile(key(number, specs, single, shifted));
      variant = new Variant(number, single, shifted, loop);
      recent.set(place, variant);
    }
    return variant.loop();
  }

  /** Applies the only expression to plain arrays. */
  Tensor evaluate(String name, Tensor[] operands) {
    Arr[] in = Arrays.stream(operands).map(Tensor::array).toArray(Arr[]::new);
    Arr out = Arr.allocate(infer(name, Arrays.stream(in).map(Arr::spec).toArray(Spec[]::new))[0]);
    run(in, out);
    return new ArrayTensor(out);
  }

  /** Scalar operations it takes to compute one element. */
  int operations() {
    Set<Expr> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    bodies.forEach(body -> inspect(body, seen));
    return seen.size();
  }
}
