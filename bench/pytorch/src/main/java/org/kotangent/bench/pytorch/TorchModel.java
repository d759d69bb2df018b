package org.kotangent.bench.pytorch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.kotangent.bench.Model;
import org.kotangent.bench.Named;

/** A network by PyTorch's functions, the fastest way to call it from here. */
final class TorchModel {
  private static final long[] ONE = {1, 1};
  private static final long[] NONE = {0, 0};
  private static final long[] TWO = {2, 2};

  private final Model model;
  private final List<Named> named;
  private final List<Tensor> parameters = new ArrayList<>();
  private final Map<String, Tensor> byName = new LinkedHashMap<>();
  private final Map<String, TensorOptional> optional = new LinkedHashMap<>();

  TorchModel(Model model) {
    this.model = model;
    this.named = model.parameters();
    for (Named p : named) {
      Tensor tensor = Torch.parameter(p);
      parameters.add(tensor);
      add(p.name(), tensor);
    }
    for (Named s : model.statistics()) {
      add(s.name(), Torch.constant(s));
    }
  }

  private void add(String name, Tensor tensor) {
    byName.put(name, tensor);
    optional.put(name, new TensorOptional(tensor));
  }

  List<Named> named() {
    return named;
  }

  List<Tensor> parameters() {
    return parameters;
  }

  TensorVector vector() {
    return Torch.vector(parameters);
  }

  Tensor loss(Tensor x, Tensor labels) {
    return torch.cross_entropy_loss(scores(x, true), labels);
  }

  Tensor scores(Tensor x, boolean training) {
    return switch (model) {
      case Model.LeNet _ -> lenet(x, training);
      case Model.Mlp mlp -> mlp(x, mlp.widths().size() - 1);
    };
  }

  private Tensor lenet(Tensor x, boolean training) {
    Tensor h = block(x, 1, training);
    h = block(h, 2, training);
    h = torch.flatten(h, 1, -1);
    h = norm(torch.relu(dense(h, 1)), 3, training);
    h = norm(torch.relu(dense(h, 2)), 4, training);
    return dense(h, 3);
  }

  private Tensor block(Tensor x, int i, boolean training) {
    Tensor weight = byName.get("conv" + i + ".weight");
    Tensor h = torch.conv2d(x, weight, optional.get("conv" + i + ".bias"), ONE, NONE, ONE, 1);
    return torch.max_pool2d(norm(torch.relu(h), i, training), TWO, TWO, NONE, ONE, false);
  }

  private Tensor norm(Tensor x, int i, boolean training) {
    String layer = "batchNorm" + i;
    return torch.batch_norm(
        x,
        optional.get(layer + ".scale"),
        optional.get(layer + ".shift"),
        optional.get(layer + ".mean"),
        optional.get(layer + ".variance"),
        training,
        Model.MOMENTUM,
        Model.EPSILON,
        false);
  }

  private Tensor mlp(Tensor x, int layers) {
    Tensor h = x;
    for (int i = 1; i < layers; i++) {
      h = torch.relu(dense(h, i));
    }
    return dense(h, layers);
  }

  private Tensor dense(Tensor x, int i) {
    return torch.linear(
        x, byName.get("dense" + i + ".weight"), optional.get("dense" + i + ".bias"));
  }
}
