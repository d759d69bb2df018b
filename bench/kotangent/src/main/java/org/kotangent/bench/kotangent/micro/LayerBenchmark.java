package org.kotangent.bench.kotangent.micro;

import java.util.concurrent.TimeUnit;
import org.kotangent.ad.Shape;
import org.kotangent.ad.Tensor;
import org.kotangent.bench.Numbers;
import org.kotangent.ops.Nn;
import org.kotangent.ops.Pool2d;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** LeNet's layers at a batch of 64, forward: {@code ./kotangent bench micro Layer}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class LayerBenchmark {
  private final Tensor images = normal(1, 64, 1, 28, 28);
  private final Tensor maps = normal(2, 64, 6, 12, 12);
  private final Tensor wide = normal(3, 64, 6, 24, 24);
  private final Tensor first = normal(4, 6, 1, 5, 5);
  private final Tensor second = normal(5, 16, 6, 5, 5);
  private final Tensor scale = normal(6, 6);
  private final Tensor scores = normal(7, 64, 10);

  private static Tensor normal(long seed, int... sizes) {
    Shape shape = Shape.of(sizes);
    return Tensor.of(shape, Numbers.normal(seed, shape.size(), 1));
  }

  /** Convolution 1→6. */
  @Benchmark
  public Tensor conv1() {
    return Nn.conv2d(images, first);
  }

  /** Convolution 6→16. */
  @Benchmark
  public Tensor conv2() {
    return Nn.conv2d(maps, second);
  }

  /** Maxima of 2×2. */
  @Benchmark
  public Tensor maxPool() {
    return Nn.maxPool2d(wide, Pool2d.of(2));
  }

  /** Batch normalisation of 6 channels. */
  @Benchmark
  public Tensor batchNorm() {
    return Nn.batchNorm(wide, scale, scale, 1e-5).y();
  }

  /** Softmax of 10 scores. */
  @Benchmark
  public Tensor softmax() {
    return Nn.softmax(scores, 1);
  }
}
