package org.kotangent.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * A network with its parameters, batch and labels, which are functions of its name: every contender
 * builds the same one.
 *
 * <p>Names of parameters are those of Kotangent's networks. Weights of convolutions are [out, in,
 * height, width], those of dense layers [in, out].
 */
public sealed interface Model {
  /** Rate of the gradient descent in a training step. */
  float RATE = 0.05f;

  /** What is added to a variance in batch normalisation. */
  double EPSILON = 1e-5;

  /** Weight of a batch in the running statistics of batch normalisation. */
  double MOMENTUM = 0.1;

  /** Examples in a batch. */
  int batch();

  /** Number of classes. */
  int classes();

  /** Shape of the batch. */
  int[] inputShape();

  /** All parameters, in the order of the layers. */
  List<Named> parameters();

  /** The examples, [batch, …]. */
  default Named input() {
    int[] shape = inputShape();
    int size = 1;
    for (int n : shape) {
      size *= n;
    }
    return new Named("x", Numbers.normal(1, size, 1), shape);
  }

  /** The class of each example. */
  default int[] labels() {
    return Numbers.labels(2, batch(), classes());
  }

  /** Running means and variances of batch normalisation, used in inference; none without it. */
  default List<Named> statistics() {
    return parameters().stream()
        .filter(p -> p.name().startsWith("batchNorm"))
        .map(p ->
            p.name().endsWith("scale")
                ? new Named(
                    p.name().replace("scale", "variance"),
                    Numbers.constant(p.numbers().length, 1.5f),
                    p.shape())
                : new Named(
                    p.name().replace("shift", "mean"),
                    Numbers.normal(7, p.numbers().length, 0.1),
                    p.shape()))
        .toList();
  }

  /** The direction of a Hessian-vector product: a number for each parameter. */
  default List<Named> direction() {
    return parameters().stream()
        .map(p -> new Named(p.name(), Numbers.normal(5, p.numbers().length, 0.01), p.shape()))
        .toList();
  }

  /**
   * LeNet-5 with batch normalisation: conv 1→6 k5, relu, norm, max pool 2, conv 6→16 k5, relu,
   * norm, max pool 2, dense 256→120, relu, norm, dense 120→84, relu, norm, dense 84→10. 44,878
   * parameters.
   */
  record LeNet(int batch) implements Model {
    @Override
    public int classes() {
      return 10;
    }

    @Override
    public int[] inputShape() {
      return new int[] {batch, 1, 28, 28};
    }

    @Override
    public List<Named> parameters() {
      var result = new ArrayList<Named>();
      weights(result, "conv1", 6, 6, 1, 5, 5);
      norm(result, "batchNorm1", 6);
      weights(result, "conv2", 16, 16, 6, 5, 5);
      norm(result, "batchNorm2", 16);
      weights(result, "dense1", 120, 256, 120);
      norm(result, "batchNorm3", 120);
      weights(result, "dense2", 84, 120, 84);
      norm(result, "batchNorm4", 84);
      weights(result, "dense3", 10, 84, 10);
      return result;
    }
  }

  /**
   * Dense layers of the given widths, the first of which is that of the input, with relu between.
   */
  record Mlp(int batch, List<Integer> widths) implements Model {
    @Override
    public int classes() {
      return widths.getLast();
    }

    @Override
    public int[] inputShape() {
      return new int[] {batch, widths.getFirst()};
    }

    @Override
    public List<Named> parameters() {
      var result = new ArrayList<Named>();
      for (int i = 1; i < widths.size(); i++) {
        weights(result, "dense" + i, widths.get(i), widths.get(i - 1), widths.get(i));
      }
      return result;
    }
  }

  private static void weights(List<Named> to, String layer, int outputs, int... shape) {
    int size = 1;
    for (int n : shape) {
      size *= n;
    }
    double fanIn = (double) size / outputs;
    String weight = layer + ".weight";
    to.add(new Named(weight, Numbers.normal(to.size() + 10L, size, 1 / Math.sqrt(fanIn)), shape));
    to.add(new Named(layer + ".bias", Numbers.normal(to.size() + 10L, outputs, 0.1), outputs));
  }

  private static void norm(List<Named> to, String layer, int channels) {
    to.add(new Named(layer + ".scale", Numbers.constant(channels, 1), channels));
    to.add(new Named(layer + ".shift", Numbers.constant(channels, 0), channels));
  }
}
