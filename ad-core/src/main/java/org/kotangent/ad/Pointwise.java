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

  /** Places for loops and for walks that were used; which one depends on the operands. */
  private static final int RECENT = 16;

  /** A loop and what it was compiled for. */
  private record Variant(DType number, long single, long shifted, Loop loop) {}

  /** How operands of certain shapes go together. */
  private record Walk(Shape result, List<Shape> operands, Rows rows) {
    boolean fits(Shape shape, Arr[] in) {
      boolean same = result.equals(shape);
      for (int k = 0; k < in.length && same; k++) {
        same = operands.get(k).equals(in[k].shape());
      }
      return same;
    }
  }

  private final List<Expr> bodies;
  private final int arity;
  private final BitSet conditions = new BitSet();
  private final boolean integers;
  private final AtomicReferenceArray<@Nullable Variant> recent = new AtomicReferenceArray<>(RECENT);
  private final AtomicReferenceArray<@Nullable Walk> walks = new AtomicReferenceArray<>(RECENT);

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
    Spec[] results = new Spec[bodies.size()];
    for (int j = 0; j < results.length; j++) {
      DType type = type(bodies.get(j), number, in);
      results[j] =
          in[0].dtype() == type && in[0].shape().equals(shape) ? in[0] : new Spec(type, shape);
    }
    return results;
  }

  private static DType type(Expr e, DType number, Spec[] in) {
    return switch (e) {
      case Expr.Variable v -> in[v.index()].dtype() == DType.BOOL ? DType.BOOL : number;
      case Expr.Constant c -> number;
      case Expr.Apply a -> a.op().isCondition() ? DType.BOOL : number;
    };
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
    Bound bound = bind(number, in, out);
    int n = out[0].size();
    if (n <= GRAIN) {
      bound.run(0, n);
    } else {
      Parallel.forEach(n, GRAIN, bound::run);
    }
  }

  /** A loop and what it runs over. */
  static final class Bound {
    private final Rows rows;
    private final Loop loop;
    private final Object[] in;
    private final Object[] out;

    private Bound(Rows rows, Loop loop, Arr[] in, Arr[] out) {
      this.rows = rows;
      this.loop = loop;
      this.in = data(in);
      this.out = data(out);
    }

    private static Object[] data(Arr[] arrays) {
      Object[] data = new Object[arrays.length];
      for (int k = 0; k < data.length; k++) {
        data[k] = arrays[k].data();
      }
      return data;
    }

    /** Computes elements {@code from} (inclusive) to {@code to} (exclusive) of the results. */
    void run(int from, int to) {
      rows.run(loop, in, out, from, to);
    }

    /** Computes rows of the results; see {@link Announcing.Ready#rows}. */
    void run(int from, int length, int count, int pitch) {
      rows.run(loop, in, out, from, length, count, pitch);
    }
  }

  /** What computes elements of the results in the given type. */
  Bound bind(DType number, Arr[] in, Arr... out) {
    Rows rows = rows(out[0].shape(), in);
    return new Bound(rows, loop(number, in, rows.single(), rows.shifted()), in, out);
  }

  /** How operands go together that broadcast to the given shape. */
  Rows rows(Shape shape, Arr[] in) {
    int place = shape.size();
    boolean alike = true;
    for (Arr x : in) {
      place = 31 * place + x.size();
      alike &= x.shape().equals(shape);
    }
    if (alike) {
      return Rows.ALIKE;
    }
    place = (place ^ place >>> 8) & (RECENT - 1);
    Walk walk = walks.get(place);
    if (walk == null || !walk.fits(shape, in)) {
      Shape[] shapes = Arrays.stream(in).map(Arr::shape).toArray(Shape[]::new);
      walk = new Walk(shape, List.of(shapes), Rows.of(shape, shapes));
      walks.set(place, walk);
    }
    return walk.rows();
  }

  /** The loop that computes in the given type; see {@link LoopCompiler.Key}. */
  Loop loop(DType number, Arr[] in, long single, long shifted) {
    int place = (int) (single + 3 * shifted) & (RECENT - 1);
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
}
