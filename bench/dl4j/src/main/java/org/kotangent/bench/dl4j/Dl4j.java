package org.kotangent.bench.dl4j;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.kotangent.bench.Model;
import org.kotangent.bench.Named;
import org.kotangent.bench.Task;
import org.kotangent.bench.Work;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Deeplearning4j's layers on ND4J's native backend. */
public final class Dl4j implements Work.Contender {
  @Override
  public Work prepare(Task task) {
    if (task instanceof Task.OfNetwork(Model model, Task.Purpose purpose)
        && purpose == Task.Purpose.STEP) {
      return new Step(model);
    }
    throw new IllegalArgumentException("DL4J: " + task);
  }

  private static final class Step implements Work.Repeated {
    private final Model model;
    private final List<Named> named;
    private final MultiLayerNetwork network;
    private final INDArray x;
    private final INDArray targets;

    Step(Model model) {
      this.model = model;
      this.named = model.parameters();
      this.network = network(model);
      for (Named p : named) {
        network.setParam(keyOf(model, p.name()), Nd4j.create(p.numbers(), p.shape()));
      }
      this.x = Nd4j.create(model.input().numbers(), model.inputShape());
      this.targets = Nd4j.zeros(model.batch(), model.classes());
      int[] labels = model.labels();
      for (int i = 0; i < labels.length; i++) {
        targets.putScalar(i, labels[i], 1);
      }
    }

    private static MultiLayerNetwork network(Model model) {
      var layers = new NeuralNetConfiguration.Builder().updater(new Sgd(Model.RATE)).list();
      switch (model) {
        case Model.LeNet _ -> {
          for (int channels : new int[] {6, 16}) {
            layers
                .layer(
                    new ConvolutionLayer.Builder(5, 5)
                        .nOut(channels)
                        .activation(Activation.RELU)
                        .build())
                .layer(norm())
                .layer(
                    new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                        .kernelSize(2, 2)
                        .stride(2, 2)
                        .build());
          }
          layers.layer(dense(120)).layer(norm()).layer(dense(84)).layer(norm());
          layers.setInputType(InputType.convolutional(28, 28, 1));
        }
        case Model.Mlp mlp -> {
          mlp.widths().subList(1, mlp.widths().size() - 1).forEach(n -> layers.layer(dense(n)));
          layers.setInputType(InputType.feedForward(mlp.widths().getFirst()));
        }
      }
      layers.layer(
          new OutputLayer.Builder(LossFunction.MCXENT)
              .nOut(model.classes())
              .activation(Activation.SOFTMAX)
              .build());
      var network = new MultiLayerNetwork(layers.build());
      network.init();
      return network;
    }

    private static BatchNormalization norm() {
      return new BatchNormalization.Builder().eps(Model.EPSILON).decay(1 - Model.MOMENTUM).build();
    }

    private static DenseLayer dense(int units) {
      return new DenseLayer.Builder().nOut(units).activation(Activation.RELU).build();
    }

    /** The name here of a parameter: number of its layer and kind. */
    private static String keyOf(Model model, String name) {
      String[] parts = name.split("\\.", -1);
      int number = parts[0].charAt(parts[0].length() - 1) - '1';
      int layer =
          switch (model) {
            case Model.Mlp _ -> number;
            case Model.LeNet _ ->
                switch (parts[0].substring(0, parts[0].length() - 1)) {
                  case "conv" -> 3 * number;
                  case "dense" -> 6 + 2 * number;
                  default -> number < 2 ? 3 * number + 1 : 3 + 2 * number;
                };
          };
      return layer
          + "_"
          + switch (parts[1]) {
            case "weight" -> "W";
            case "bias" -> "b";
            case "scale" -> "gamma";
            default -> "beta";
          };
    }

    @Override
    public void run() {
      network.fit(x, targets);
    }

    @Override
    public Map<String, double[]> results() {
      for (int i = 0; i < 3; i++) {
        run();
      }
      var results = new LinkedHashMap<String, double[]>();
      for (Named p : named) {
        results.put(p.name(), network.getParam(keyOf(model, p.name())).dup('c').data().asDouble());
      }
      return results;
    }
  }
}
