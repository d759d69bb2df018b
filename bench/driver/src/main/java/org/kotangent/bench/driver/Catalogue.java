package org.kotangent.bench.driver;

import static org.kotangent.bench.driver.Entrant.DJL;
import static org.kotangent.bench.driver.Entrant.DL4J;
import static org.kotangent.bench.driver.Entrant.EAGER;
import static org.kotangent.bench.driver.Entrant.FOLD;
import static org.kotangent.bench.driver.Entrant.HIPPARCHUS;
import static org.kotangent.bench.driver.Entrant.IN_PLACE;
import static org.kotangent.bench.driver.Entrant.KOTANGENT;
import static org.kotangent.bench.driver.Entrant.OPENBLAS;
import static org.kotangent.bench.driver.Entrant.PYTORCH;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * All benchmarks. Each is run by {@code ./kotangent bench NAME}; {@code ./kotangent bench --list}
 * prints what is said about them here.
 */
final class Catalogue {
  private static final double KB = 1024;
  private static final double MICRO = 0.35;
  private static final int ROUNDS = 3;

  private Catalogue() {}

  static List<Benchmark> all() {
    var all = new ArrayList<Benchmark>();
    all.addAll(networks());
    all.addAll(kernels());
    all.addAll(processes());
    return all;
  }

  private static List<Benchmark> networks() {
    List<Entrant> everybody = List.of(KOTANGENT, IN_PLACE, FOLD, PYTORCH, DJL, DL4J);
    List<Entrant> some = List.of(KOTANGENT, IN_PLACE, FOLD, PYTORCH);
    List<Entrant> two = List.of(KOTANGENT, PYTORCH);
    Goal heap = Goal.overhead(64 * KB);
    return List.of(
        network(
            "lenet-64",
            "lenet-64",
            "training step of LeNet-5 with batch normalisation, batch of 64",
            everybody,
            Case.of("lenet-64/step", Goal.faster(2), heap)),
        network(
            "lenet-64-inference",
            "lenet-64",
            "scores of LeNet for a batch of 64",
            two,
            Case.of("lenet-64/inference", heap)),
        network(
            "gradient-lenet-64",
            "lenet-64",
            "gradient of LeNet's loss, and how many times the loss it costs",
            two,
            Case.of("lenet-64/gradient", Goal.overBase(3)).over("lenet-64/loss")),
        network(
            "hvp-lenet-64",
            "lenet-64",
            "Hessian-vector product of LeNet's loss, and how many gradients it costs",
            two,
            Case.of("lenet-64/hvp", Goal.faster(2), Goal.overBase(2.6)).over("lenet-64/gradient")),
        network(
            "eager-lenet-64",
            "lenet-64",
            "training step of LeNet, one operation at a time",
            List.of(EAGER, PYTORCH),
            Case.of("lenet-64/step", Goal.faster(1))),
        network(
            "lenet-256",
            "lenet-256",
            "training step of LeNet, batch of 256",
            some,
            Case.of("lenet-256/step", Goal.faster(1.8), heap)),
        network(
            "lenet-256-inference",
            "lenet-256",
            "scores of LeNet for a batch of 256",
            two,
            Case.of("lenet-256/inference")),
        network(
            "mlp-128",
            "mlp-128",
            "training step of 784-512-512-10, batch of 128",
            everybody,
            Case.of("mlp-128/step", Goal.faster(1.3), heap)),
        network(
            "mlp-128-inference",
            "mlp-128",
            "scores of 784-512-512-10 for a batch of 128",
            two,
            Case.of("mlp-128/inference", heap)),
        network(
            "hvp-mlp-128",
            "mlp-128",
            "Hessian-vector product of 784-512-512-10, and how many gradients it costs",
            two,
            Case.of("mlp-128/hvp", Goal.faster(2), Goal.overBase(2.6)).over("mlp-128/gradient")),
        network(
            "tiny-32",
            "tiny-32",
            "training step of 2-64-64-7, batch of 32",
            some,
            Case.of("tiny-32/step", Goal.faster(5), Goal.within(50e-6), heap)),
        network(
            "tiny-32-inference",
            "tiny-32",
            "scores of 2-64-64-7 for a batch of 32",
            two,
            Case.of("tiny-32/inference")));
  }

