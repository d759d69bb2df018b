package org.kotangent.bench.pytorch;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.kotangent.bench.Numbers;
import org.kotangent.bench.Task;
import org.kotangent.bench.Work;

/** Single operations: convolutions, which oneDNN computes, and small sums. */
final class TorchKernels implements Work.Repeated {
  private static final int CHAIN = 100;

  private final Supplier<Map<String, Tensor>> body;
  private final int operations;

  private TorchKernels(Supplier<Map<String, Tensor>> body, int operations) {
    this.body = body;
    this.operations = operations;
  }

  static Work convolution(Task.Convolution task) {
    int to = task.size() - 4;
    Tensor x = normal(1, task.batch(), task.in(), task.size(), task.size());
    Tensor w = normal(2, task.out(), task.in(), 5, 5);
    Tensor gy = normal(3, task.batch(), task.out(), to, to);
    long[] one = {1, 1};
    long[] none = {0, 0};
    var noBias = new TensorOptional();
    var both = new BoolPointer(3).put(0, true).put(1, true).put(2, false);
    return switch (task.pass()) {
      case FORWARD ->
          new TorchKernels(() -> Map.of("y", torch.conv2d(x, w, noBias, one, none, one, 1)), 1);
      case BACKWARD ->
          new TorchKernels(
              () -> {
                var results =
                    torch.convolution_backward(
                        gy, x, w, new long[0], one, none, one, false, none, 1, both);
                return Map.of("gx", results.get0(), "gw", results.get1());
              },
              1);
    };
  }

  static Work small(Task.Small task) {
    Tensor a = normal(1, 32);
    Tensor b = normal(2, 32);
    return switch (task.operation()) {
      case ADD -> new TorchKernels(() -> Map.of("sum", torch.add(a, b)), 1);
      case CHAIN -> {
        Tensor start = normal(1, 32).set_requires_grad(true);
        yield new TorchKernels(() -> Map.of("gradient", chain(start, b)), CHAIN);
      }
    };
  }

  /** The gradient in a of the sum of a + b + … + b. */
  private static Tensor chain(Tensor a, Tensor b) {
    Tensor sum = a;
    for (int i = 0; i < CHAIN; i++) {
      sum = torch.add(sum, b);
    }
    var result = new TensorVector(torch.sum(sum));
    var no = new BoolOptional(false);
    return torch.grad(result, new TensorVector(a), new TensorVector(), no, false, false).get(0);
  }

  private static Tensor normal(long seed, int... shape) {
    long[] wide = new long[shape.length];
    int size = 1;
    for (int i = 0; i < shape.length; i++) {
      wide[i] = shape[i];
      size *= shape[i];
    }
    return Torch.floats(Numbers.normal(seed, size, 1), wide);
  }

  @Override
  public void run() {
    try (var _ = new PointerScope()) {
      var _ = body.get();
    }
  }

  @Override
  public int operations() {
    return operations;
  }

  @Override
  public Map<String, double[]> results() {
    var results = new LinkedHashMap<String, double[]>();
    body.get().forEach((name, tensor) -> results.put(name, Torch.numbers(tensor)));
    return results;
  }
}
