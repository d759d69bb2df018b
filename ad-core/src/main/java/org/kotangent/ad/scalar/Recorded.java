package org.kotangent.ad.scalar;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.kotangent.ad.DomainException;

/**
 * A function that was run once and written down, to be evaluated and differentiated for other
 * arguments without running it. It is immutable and may be used by many threads.
 *
 * <p>It has the control flow of the run that was recorded. Comparisons of {@link Real}s during that
 * run are part of the recording, and for arguments for which one of them turns out differently
 * every method throws {@link DomainException}. So do all methods that take arguments when their
 * number is wrong.
 */
public final class Recorded {
  /** Arrays of one replay, never compared. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Work(double[] values, double[] other) {}

  private final Program program;
  private final Sweeps sweeps;
  private final AtomicReference<@Nullable Work> free = new AtomicReference<>();

  Recorded(Program program) {
    this(program, new Interpreter(program));
  }

  private Recorded(Program program, Sweeps sweeps) {
    this.program = program;
    this.sweeps = sweeps;
  }

  /**
   * The same function as bytecode. It is worth its milliseconds when the function is replayed
   * hundreds of times or more; repeated operations become loops.
   */
  public Recorded compile() {
    return sweeps instanceof Interpreter
        ? new Recorded(program, ProgramCompiler.compile(program))
        : this;
  }

  /** Number of arguments. */
  public int arguments() {
    return program.inputs();
  }

  /** Number of results. */
  public int results() {
    return program.results();
  }

  /** Number of operations. */
  public int operations() {
    return program.size();
  }

  /**
   * The value of a function with one result.
   *
   * @throws DomainException when there are several
   */
  public double value(double... x) {
    requireSingle("value", "values");
    return values(x)[0];
  }

  /** The values of the results. */
  public double[] values(double... x) {
    Work work = replay(x);
    double[] y = results(work.values());
    free.set(work);
    return y;
  }

  /**
   * The gradient of a function with one result.
   *
   * @throws DomainException when there are several
   */
  public double[] gradient(double... x) {
    return valueAndGradient(x).gradient();
  }

  /**
   * The value and the gradient of a function with one result.
   *
   * @throws DomainException when there are several
   */
  public Reals.ValueAndGradient valueAndGradient(double... x) {
    requireSingle("gradient", "jacobian");
    Work work = replay(x);
    double[] g = pull(work, new double[] {1});
    double y = work.values()[program.result(0)];
    free.set(work);
    return new Reals.ValueAndGradient(y, g);
  }

  /** The Jacobian, of which entry [j][i] is ∂yⱼ/∂xᵢ. */
  public double[][] jacobian(double... x) {
    int m = program.results();
    int n = program.inputs();
    Work work = replay(x);
    double[][] jacobian = null;
    if (n < m) {
      double[][] columns = LinearMap.identity(n);
      Arrays.setAll(columns, i -> push(work, columns[i]));
      jacobian = LinearMap.transposed(columns, m);
    }
    if (jacobian == null || LinearMap.hasNaN(jacobian)) {
      double[][] rows = LinearMap.identity(m);
      Arrays.setAll(rows, k -> pull(work, rows[k]));
      jacobian = rows;
    }
    free.set(work);
    return jacobian;
  }

  /**
   * The values and their tangents J·ẋ along any number of directions.
   *
   * @throws DomainException when a direction has another length than x
   */
  public Reals.Jvp jvp(double[] x, double[]... dx) {
    for (double[] d : dx) {
      Checks.sameLength("jvp", x.length, "dx", d.length);
    }
    Work work = replay(x);
    double[][] tangents = new double[dx.length][];
    Arrays.setAll(tangents, k -> push(work, dx[k]));
    double[] y = results(work.values());
    free.set(work);
    return new Reals.Jvp(y, tangents);
  }

  /**
   * The product Jᵀ·w.
   *
   * @throws DomainException when w has another length than the results
   */
  public double[] vjp(double[] x, double[] w) {
    Checks.sameResults("vjp", program.results(), w.length);
    Work work = replay(x);
    double[] g = pull(work, w);
    free.set(work);
    return g;
  }

  private Work replay(double[] x) {
    Checks.sameLength("replay", program.inputs(), "x", x.length);
    Work reused = free.getAndSet(null);
    Work work = reused == null ? new Work(program.values(), new double[program.places()]) : reused;
    System.arraycopy(x, 0, work.values(), 0, x.length);
    sweeps.forward(work.values());
    program.check(work.values());
    return work;
  }

  private double[] results(double[] v) {
    double[] y = new double[program.results()];
    Arrays.setAll(y, j -> v[program.result(j)]);
    return y;
  }

  private double[] pull(Work work, double[] w) {
    double[] adjoint = work.other();
    seed(adjoint, w);
    sweeps.reverse(work.values(), adjoint);
    double[] g = Arrays.copyOf(adjoint, program.inputs());
    return LinearMap.hasNaN(g) ? pullReached(work, w) : g;
  }

  /** The same when a place that nothing depends on may have spoilt it by 0 · ∞. */
  private double[] pullReached(Work work, double[] w) {
    double[] adjoint = work.other();
    seed(adjoint, w);
    boolean[] reached = new boolean[adjoint.length];
    for (int j = 0; j < w.length; j++) {
      reached[program.result(j)] |= w[j] != 0;
    }
    new Interpreter(program).reverse(work.values(), adjoint, reached);
    return Arrays.copyOf(adjoint, program.inputs());
  }

  private void seed(double[] adjoint, double[] w) {
    Arrays.fill(adjoint, 0);
    for (int j = 0; j < w.length; j++) {
      adjoint[program.result(j)] += w[j];
    }
  }

  private double[] push(Work work, double[] dx) {
    double[] t = work.other();
    System.arraycopy(dx, 0, t, 0, dx.length);
    Arrays.fill(t, program.inputs(), program.base(), 0);
    sweeps.tangent(work.values(), t);
    return results(t);
  }

  private void requireSingle(String name, String instead) {
    if (program.results() != 1) {
      throw Checks.domain(
          name,
          "needs a function with one result",
          program.results() + " results",
          "use " + instead);
    }
  }
}
