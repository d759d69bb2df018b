package org.kotangent.ad;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An operation the library differentiates: a name, what it does to specs and to numbers, and its
 * derivative. Rules are written with differentiable operations, never with arrays, so one rule
 * serves forward mode, reverse mode and any nesting of the two.
 *
 * <p>Prefer the forms: {@link Elementwise}, {@link Linear}, {@link Bilinear}. Otherwise extend this
 * class and override {@link #jvp}, {@link #vjp} or both; the missing one is derived by transposing
 * the other. In rules, {@code null} stands for an exact zero.
 *
 * <p>Two primitives of one class with equal name and attributes are the same operation. Parameters
 * of an operation (axes, strides) are attributes; whatever varies between calls is an operand.
 */
public abstract class Primitive {

  /** The name that graphs and messages show. */
  public abstract String name();

  /** The parameters of the operation, compared by value and printed in graphs. */
  public Object attributes() {
    return List.of();
  }

  /**
   * Types and shapes of the results.
   *
   * @throws AdException when the operands do not fit
   */
  public abstract Spec[] infer(Spec[] in);

  /**
   * Computes the results. Writes every element of {@code out}, changes nothing in {@code in} and
   * keeps no reference to either.
   */
  public abstract void kernel(Arr[] in, Arr[] out);

  /** Whether operand {@code i} is differentiated; false for indices and masks. */
  public boolean differentiable(int i) {
    return true;
  }

  /** Whether the reverse rule reads operand {@code i} when the given operands are active. */
  public boolean needsInput(int i, boolean[] active) {
    return true;
  }

  /** Whether the reverse rule reads result {@code j} when the given operands are active. */
  public boolean needsOutput(int j, boolean[] active) {
    return true;
  }

  /** Tangents of the results, ẏ = J·ẋ, from operands, results and tangents of the operands. */
  public @Nullable Tensor[] jvp(Tensor[] x, Tensor[] y, @Nullable Tensor[] dx) {
    return Transposition.jvp(this, x, y, dx);
  }

  /** Cotangents of the operands, x̄ = Jᵀ·ȳ, from residuals and cotangents of the results. */
  public @Nullable Tensor[] vjp(Residuals residuals, @Nullable Tensor[] gy) {
    return Transposition.vjp(this, residuals, gy);
  }

  /**
   * Applies the operation to every element of a batch at once.
   *
   * <p>An operand marked as batched has the batch as an additional axis 0; so must every result.
   * Unless overridden, the operation is applied to one element of the batch after another.
   *
   * @param size number of elements in the batch, at least 1
   */
  public Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
    return Batching.loop(this, in, batched, size);
  }

  /** Whether the derivative by operand {@code i} is not zero everywhere. */
  boolean hasDerivative(int i) {
    return differentiable(i);
  }

  /** What tells operations of one class and name apart. */
  Object identity() {
    return attributes();
  }

  /** The operation as the levels below a tape are to see it. */
  Primitive below() {
    return this;
  }

  /** Applies the operation to plain arrays. */
  Tensor[] evaluate(Tensor[] in) {
    Spec[] specs = new Spec[in.length];
    Arr[] arrays = new Arr[in.length];
    for (int i = 0; i < in.length; i++) {
      arrays[i] = in[i].array();
      specs[i] = arrays[i].spec();
    }
    Spec[] results = infer(specs);
    Arr[] out = new Arr[results.length];
    Tensor[] tensors = new Tensor[results.length];
    for (int j = 0; j < out.length; j++) {
      out[j] = Arr.allocate(results[j]);
      tensors[j] = new ArrayTensor(out[j]);
    }
    kernel(arrays, out);
    return tensors;
  }

  /**
   * The operation that gives the same results from operand {@code i} as it was before its axes were
   * put in the given order, if there is one; plans use it to leave out the transposition.
   */
  public Optional<Primitive> untransposed(int i, List<Integer> order) {
    return Optional.empty();
  }

  /**
   * The sums of its only operand that the operation gives, if that is what it does; plans form them
   * while they compute the operand, which need not be stored.
   */
  public Optional<Sums> sums(Spec x) {
    return Optional.empty();
  }

  /**
   * Whether result {@code j} is written in step with reading operands of its size, so that it may
   * take the place of one.
   */
  boolean inStep(int j) {
    return false;
  }

  /**
   * Floating-point operations it takes, for reports. Each addition, multiplication, division,
   * comparison and elementary function counts one, so does each term of a sum or a maximum, and a
   * product that is added counts two. Nothing counts what moves or chooses numbers ({@link
   * Moving}), what truth values are combined by, and arithmetic on keys and indices.
   *
   * <p>By default one for each element of the largest operand or result, and none if it is {@link
   * Moving}.
   */
  public long flops(Spec[] in, Spec[] out) {
    if (this instanceof Moving) {
      return 0;
    }
    long elements = 0;
    for (Spec spec : in) {
      elements = Math.max(elements, spec.shape().size());
    }
    for (Spec spec : out) {
      elements = Math.max(elements, spec.shape().size());
    }
    return elements;
  }

  /** Applies the operation, which has one result. */
  public final Tensor apply(Tensor... in) {
    return Level.bind(this, in)[0];
  }

  /** Applies the operation. */
  public final List<Tensor> applyAll(Tensor... in) {
    return List.of(Level.bind(this, in));
  }

  @Override
  public final boolean equals(@Nullable Object other) {
    return other instanceof Primitive p
        && getClass() == p.getClass()
        && name().equals(p.name())
        && identity().equals(p.identity());
  }

  @Override
  public final int hashCode() {
    return 31 * name().hashCode() + identity().hashCode();
  }

  @Override
  public final String toString() {
    String attributes = attributes().toString();
    if (attributes().equals(List.of())) {
      return name();
    }
    return attributes.startsWith("[") ? name() + attributes : name() + "[" + attributes + "]";
  }
}
