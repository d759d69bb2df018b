package org.kotangent.ad.scalar;

import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The derivative of a function at a point, as the linear map its tape describes. It can be applied
 * in both directions any number of times.
 */
final class LinearMap {
  private static final int FEW = 64;

  private final Linearisation level;
  private final int inputs;
  private final Real[] values;
  private final int[] nodes;
  private final @Nullable Real[] slopes;
  private final boolean numeric;

  private LinearMap(Linearisation level, int inputs, Real[] results) {
    this.level = level;
    this.inputs = inputs;
    this.values = new Real[results.length];
    this.nodes = new int[results.length];
    this.slopes = new Real[results.length];
    boolean plain = level.isNumeric();
    for (int j = 0; j < results.length; j++) {
      values[j] = level.primal(results[j]);
      Real slope = level.outputSlope(results[j]);
      if (slope != null) {
        slopes[j] = slope;
        nodes[j] = level.outputNode(results[j]);
        plain &= Linearisation.isPlain(slope);
      }
    }
    this.numeric = plain;
  }

  /** Runs the function on the arguments of a derivation. */
  private static LinearMap of(
      Linearisation level, Function<? super Real[], Real[]> f, Real[] arguments) {
    try {
      Real[] y = f.apply(arguments);
      level.close();
      return new LinearMap(level, arguments.length, y);
    } catch (RuntimeException | Error e) {
      level.close();
      level.release();
      throw e;
    }
  }

  /** The derivative at x. */
  static LinearMap at(String name, Function<? super Real[], Real[]> f, double[] x) {
    Linearisation level = new Linearisation(name, x.length);
    Real[] arguments = new Real[x.length];
    for (int i = 0; i < x.length; i++) {
      arguments[i] = new Flat(level, x[i], 1, i);
    }
    return of(level, f, arguments);
  }

  /** The derivative at x, which may belong to other derivations. */
  static LinearMap at(String name, Function<? super Real[], Real[]> f, Real[] x) {
    Linearisation level = new Linearisation(name, x.length);
    Real[] arguments = new Real[x.length];
    for (int i = 0; i < x.length; i++) {
      arguments[i] = level.value(x[i], Flat.ONE, i);
    }
    return of(level, f, arguments);
  }

  /** The values of the function. */
  Real[] values() {
    return values.clone();
  }

  /** The values of a function of numbers. */
  double[] numbers() {
    return Arrays.stream(values).mapToDouble(Real::value).toArray();
  }

  /**
   * x̄ = Jᵀ·w, where a weight of 0 leaves its result out, whatever its slopes; of what belongs to
   * other derivations, the numbers.
   */
  double[] pull(double[] w) {
    if (!numeric) {
      return Reals.values(pull(Reals.of(w)));
    }
    int n = level.nodes();
    double[] adjoint = level.workspace(n);
    seed(adjoint, n, w);
    level.pull(adjoint);
    double[] g = Arrays.copyOf(adjoint, inputs);
    return hasNaN(g) ? pullReached(w) : g;
  }

  private static boolean isZero(Real x) {
    return Linearisation.isPlain(x) && x.number() == 0;
  }

  /** The same when a node that nothing depends on may have spoilt it. */
  private double[] pullReached(double[] w) {
    double[] adjoint = new double[level.nodes()];
    seed(adjoint, adjoint.length, w);
    boolean[] reached = new boolean[adjoint.length];
    for (int j = 0; j < nodes.length; j++) {
      reached[nodes[j]] |= slopes[j] != null && w[j] != 0;
    }
    level.pullReached(adjoint, reached);
    return Arrays.copyOf(adjoint, inputs);
  }

  private void seed(double[] adjoint, int n, double[] w) {
    Arrays.fill(adjoint, 0, n, 0);
    for (int j = 0; j < nodes.length; j++) {
      Real slope = slopes[j];
      if (slope != null && w[j] != 0) {
        adjoint[nodes[j]] += slope.number() * w[j];
      }
    }
  }

  /** x̄ = Jᵀ·w. */
  Real[] pull(Real[] w) {
    if (numeric && Arrays.stream(w).allMatch(Linearisation::isPlain)) {
      return Reals.of(pull(Reals.values(w)));
    }
    @Nullable Real[] adjoint = new Real[level.nodes()];
    for (int j = 0; j < nodes.length; j++) {
      Real slope = slopes[j];
      if (slope != null && !isZero(w[j])) {
        Real term = Linearisation.product(slope, w[j]);
        Real sum = adjoint[nodes[j]];
        adjoint[nodes[j]] = sum == null ? term : sum.plus(term);
      }
    }
    level.pull(adjoint);
    Real[] g = new Real[inputs];
    Arrays.setAll(g, i -> orZero(adjoint[i]));
    return g;
  }

