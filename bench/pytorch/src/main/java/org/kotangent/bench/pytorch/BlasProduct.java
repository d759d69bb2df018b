package org.kotangent.bench.pytorch;

import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas;
import org.kotangent.bench.Numbers;
import org.kotangent.bench.Task;
import org.kotangent.bench.Work;

/** A matrix product by OpenBLAS on memory outside the heap, the cheapest way to call it. */
final class BlasProduct implements Work.Repeated {
  private final Task.Product size;
  private final FloatPointer a;
  private final FloatPointer b;
  private final FloatPointer c;

  BlasProduct(Task.Product size) {
    this.size = size;
    this.a = new FloatPointer(Numbers.normal(1, size.m() * size.k(), 1));
    this.b = new FloatPointer(Numbers.normal(2, size.k() * size.n(), 1));
    this.c = new FloatPointer((long) size.m() * size.n());
  }

  @Override
  public void run() {
    openblas.cblas_sgemm(
        openblas.CblasRowMajor,
        openblas.CblasNoTrans,
        openblas.CblasNoTrans,
        size.m(),
        size.n(),
        size.k(),
        1,
        a,
        size.k(),
        b,
        size.n(),
        0,
        c,
        size.n());
  }

  @Override
  public Map<String, double[]> results() {
    run();
    float[] numbers = new float[size.m() * size.n()];
    c.get(numbers);
    double[] result = new double[numbers.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = numbers[i];
    }
    return Map.of("product", result);
  }
}
