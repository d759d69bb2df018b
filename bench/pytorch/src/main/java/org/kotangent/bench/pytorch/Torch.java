package org.kotangent.bench.pytorch;

import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.kotangent.bench.Named;

/** Arrays to PyTorch's tensors and back. */
final class Torch {
  private Torch() {}

  /** The tensor of these numbers; the weight of a dense layer as PyTorch wants it, [out, in]. */
  static Tensor parameter(Named named) {
    return floats(stored(named), storedShape(named)).set_requires_grad(true);
  }

  /** The same, without derivatives. */
  static Tensor constant(Named named) {
    return floats(stored(named), storedShape(named));
  }

  static Tensor floats(float[] numbers, long... shape) {
    return torch.tensor(numbers).view(shape);
  }

  static Tensor labels(int... classes) {
    long[] wide = new long[classes.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = classes[i];
    }
    return torch.tensor(wide);
  }

  static TensorVector vector(List<Tensor> tensors) {
    return new TensorVector(tensors.toArray(Tensor[]::new));
  }

  /** The numbers of a parameter, or of a tensor that is shaped like it, in the common layout. */
  static double[] numbers(Named like, Tensor tensor) {
    float[] stored = floats(tensor);
    return doubles(
        like.isMatrix()
            ? Named.transposed(stored, like.shape()[1], like.shape()[0]) // [out, in] → [in, out]
            : stored);
  }

  static double[] numbers(Tensor tensor) {
    return doubles(floats(tensor));
  }

  private static float[] stored(Named named) {
    return named.isMatrix()
        ? Named.transposed(named.numbers(), named.shape()[0], named.shape()[1])
        : named.numbers();
  }

  private static long[] storedShape(Named named) {
    long[] shape = named.longShape();
    return named.isMatrix() ? new long[] {shape[1], shape[0]} : shape;
  }

  private static float[] floats(Tensor tensor) {
    Tensor dense = tensor.detach().contiguous();
    float[] numbers = new float[(int) dense.numel()];
    new FloatPointer(dense.data_ptr_float()).get(numbers);
    return numbers;
  }

  private static double[] doubles(float[] numbers) {
    double[] result = new double[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      result[i] = numbers[i];
    }
    return result;
  }
}