  private static Benchmark network(
      String name, String group, String about, List<Entrant> entrants, Case row) {
    return new Benchmark(name, group, about, 1, true, ROUNDS, entrants, List.of(row));
  }

  private static List<Benchmark> kernels() {
    return List.of(
        new Benchmark(
            "eager-op",
            "eager-op",
            "a sum of 32 numbers, and one operation of a chain with its gradient",
            MICRO,
            true,
            ROUNDS,
            List.of(EAGER, PYTORCH),
            List.of(Case.of("small/add", Goal.faster(1)), Case.of("small/chain", Goal.faster(1)))),
        new Benchmark(
            "gemm",
            "gemm",
            "matrix products of m,n,k against OpenBLAS",
            MICRO,
            true,
            ROUNDS,
            List.of(EAGER, OPENBLAS),
            Stream.of(
                    "64,64,64",
                    "256,256,256",
                    "1024,1024,1024",
                    "64,120,256",
                    "64,10,84",
                    "36864,6,25",
                    "6,36864,25",
                    "4096,16,150",
                    "16,4096,150",
                    "128,512,784")
                .map(shape -> Case.of("gemm/" + shape))
                .toList()),
        new Benchmark(
            "conv",
            "conv",
            "LeNet's two convolutions, batch of 64, and their gradients against oneDNN",
            MICRO,
            true,
            ROUNDS,
            List.of(EAGER, PYTORCH),
            Stream.of("1-6/forward", "1-6/backward", "6-16/forward", "6-16/backward")
                .map(pass -> Case.of("conv/" + pass))
                .toList()),
        new Benchmark(
            "rosenbrock",
            "rosenbrock",
            "Rosenbrock's function of 1000 numbers: gradient recorded anew, replayed,"
                + " a tangent, and one of 64 tangents at once",
            1,
            false,
            ROUNDS,
            List.of(KOTANGENT, HIPPARCHUS),
            List.of(
                Case.of("rosenbrock/plain"),
                Case.of("rosenbrock/gradient", Goal.overBase(40)).over("rosenbrock/plain"),
                Case.of("rosenbrock/replay", Goal.overBase(15)).over("rosenbrock/plain"),
                Case.of("rosenbrock/tangent").over("rosenbrock/plain"),
                Case.of("rosenbrock/tangents", Goal.overBase(3)).over("rosenbrock/plain"))));
  }

  private static List<Benchmark> processes() {
    List<Entrant> two = List.of(KOTANGENT, PYTORCH);
    return List.of(
        new Benchmark(
            "mnist-epoch",
            "mnist-epoch",
            "LeNet over 60,000 digits in batches of 64, data handling included:"
                + " from the start of the process, and once more",
            1,
            false,
            2,
            two,
            List.of(
                Case.measured("epoch", "cold", Goal.within(5)),
                Case.measured("epoch", "warm", Goal.within(3.5)))),
        new Benchmark(
            "compile",
            "compile",
            "the first training step of LeNet in a process: alone, and since the JVM was started",
            1,
            false,
            ROUNDS,
            two,
            List.of(
                Case.measured("first-step", "first"),
                Case.measured("first-step", "since-start", Goal.within(1.5)))),
        new Benchmark(
            "memory",
            "memory",
            "peak resident memory of 500 training steps of LeNet over 60,000 digits",
            1,
            false,
            1,
            two,
            List.of(Case.measured("memory", "peak", Goal.noMoreThanPeer()))),
        new Benchmark(
            "curves",
            "curves",
            "cost against batch, depth and length of a program",
            1,
            false,
            1,
            List.of(KOTANGENT),
            Curve.cases()));
  }
}