  /**
   * ẏ = J·ẋ for each of the given directions; of what belongs to other derivations, the numbers.
   */
  double[][] push(double[][] directions) {
    if (!numeric) {
      return Arrays.stream(directions)
          .map(d -> Reals.values(push(Reals.of(d))))
          .toArray(double[][]::new);
    }
    double[][] tangents = new double[directions.length][nodes.length];
    int rest = directions.length % LaneSweep.LANES;
    int full = directions.length - rest;
    for (int first = 0; first < full; first += LaneSweep.LANES) {
      push(directions, first, LaneSweep.LANES, tangents);
    }
    if (rest > 0) {
      push(directions, full, rest, tangents);
    }
    return tangents;
  }

  private void push(double[][] directions, int first, int lanes, double[][] tangents) {
    double[] t = level.workspace(level.nodes() * lanes);
    interleave(directions, first, lanes, t);
    level.push(lanes, t);
    for (int j = 0; j < nodes.length; j++) {
      Real slope = slopes[j];
      for (int lane = 0; slope != null && lane < lanes; lane++) {
        tangents[first + lane][j] = slope.number() * t[nodes[j] * lanes + lane];
      }
    }
  }

  /** Lays tangents side by side, a few inputs at a time because their places are far apart. */
  private void interleave(double[][] directions, int first, int lanes, double[] t) {
    for (int from = 0; from < inputs; from += FEW) {
      int to = Math.min(inputs, from + FEW);
      for (int lane = 0; lane < lanes; lane++) {
        double[] direction = directions[first + lane];
        for (int i = from; i < to; i++) {
          t[i * lanes + lane] = direction[i];
        }
      }
    }
  }

  /** ẏ = J·ẋ. */
  Real[] push(Real[] direction) {
    @Nullable Real[] tangent = Arrays.copyOf(direction, level.nodes());
    level.push(tangent);
    Real[] dy = new Real[nodes.length];
    Arrays.setAll(dy, j -> orZero(Series.product(slopes[j], tangent[nodes[j]])));
    return dy;
  }

  /**
   * J, of which entry [j][i] is ∂yⱼ/∂xᵢ, by the cheaper mode: a forward sweep carries several
   * tangents and costs a third of a reverse sweep for each. Where one makes NaN of a tangent 0 and
   * an infinite slope, the answer is that of reverse mode, in which what is not depended on is not
   * met.
   */
  double[][] jacobian() {
    int m = nodes.length;
    if (inputs <= 3 * m) {
      double[][] j = transposed(push(identity(inputs)), m);
      if (!hasNaN(j)) {
        return j;
      }
    }
    double[][] rows = identity(m);
    Arrays.setAll(rows, k -> pull(rows[k]));
    return rows;
  }

  static double[][] transposed(double[][] columns, int rows) {
    double[][] j = new double[rows][columns.length];
    for (int k = 0; k < rows; k++) {
      for (int i = 0; i < columns.length; i++) {
        j[k][i] = columns[i][k];
      }
    }
    return j;
  }

  static boolean hasNaN(double[]... rows) {
    for (double[] row : rows) {
      for (double x : row) {
        if (Double.isNaN(x)) {
          return true;
        }
      }
    }
    return false;
  }

  static double[][] identity(int n) {
    double[][] e = new double[n][n];
    for (int i = 0; i < n; i++) {
      e[i][i] = 1;
    }
    return e;
  }

  /** J in reals. */
  Real[][] jacobianInReals() {
    if (numeric) {
      return Arrays.stream(jacobian()).map(Reals::of).toArray(Real[][]::new);
    }
    Real[][] j = new Real[nodes.length][];
    double[][] rows = identity(nodes.length);
    Arrays.setAll(j, k -> pull(Reals.of(rows[k])));
    return j;
  }

  private static Real orZero(@Nullable Real x) {
    return x == null ? Flat.ZERO : x;
  }

  /** Gives back what the map was made of; it cannot be applied after. */
  void release() {
    level.release();
  }
}
