package org.kotangent.samples;

import static org.kotangent.ops.Elementary.square;
import static org.kotangent.ops.Shapes.at;

import org.kotangent.ad.Ad;
import org.kotangent.ad.Tensor;

/**
 * Differentiates ordinary Java methods: {@code ./kotangent run
 * samples/src/main/java/org/kotangent/samples/Gradients.java}.
 */
public final class Gradients {
  private Gradients() {}

  /** What the gradient of a function of a record is: a record. */
  record Ellipse(Tensor a, Tensor b) {}

  static Tensor area(Ellipse e) {
    return e.a().times(e.b()).times(Math.PI);
  }

  /** Square root by Newton's iteration, with a loop that ends when the numbers are good enough. */
  static Tensor root(Tensor x) {
    Tensor y = x;
    while (Math.abs(y.item() * y.item() - x.item()) > 1e-12) {
      y = y.plus(x.div(y)).times(0.5);
    }
    return y;
  }

  /** (1 − x₀)² + 100·(x₁ − x₀²)² for x: [2] → []. */
  static Tensor rosenbrock(Tensor x) {
    Tensor x0 = at(x, 0, 0);
    Tensor x1 = at(x, 1, 0);
    return square(x0.minus(1)).plus(square(x1.minus(square(x0))).times(100));
  }

  /** Prints gradients and a Hessian-vector product. */
  public static void main(String[] args) {
    var ellipse = new Ellipse(Tensor.scalar(2.0), Tensor.scalar(3.0));
    System.out.println("gradient of the area: " + Ad.grad(Gradients::area).apply(ellipse));

    Tensor two = Tensor.scalar(2.0);
    var slope = Ad.<Tensor>grad(Gradients::root);
    System.out.println("root at 2: " + root(two));
    System.out.println("its derivative: " + slope.apply(two));
    System.out.println("its second derivative: " + Ad.grad(slope).apply(two));

    Tensor x = Tensor.of(-1.2, 1.0);
    Tensor v = Tensor.of(1.0, 0.0);
    System.out.println("Rosenbrock, gradient: " + Ad.<Tensor>grad(Gradients::rosenbrock).apply(x));
    System.out.println("Hessian · v: " + Ad.hvp(Gradients::rosenbrock, x, v));
  }
}
