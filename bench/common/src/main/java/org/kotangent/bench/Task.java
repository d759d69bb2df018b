package org.kotangent.bench;

import java.util.List;

/** Something to compute, known to every process by its name. */
public sealed interface Task {
  /** What is done with a network. */
  enum Purpose {
    /** Loss, gradient, and a step of gradient descent, running statistics included. */
    STEP,
    /** Scores, with given statistics and without derivatives. */
    INFERENCE,
    /** The loss as it is computed in training. */
    LOSS,
    /** The gradient of the loss in all parameters. */
    GRADIENT,
    /** The product of the loss's Hessian in the parameters with a direction. */
    HVP
  }

  /** What is done with two tensors of 32 numbers. */
  enum Operation {
    /** Their sum. */
    ADD,
    /** A chain of 100 sums and the gradient of its result. */
    CHAIN
  }

  /** A pass of a convolution. */
  enum Pass {
    /** The convolution. */
    FORWARD,
    /** Gradients in its input and its weight. */
    BACKWARD
  }

  /** How the gradient of Rosenbrock's function is found. */
  enum Way {
    /** No gradient: the value by plain arithmetic. */
    PLAIN,
    /** The gradient, recording the function anew. */
    GRADIENT,
    /** The gradient by a compiled recording. */
    REPLAY,
    /** One directional derivative by forward mode. */
    TANGENT,
    /** Directional derivatives in 64 directions at once, the time of one of them. */
    TANGENTS
  }

  /** A network and what is done with it. */
  record OfNetwork(Model model, Purpose purpose) implements Task {}

  /** The product of an [m, k] and a [k, n] matrix. */
  record Product(int m, int n, int k) implements Task {}

  /** A convolution with 5×5 kernels, without padding. */
  record Convolution(int batch, int in, int out, int size, Pass pass) implements Task {}

  /** Small operations, the cost of which is that of making one at all. */
  record Small(Operation operation) implements Task {}

  /** Rosenbrock's function Σ 100(xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)² of n numbers. */
  record Rosenbrock(int n, Way way) implements Task {}

  /** One epoch of LeNet with batches of 64 over 60,000 digits, and then another one. */
  record Epoch() implements Task {}

  /** The first training step of LeNet in a process. */
  record FirstStep() implements Task {}

  /** 500 training steps of LeNet over digits in batches of 64, after which memory is looked at. */
  record Memory() implements Task {}

  /** How cost grows with the batch, the depth of a network and the length of a program. */
  record Curves() implements Task {}

  /**
   * The task of this name, such as {@code lenet-64/step}, {@code gemm/64,120,256}, {@code
   * conv/6-16/backward}, {@code small/add}, {@code rosenbrock/plain} or {@code epoch}.
   */
  static Task of(String name) {
    String[] parts = name.split("/", -1);
    String last = parts[parts.length - 1].toUpperCase(java.util.Locale.ROOT);
    return switch (parts[0]) {
      case "lenet-64" -> new OfNetwork(new Model.LeNet(64), Purpose.valueOf(last));
      case "lenet-256" -> new OfNetwork(new Model.LeNet(256), Purpose.valueOf(last));
      case "mlp-128" ->
          new OfNetwork(new Model.Mlp(128, List.of(784, 512, 512, 10)), Purpose.valueOf(last));
      case "tiny-32" ->
          new OfNetwork(new Model.Mlp(32, List.of(2, 64, 64, 7)), Purpose.valueOf(last));
      case "gemm" -> {
        String[] sizes = parts[1].split(",", -1);
        yield new Product(
            Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1]), Integer.parseInt(sizes[2]));
      }
      case "conv" ->
          parts[1].equals("1-6")
              ? new Convolution(64, 1, 6, 28, Pass.valueOf(last))
              : new Convolution(64, 6, 16, 12, Pass.valueOf(last));
      case "small" -> new Small(Operation.valueOf(last));
      case "rosenbrock" -> new Rosenbrock(1000, Way.valueOf(last));
      case "epoch" -> new Epoch();
      case "first-step" -> new FirstStep();
      case "memory" -> new Memory();
      case "curves" -> new Curves();
      default -> throw new IllegalArgumentException("there is no task " + name);
    };
  }

  /**
   * The largest difference between two contenders' results that rounding explains, relative to the
   * largest number among them: convolutions and products add in different orders, batch
   * normalisation and second derivatives amplify that.
   */
  default double tolerance() {
    return switch (this) {
      case OfNetwork(Model _, Purpose purpose) -> purpose == Purpose.HVP ? 1e-2 : 1e-3;
      case Rosenbrock _ -> 1e-12;
      default -> 1e-5;
    };
  }
}
