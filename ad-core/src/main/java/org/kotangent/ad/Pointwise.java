package org.kotangent.ad;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * An expression applied to every element of broadcast operands: its specs and its compiled loops.
 */
final class Pointwise {
  /** Elements per chunk of work: enough to pay for handing it to another thread. */
  private static final int GRAIN = 1 << 15;

  private static final int FEW = 3;

  private final Expr body;
  private final int arity;
  private final BitSet conditions = new BitSet();
  private final boolean integers;
  private final Map<DType, AtomicReferenceArray<Loop>> loops = new EnumMap<>(DType.class);

  Pointwise(Expr body, int arity) {
    this.body = body;
    this.arity = arity;
    this.integers = inspect(body, Collections.newSetFromMap(new IdentityHashMap<>()));
    for (DType type : DType.values()) {
      loops.put(type, new AtomicReferenceArray<>(1 << FEW));
    }
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

  Spec infer(String name, Spec[] in) {
    if (in.length != arity) {
      throw Checks.domain(
          name, "takes " + arity + " operands", Integer.toString(in.length), "give that many");
    }
    Shape shape = in[0].shape();
    for (int i = 1; i < in.length; i++) {
      shape = Shape.broadcast(name, shape, in[i].shape());
    }
    return new Spec(key(in, number(name, in), 0).result(), shape);
  }

  private LoopCompiler.Key key(Spec[] in, DType number, long single) {
    return new LoopCompiler.Key(body, number, Arrays.stream(in).map(Spec::dtype).toList(), single);
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

  /** Computes every element of {@code out}. */
  void run(Arr[] in, Arr out) {
    int n = out.size();
    Object[] data = new Object[in.length];
    Spec[] specs = new Spec[in.length];
    DType number = DType.BOOL;
    long single = 0;
    for (int i = 0; i < in.length; i++) {
      specs[i] = in[i].spec();
      if (in[i].size() == 1) {
        single |= 1L << i;
      }
      if (specs[i].dtype() != DType.BOOL) {
        number = specs[i].dtype();
      }
      data[i] =
          (in[i].size() == 1 || in[i].size() == n ? in[i] : Broadcasting.expand(in[i], out.shape()))
              .data();
    }
    Loop loop = loop(specs, number, single);
    Parallel.forEach(n, GRAIN, (from, to) -> loop.run(data, out.data(), from, to));
  }

  private Loop loop(Spec[] in, DType number, long single) {
    if (in.length > FEW) {
      return LoopCompiler.compile(key(in, number, single));
    }
    AtomicReferenceArray<Loop> known = loops.get(number);
    Loop loop = known.get((int) single);
    if (loop == null) {
      loop = LoopCompiler.compile(key(in, number, single));
      known.set((int) single, loop);
    }
    return loop;
  }

  /** Applies the expression to plain arrays. */
  Tensor evaluate(String name, Tensor[] operands) {
    Arr[] in = Arrays.stream(operands).map(Tensor::array).toArray(Arr[]::new);
    Arr out = Arr.allocate(infer(name, Arrays.stream(in).map(Arr::spec).toArray(Spec[]::new)));
    run(in, out);
    return new ArrayTensor(out);
  }
}
