package org.kotangent.ad;

import org.jspecify.annotations.Nullable;

/**
 * What a reverse rule may look at: the specs of all operands and results, and those operands and
 * results that the primitive said it needs.
 */
public final class Residuals {
  private final Primitive primitive;
  private final Spec[] in;
  private final Spec[] out;
  private final @Nullable Tensor[] x;
  private final @Nullable Tensor[] y;
  private final boolean[] active;

  private Residuals(
      Primitive primitive,
      Spec[] in,
      Spec[] out,
      @Nullable Tensor[] x,
      @Nullable Tensor[] y,
      boolean[] active) {
    this.primitive = primitive;
    this.in = in;
    this.out = out;
    this.x = x;
    this.y = y;
    this.active = active;
  }

  static Residuals of(Primitive primitive, Tensor[] x, Tensor[] y, boolean[] active) {
    Spec[] in = new Spec[x.length];
    @Nullable Tensor[] keptX = new Tensor[x.length];
    for (int i = 0; i < x.length; i++) {
      in[i] = x[i].spec();
      keptX[i] = primitive.needsInput(i, active) ? x[i] : null;
    }
    Spec[] out = new Spec[y.length];
    @Nullable Tensor[] keptY = new Tensor[y.length];
    for (int j = 0; j < y.length; j++) {
      out[j] = y[j].spec();
      keptY[j] = primitive.needsOutput(j, active) ? y[j] : null;
    }
    return new Residuals(primitive, in, out, keptX, keptY, active);
  }

  Primitive primitive() {
    return primitive;
  }

  /** Number of operands. */
  public int inputs() {
    return in.length;
  }

  /** Spec of operand {@code i}, always known. */
  public Spec in(int i) {
    return in[i];
  }

  /** Spec of result {@code j}, always known. */
  public Spec out(int j) {
    return out[j];
  }

  /** Whether a cotangent of operand {@code i} is wanted. */
  public boolean active(int i) {
    return active[i];
  }

  /**
   * Operand {@code i}.
   *
   * @throws IllegalStateException when {@code needsInput(i)} had declined it
   */
  public Tensor x(int i) {
    return kept(x[i], "needsInput(" + i + ")");
  }

  /**
   * Result {@code j}.
   *
   * @throws IllegalStateException when {@code needsOutput(j)} had declined it
   */
  public Tensor y(int j) {
    return kept(y[j], "needsOutput(" + j + ")");
  }

  private Tensor kept(@Nullable Tensor t, String question) {
    if (t == null) {
      throw new IllegalStateException(
          Checks.message(
              primitive.name(),
              "a rule may read only what it asked to keep",
              "a read that it declined",
              "answer true in " + question));
    }
    return t;
  }
}
