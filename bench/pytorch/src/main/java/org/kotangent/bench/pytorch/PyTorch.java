package org.kotangent.bench.pytorch;

import org.kotangent.bench.Task;
import org.kotangent.bench.Work;

/** PyTorch's C++ API, called through JavaCPP. Threads are set by environment variables. */
public final class PyTorch implements Work.Contender {
  @Override
  public Work prepare(Task task) {
    return switch (task) {
      case Task.OfNetwork network -> new TorchNetwork(network);
      case Task.Product product -> new BlasProduct(product);
      case Task.Convolution convolution -> TorchKernels.convolution(convolution);
      case Task.Small small -> TorchKernels.small(small);
      case Task.Epoch() -> (Work.Measured) TorchTraining::epochs;
      case Task.FirstStep() -> (Work.Measured) TorchTraining::firstStep;
      case Task.Memory() -> (Work.Measured) TorchTraining::memory;
      case Task.Rosenbrock _, Task.Curves _ ->
          throw new IllegalArgumentException("PyTorch: " + task);
    };
  }
}
