package org.kotangent.bench.kotangent.micro;

import java.util.concurrent.TimeUnit;
import org.kotangent.ad.Shape;
import org.kotangent.ad.Tensor;
import org.kotangent.bench.Numbers;
import org.kotangent.ops.Linalg;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Matrix products of m,n,k: {@code ./kotangent bench micro Product -p shape=64,120,256}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ProductBenchmark {
  /** Sizes m,n,k. */
  @Param({"64,64,64", "64,120,256", "64,10,84", "36864,6,25", "16,4096,150", "128,512,784"})
  public String shape = "";

  private Tensor a = Tensor.scalar(0f);
  private Tensor b = Tensor.scalar(0f);
  private Tensor bTransposed = Tensor.scalar(0f);

  /** Draws the operands. */
  @Setup
  public void draw() {
    String[] sizes = shape.split(",", -1);
    int m = Integer.parseInt(sizes[0]);
    int n = Integer.parseInt(sizes[1]);
    int k = Integer.parseInt(sizes[2]);
    a = Tensor.of(Shape.of(m, k), Numbers.normal(1, m * k, 1));
    b = Tensor.of(Shape.of(k, n), Numbers.normal(2, k * n, 1));
    bTransposed = Tensor.of(Shape.of(n, k), Numbers.normal(3, k * n, 1));
  }

  /** a·b. */
  @Benchmark
  public Tensor plain() {
    return Linalg.matmul(a, b);
  }

  /** a·cᵀ. */
  @Benchmark
  public Tensor transposed() {
    return Linalg.matmul(a, bTransposed, false, true);
  }
}
