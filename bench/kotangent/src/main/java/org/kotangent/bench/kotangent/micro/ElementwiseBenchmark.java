package org.kotangent.bench.kotangent.micro;

import java.util.concurrent.TimeUnit;
import org.kotangent.ad.Tensor;
import org.kotangent.bench.Numbers;
import org.kotangent.ops.Elementary;
import org.kotangent.ops.Reduce;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Operations on n numbers: {@code ./kotangent bench micro Elementwise -p n=32}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ElementwiseBenchmark {
  /** How many numbers. */
  @Param({"32", "65536"})
  public int n;

  private Tensor x = Tensor.scalar(0f);
  private Tensor y = Tensor.scalar(0f);

  /** Draws the operands. */
  @Setup
  public void draw() {
    x = Tensor.of(Numbers.normal(1, n, 1));
    y = Tensor.of(Numbers.normal(2, n, 1));
  }

  /** x + y. */
  @Benchmark
  public Tensor add() {
    return x.plus(y);
  }

  /** eˣ. */
  @Benchmark
  public Tensor exp() {
    return Elementary.exp(x);
  }

  /** tanh x. */
  @Benchmark
  public Tensor tanh() {
    return Elementary.tanh(x);
  }

  /** Σx. */
  @Benchmark
  public Tensor sum() {
    return Reduce.sum(x);
  }
}
