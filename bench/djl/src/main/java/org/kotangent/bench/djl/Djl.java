package org.kotangent.bench.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.loss.Loss;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.kotangent.bench.Model;
import org.kotangent.bench.Named;
import org.kotangent.bench.Task;
import org.kotangent.bench.Work;

/** Deep Java Library's arrays and gradients, on its PyTorch engine. */
public final class Djl implements Work.Contender {
  static {
    System.setProperty("ai.djl.offline", "true"); // the native library is on the class path
  }

  @Override
  public Work prepare(Task task) {
    if (task instanceof Task.OfNetwork(Model model, Task.Purpose purpose)
        && purpose == Task.Purpose.STEP) {
      return new Step(model);
    }
    throw new IllegalArgumentException("DJL: " + task);
  }

  /** A training step; what it creates is freed at its end. */
  private static final class Step implements Work.Repeated {
    private static final Shape ONE = new Shape(1, 1);
    private static final Shape NONE = new Shape(0, 0);
    private static final Shape TWO = new Shape(2, 2);

    private final NDManager manager = NDManager.newBaseManager();
    private final Model model;
    private final List<Named> named;
    private final Map<String, NDArray> parameters = new LinkedHashMap<>();
    private final Map<String, NDArray> statistics = new LinkedHashMap<>();
    private final NDArray x;
    private final NDArray labels;
    private final Loss loss = Loss.softmaxCrossEntropyLoss();

    Step(Model model) {
      this.model = model;
      this.named = model.parameters();
      for (Named p : named) {
        NDArray array = array(p);
        array.setRequiresGradient(true);
        parameters.put(p.name(), array);
      }
      model.statistics().forEach(s -> statistics.put(s.name(), array(s)));
      this.x = array(model.input());
      this.labels = manager.create(model.labels());
    }

    /** Weights of dense layers are [out, in] here, too. */
    private NDArray array(Named p) {
      long[] shape = p.longShape();
      if (p.isMatrix() && !p.name().equals("x")) {
        float[] transposed = Named.transposed(p.numbers(), p.shape()[0], p.shape()[1]);
        return manager.create(transposed, new Shape(shape[1], shape[0]));
      }
      return manager.create(p.numbers(), new Shape(shape));
    }

    @Override
    public void run() {
      try (NDManager scope = manager.newSubManager()) {
        x.tempAttach(scope);
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
          NDArray value = loss.evaluate(new NDList(labels), new NDList(scores()));
          collector.backward(value);
          value.getFloat();
        }
        for (NDArray p : parameters.values()) {
          try (NDArray gradient = p.getGradient();
              NDArray change = gradient.mul(Model.RATE)) {
            p.subi(change);
            gradient.muli(0); // the next backward pass adds to it
          }
        }
      }
    }

    private NDArray scores() {
      return switch (model) {
        case Model.LeNet lenet -> lenet(lenet.batch());
        case Model.Mlp mlp -> mlp(mlp.widths().size() - 1);
      };
    }

    private NDArray lenet(int batch) {
      NDArray h = block(block(x, 1), 2).reshape(batch, 256);
      h = norm(dense(h, 1).getNDArrayInternal().relu(), 3);
      h = norm(dense(h, 2).getNDArrayInternal().relu(), 4);
      return dense(h, 3);
    }

    private NDArray block(NDArray input, int i) {
      NDArray weight = parameters.get("conv" + i + ".weight");
      NDArray bias = parameters.get("conv" + i + ".bias");
      var images = input.getNDArrayInternal();
      NDArray h = images.convolution(input, weight, bias, ONE, NONE, ONE, 1).singletonOrThrow();
      return norm(h.getNDArrayInternal().relu(), i)
          .getNDArrayInternal()
          .maxPool(TWO, TWO, NONE, false);
    }

    private NDArray norm(NDArray input, int i) {
      String layer = "batchNorm" + i;
      return input
          .getNDArrayInternal()
          .batchNorm(
              input,
              statistics.get(layer + ".mean"),
              statistics.get(layer + ".variance"),
              parameters.get(layer + ".scale"),
              parameters.get(layer + ".shift"),
              1,
              (float) Model.MOMENTUM,
              (float) Model.EPSILON,
              true)
          .singletonOrThrow();
    }

    private NDArray mlp(int layers) {
      NDArray h = x;
      for (int i = 1; i < layers; i++) {
        h = dense(h, i).getNDArrayInternal().relu();
      }
      return dense(h, layers);
    }

    private NDArray dense(NDArray input, int i) {
      return input
          .getNDArrayInternal()
          .linear(
              input, parameters.get("dense" + i + ".weight"), parameters.get("dense" + i + ".bias"))
          .singletonOrThrow();
    }

    @Override
    public Map<String, double[]> results() {
      for (int i = 0; i < 3; i++) {
        run();
      }
      var results = new LinkedHashMap<String, double[]>();
      for (Named p : named) {
        float[] numbers = parameters.get(p.name()).toFloatArray();
        if (p.isMatrix()) {
          numbers = Named.transposed(numbers, p.shape()[1], p.shape()[0]);
        }
        double[] wide = new double[numbers.length];
        for (int i = 0; i < wide.length; i++) {
          wide[i] = numbers[i];
        }
        results.put(p.name(), wide);
      }
      return results;
    }
  }
}
