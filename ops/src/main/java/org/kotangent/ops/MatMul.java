package org.kotangent.ops;

import java.util.List;
import java.util.Optional;
import org.kotangent.ad.Announcing;
import org.kotangent.ad.Arr;
import org.kotangent.ad.Batching;
import org.kotangent.ad.Bilinear;
import org.kotangent.ad.Core;
import org.kotangent.ad.Parallel;
import org.kotangent.ad.Primitive;
import org.kotangent.ad.Shape;
import org.kotangent.ad.Spec;
import org.kotangent.ad.Tensor;
import org.kotangent.ops.internal.Gemm;
import org.kotangent.ops.internal.Kernels;
import org.kotangent.ops.internal.Matrix;

/**
 * Matrix product y = a'·b', where a' is a or its transpose, likewise b'. a': [*p, m, k], b': [*q,
 * k, n] → [*r, m, n], r the broadcast of p and q. Without transposes ā = ȳ·bᵀ and b̄ = aᵀ·ȳ; each
 * adjoint is a matrix product again, so nothing is ever transposed in memory.
 *
 * <p>Source: Giles 2008, §2.2.1.
 */
final class MatMul extends Bilinear implements Announcing {
  private static final MatMul[] ALL = {
    new MatMul(false, false),
    new MatMul(false, true),
    new MatMul(true, false),
    new MatMul(true, true)
  };

  private final boolean transposeA;
  private final boolean transposeB;

  private MatMul(boolean transposeA, boolean transposeB) {
    this.transposeA = transposeA;
    this.transposeB = transposeB;
  }

  static Tensor matmul(Tensor a, Tensor b, boolean transposeA, boolean transposeB) {
    return of(transposeA, transposeB).apply(a, b);
  }

  private static MatMul of(boolean transposeA, boolean transposeB) {
    return ALL[(transposeA ? 2 : 0) + (transposeB ? 1 : 0)];
  }

  @Override
  public Optional<Primitive> untransposed(int i, List<Integer> order) {
    return isTransposition(order)
        ? Optional.of(of(transposeA ^ (i == 0), transposeB ^ (i == 1)))
        : Optional.empty();
  }

  /** Whether the order exchanges the last two axes and keeps the others. */
  private static boolean isTransposition(List<Integer> order) {
    int rank = order.size();
    for (int axis = 0; axis < rank; axis++) {
      int other = axis < rank - 2 ? axis : 2 * rank - 3 - axis;
      if (order.get(axis) != other) {
        return false;
      }
    }
    return rank >= 2;
  }

  @Override
  public long flops(Spec[] in, Spec[] out) {
    int k = columns(in[0].shape(), transposeA);
    return 2L * out[0].shape().size() * k;
  }

  @Override
  public String name() {
    return "matmul";
  }

  @Override
  public Object attributes() {
    return transposeA || transposeB
        ? List.of(transposeA ? "aᵀ" : "a", transposeB ? "bᵀ" : "b")
        : List.of();
  }

  @Override
  public Spec[] infer(Spec[] in) {
    Checks.requireFloating(name(), in, "a", "b");
    Shape a = in[0].shape();
    Shape b = in[1].shape();
    if (a.rank() < 2 || b.rank() < 2) {
      throw Checks.shape(
          name(), "operands must be matrices", got(a, b), "reshape the vector to a matrix");
    }
    int left = columns(a, transposeA);
    int right = rows(b, transposeB);
    if (left != right) {
      throw Checks.shape(
          name(),
          "inner dimensions must agree",
          got(a, b) + " (" + left + " ≠ " + right + ")",
          "transpose or reshape one of them");
    }
    Shape batch = Shape.broadcast(name(), leading(a), leading(b));
    Shape y = batch.insert(-1, rows(a, transposeA)).insert(-1, columns(b, transposeB));
    return new Spec[] {in[0].withShape(y)};
  }

  private String got(Shape a, Shape b) {
    return "a: "
        + a
        + (transposeA ? " transposed" : "")
        + ", b: "
        + b
        + (transposeB ? " transposed" : "");
  }

