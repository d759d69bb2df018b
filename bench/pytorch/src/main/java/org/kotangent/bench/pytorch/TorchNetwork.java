package org.kotangent.bench.pytorch;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.kotangent.bench.Model;
import org.kotangent.bench.Named;
import org.kotangent.bench.Task.OfNetwork;
import org.kotangent.bench.Task.Purpose;
import org.kotangent.bench.Work;

/**
 * A network's step, inference, loss, gradient or Hessian-vector product. The last is by two
 * backward passes, the only way that PyTorch has for convolutions. What a run creates is freed at
 * its end.
 */
final class TorchNetwork implements Work.Repeated {
  private final Purpose purpose;
  private final TorchModel model;
  private final Tensor x;
  private final Tensor labels;
  private final TensorVector parameters;
  private final TensorVector direction;
  private final SGD optimiser;

  TorchNetwork(OfNetwork task) {
    Model definition = task.model();
    this.purpose = task.purpose();
    this.model = new TorchModel(definition);
    Named input = definition.input();
    this.x = Torch.floats(input.numbers(), input.longShape());
    this.labels = Torch.labels(definition.labels());
    this.parameters = model.vector();
    this.direction = Torch.vector(definition.direction().stream().map(Torch::constant).toList());
    this.optimiser = new SGD(model.vector(), new SGDOptions(Model.RATE));
  }

  @Override
  public void run() {
    try (var _ = new PointerScope()) {
      switch (purpose) {
        case STEP -> step(x, labels);
        case INFERENCE -> scores();
        case LOSS -> loss();
        case GRADIENT -> gradient(false);
        case HVP -> product();
      }
    }
  }

  /** One training step on another batch than the usual one; the loss before it. */
  float step(Tensor images, Tensor classes) {
    optimiser.zero_grad();
    Tensor loss = model.loss(images, classes);
    loss.backward();
    optimiser.step();
    return loss.item_float();
  }

  private Tensor scores() {
    try (var _ = new InferenceMode(true)) {
      return model.scores(x, false);
    }
  }

  private float loss() {
    try (var _ = new NoGradGuard()) {
      return model.loss(x, labels).item_float();
    }
  }

  private TensorVector gradient(boolean differentiable) {
    var loss = new TensorVector(model.loss(x, labels));
    var retain = new BoolOptional(differentiable);
    return torch.grad(loss, parameters, new TensorVector(), retain, differentiable, false);
  }

  private TensorVector product() {
    TensorVector gradient = gradient(true);
    var retain = new BoolOptional(false);
    return torch.grad(gradient, parameters, direction, retain, false, false); // Σ v·∂g/∂θ
  }

  @Override
  public Map<String, double[]> results() {
    var results = new LinkedHashMap<String, double[]>();
    switch (purpose) {
      case STEP -> {
        for (int i = 0; i < 3; i++) {
          run();
        }
        put(results, parameters);
      }
      case INFERENCE -> results.put("scores", Torch.numbers(scores()));
      case LOSS -> results.put("loss", new double[] {loss()});
      case GRADIENT -> put(results, gradient(false));
      case HVP -> put(results, product());
    }
    return results;
  }

  private void put(Map<String, double[]> results, TensorVector tensors) {
    for (int i = 0; i < model.named().size(); i++) {
      Named named = model.named().get(i);
      results.put(named.name(), Torch.numbers(named, tensors.get(i)));
    }
  }
}
