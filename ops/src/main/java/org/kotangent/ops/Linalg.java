package org.kotangent.ops;

import org.kotangent.ad.Core;
import org.kotangent.ad.DTypeException;
import org.kotangent.ad.Shape;
import org.kotangent.ad.ShapeException;
import org.kotangent.ad.Tensor;

/** Products of matrices and vectors. */
public final class Linalg {
  private Linalg() {}

  /**
   * Matrix product. y = a·b, with NumPy's rules for vectors and leading axes:
   *
   * <ul>
   *   <li>[*p, m, k] · [*q, k, n] → [*r, m, n], where p and q broadcast to r;
   *   <li>[k] · [*q, k, n] → [*q, n], the vector taken as a row;
   *   <li>[*p, m, k] · [k] → [*p, m], the vector taken as a column;
   *   <li>[k] · [k] → [], the scalar product.
   * </ul>
   *
   * <p>Every number sums its k products in order; k = 0 gives zeros. NaN and ∞ propagate: 0·∞ is
   * NaN.
   *
   * <p>Source: Giles 2008, §2.2.1.
   *
   * @throws ShapeException when the inner dimensions differ, the leading axes do not broadcast or
   *     an operand is a scalar
   * @throws DTypeException when the operands are not of one floating type
   */
  public static Tensor matmul(Tensor a, Tensor b) {
    if (a.rank() == 0 || b.rank() == 0) {
      throw Checks.shape(
          "matmul",
          "operands must have an axis to sum over",
          "a: " + a.shape() + ", b: " + b.shape(),
          "multiply by a scalar with times");
    }
    if (a.rank() > 1 && b.rank() > 1) {
      return matmul(a, b, false, false);
    }
    requireSameLength("matmul", a, a.dim(-1), b, b.dim(b.rank() == 1 ? 0 : -2));
    if (a.rank() == 1 && b.rank() == 1) {
      return Core.sum(Core.mul(a, b), new int[0], false);
    }
    if (a.rank() == 1) {
      Tensor y = matmul(Core.reshape(a, a.shape().insert(0, 1)), b, false, false);
      return Core.reshape(y, y.shape().drop(-2)); // [*q, 1, n] → [*q, n]
    }
    Tensor y = matmul(a, Core.reshape(b, b.shape().insert(1, 1)), false, false);
    return Core.reshape(y, y.shape().drop(-1)); // [*p, m, 1] → [*p, m]
  }

  /**
   * Matrix product of operands of which either may be read as transposed in its last two axes, at
   * no cost. y = a·b, aᵀ·b, a·bᵀ or aᵀ·bᵀ; shapes as in {@link #matmul(Tensor, Tensor)}, without
   * vectors.
   *
   * @throws ShapeException when an operand has fewer than two axes, the inner dimensions differ or
   *     the leading axes do not broadcast
   * @throws DTypeException when the operands are not of one floating type
   */
  public static Tensor matmul(Tensor a, Tensor b, boolean transposeA, boolean transposeB) {
    if (a.rank() > 2 && b.rank() == 2 && !transposeA && a.dim(-1) == b.dim(transposeB ? 1 : 0)) {
      // One product of all rows: its adjoint for b sums over the batch by itself.
      Shape batch = a.shape().drop(-1);
      Tensor rows = Core.reshape(a, Shape.of(batch.size(), a.dim(-1)));
      Tensor y = MatMul.matmul(rows, b, false, transposeB);
      return Core.reshape(y, batch.insert(-1, y.dim(1)));
    }
    return MatMul.matmul(a, b, transposeA, transposeB);
  }

  /**
   * Scalar product of two vectors, y = Σᵢ aᵢ·bᵢ. [n], [n] → []; products of F32 are rounded and
   * then summed in double.
   *
   * @throws ShapeException when the operands are not vectors of one length
   * @throws DTypeException when they differ in type
   */
  public static Tensor dot(Tensor a, Tensor b) {
    requireVectors("dot", a, b);
    requireSameLength("dot", a, a.dim(0), b, b.dim(0));
    return Core.sum(Core.mul(a, b), new int[0], false);
  }

  /**
   * Outer product of two vectors, y = a·bᵀ. [m], [n] → [m, n].
   *
   * @throws ShapeException when the operands are not vectors
   * @throws DTypeException when they differ in type
   */
  public static Tensor outer(Tensor a, Tensor b) {
    requireVectors("outer", a, b);
    return Core.mul(Core.reshape(a, Shape.of(a.dim(0), 1)), b);
  }

  private static void requireVectors(String op, Tensor a, Tensor b) {
    if (a.rank() != 1 || b.rank() != 1) {
      throw Checks.shape(
          op,
          "operands must be vectors",
          "a: " + a.shape() + ", b: " + b.shape(),
          "flatten them or use matmul");
    }
  }

  private static void requireSameLength(String op, Tensor a, int m, Tensor b, int n) {
    if (m != n) {
      throw Checks.shape(
          op,
          "inner dimensions must agree",
          "a: " + a.shape() + ", b: " + b.shape() + " (" + m + " ≠ " + n + ")",
          "transpose or reshape one of them");
    }
  }
}
