package org.kotangent.bench.pytorch;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.kotangent.bench.Digits;
import org.kotangent.bench.Model;
import org.kotangent.bench.Numbers;
import org.kotangent.bench.Task.OfNetwork;
import org.kotangent.bench.Task.Purpose;
import org.kotangent.bench.ThisProcess;
import org.kotangent.bench.Work;

/** Training of LeNet over digits that are kept as bytes. */
final class TorchTraining {
  private static final int BATCH = 64;
  private static final int STEPS = 500;

  private final TorchNetwork network =
      new TorchNetwork(new OfNetwork(new Model.LeNet(BATCH), Purpose.STEP));
  private final float[] pixels = new float[BATCH * Digits.PIXELS];
  private final long[] classes = new long[BATCH];
  private final FloatPointer shared = new FloatPointer(pixels.length);

  static void firstStep(Work.Report report) {
    long start = System.nanoTime();
    new TorchNetwork(new OfNetwork(new Model.LeNet(BATCH), Purpose.STEP)).run();
    report.add("first", (System.nanoTime() - start) * 1e-9);
    report.add("since-start", ThisProcess.age());
  }

  static void epochs(Work.Report report) {
    Digits digits = Digits.load();
    var training = new TorchTraining();
    report.add("cold-loss", training.steps(digits, 1, Digits.COUNT));
    report.add("cold", ThisProcess.age());
    long start = System.nanoTime();
    report.add("warm-loss", training.steps(digits, 2, Digits.COUNT));
    report.add("warm", (System.nanoTime() - start) * 1e-9);
  }

  static void memory(Work.Report report) {
    report.add("loss", new TorchTraining().steps(Digits.load(), 1, STEPS * BATCH));
  }

  /** A step for each batch of the first digits in the seed's order; the mean of their losses. */
  private double steps(Digits digits, long seed, int count) {
    int[] order = Numbers.permutation(seed, Digits.COUNT);
    double sum = 0;
    for (int from = 0; from < count; from += BATCH) {
      int to = Math.min(from + BATCH, count);
      digits.copy(order, from, to, pixels, classes);
      try (var _ = new PointerScope()) {
        shared.put(pixels);
        Tensor x = torch.from_blob(shared, to - from, 1, 28, 28);
        Tensor labels = torch.tensor(java.util.Arrays.copyOf(classes, to - from));
        sum += (to - from) * (double) network.step(x, labels);
      }
    }
    return sum / count;
  }
}