  private static int rows(Shape s, boolean transposed) {
    return s.dim(transposed ? -1 : -2);
  }

  private static int columns(Shape s, boolean transposed) {
    return s.dim(transposed ? -2 : -1);
  }

  private static Shape leading(Shape s) {
    return s.drop(-1).drop(-1);
  }

  @Override
  public void kernel(Arr[] in, Arr[] out) {
    kernel(in, out[0], Ready.IGNORED);
  }

  @Override
  public void kernel(Arr[] in, Arr out, Ready ready) {
    Shape a = in[0].shape();
    Shape b = in[1].shape();
    Shape batch = leading(out.shape());
    int m = rows(a, transposeA);
    int k = columns(a, transposeA);
    int n = columns(b, transposeB);
    int[] offsetsA = offsets(leading(a), batch, m * k);
    int[] offsetsB = offsets(leading(b), batch, k * n);
    if (batch.size() == 1) {
      Kernels.chosen()
          .multiply(
              m,
              n,
              k,
              matrix(in[0], 0, transposeA),
              matrix(in[1], 0, transposeB),
              matrix(out, 0, false),
              ready);
      return;
    }
    Parallel.forEach(
        batch.size(),
        Gemm.grain(2L * m * n * k),
        (from, to) -> {
          for (int i = from; i < to; i++) {
            Kernels.chosen()
                .multiply(
                    m,
                    n,
                    k,
                    matrix(in[0], offsetsA[i], transposeA),
                    matrix(in[1], offsetsB[i], transposeB),
                    matrix(out, i * m * n, false),
                    ready);
          }
        });
  }

  private static Matrix<Object> matrix(Arr x, int offset, boolean transposed) {
    Matrix<Object> matrix = Matrix.rowMajor(x.data(), offset, x.shape().dim(-1));
    return transposed ? matrix.transposed() : matrix;
  }

  /** Where the matrix of each element of the broadcast batch starts. */
  private static int[] offsets(Shape own, Shape batch, int matrix) {
    int[] offsets = new int[batch.size()];
    int[] strides = own.strides();
    for (int i = 0; i < offsets.length; i++) {
      int rest = i;
      for (int axis = 1; axis <= batch.rank(); axis++) {
        int d = batch.dim(-axis);
        if (axis <= own.rank() && own.dim(-axis) != 1) {
          offsets[i] += rest % d * strides[own.rank() - axis] * matrix;
        }
        rest /= d;
      }
    }
    return offsets;
  }

  @Override
  protected Tensor adjointA(Spec a, Tensor gy, Tensor b) {
    Tensor product =
        transposeA
            ? matmul(b, gy, transposeB, true) // (k×n)·(n×m)
            : matmul(gy, b, false, !transposeB); // (m×n)·(n×k)
    return Core.sumTo(product, a.shape());
  }

  @Override
  protected Tensor adjointB(Spec b, Tensor a, Tensor gy) {
    Tensor product =
        transposeB
            ? matmul(gy, a, true, transposeA) // (n×m)·(m×k)
            : matmul(a, gy, !transposeA, false); // (k×m)·(m×n)
    return Core.sumTo(product, b.shape());
  }

  @Override
  public Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
    Tensor a = in[0];
    Tensor b = in[1];
    int columns = columns(b.shape(), transposeB);
    if (!batched[0] && a.rank() == 2 && b.rank() == 3 && columns == 1) {
      // A column each: as rows they make one product with the transpose of a.
      Tensor rows = Core.reshape(b, Shape.of(size, b.dim(1) * b.dim(2))); // [batch, k]
      Tensor y = matmul(rows, a, false, !transposeA); // [batch, m]
      return new Tensor[] {Core.reshape(y, Shape.of(size, y.dim(1), 1))};
    }
    Tensor[] operands = Batching.aligned(in, batched);
    return new Tensor[] {Linalg.matmul(operands[0], operands[1], transposeA, transposeB)};
  }
}
