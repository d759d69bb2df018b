package org.kotangent.ops.internal;

/** What a {@link Fold} does with each number: result ← result ∘ f(x). */
public abstract class Step {
  Step() {}

  /** The result of no numbers. */
  abstract double start();

  /** Folds n numbers into one result, whose index is given. */
  abstract double run(double[] x, int n, double into, int result);

  /** Folds n numbers into as many results, from index {@code result} on. */
  abstract void row(double[] x, int n, double[] into, int result);

  /** Two results of parts, the first part first. */
  abstract double merge(double a, double b);

  /** The largest of s·x, NaN if there is one; −∞ of nothing. */
  public static Step largest(double s) {
    return new Step() {
      @Override
      double start() {
        return Double.NEGATIVE_INFINITY;
      }

      @Override
      double run(double[] x, int n, double into, int result) {
        double a = into;
        double b = into;
        double c = into;
        double d = into;
        int i = 0;
        for (; i + 3 < n; i += 4) {
          a = Math.max(a, s * x[i]);
          b = Math.max(b, s * x[i + 1]);
          c = Math.max(c, s * x[i + 2]);
          d = Math.max(d, s * x[i + 3]);
        }
        for (; i < n; i++) {
          a = Math.max(a, s * x[i]);
        }
        return Math.max(Math.max(a, b), Math.max(c, d));
      }

      @Override
      void row(double[] x, int n, double[] into, int result) {
        for (int i = 0; i < n; i++) {
          into[result + i] = Math.max(into[result + i], s * x[i]);
        }
      }

      @Override
      double merge(double a, double b) {
        return Math.max(a, b);
      }
    };
  }

  /** A sum of terms f(x, p) with a number p for each result. */
  private abstract static class Sum extends Step {
    final double[] parameter;

    Sum(double[] parameter) {
      this.parameter = parameter;
    }

    /** Replaces numbers of one result by their terms. */
    abstract void terms(double[] x, int n, double p);

    @Override
    final double start() {
      return 0;
    }

    @Override
    final double run(double[] x, int n, double into, int result) {
      terms(x, n, parameter[result]);
      return into + Wide.sum(x, 0, n);
    }

    @Override
    final double merge(double a, double b) {
      return a + b;
    }
  }

  /** Σ (x − p). */
  public static Step differences(double[] p) {
    return new Sum(p) {
      @Override
      void terms(double[] x, int n, double from) {
        for (int i = 0; i < n; i++) {
          x[i] -= from;
        }
      }

      @Override
      void row(double[] x, int n, double[] into, int result) {
        for (int i = 0; i < n; i++) {
          into[result + i] += x[i] - parameter[result + i];
        }
      }
    };
  }

  /** Σ (x·p)². */
  public static Step squares(double[] p) {
    return new Sum(p) {
      @Override
      void terms(double[] x, int n, double scale) {
        for (int i = 0; i < n; i++) {
          double scaled = x[i] * scale;
          x[i] = scaled * scaled;
        }
      }

      @Override
      void row(double[] x, int n, double[] into, int result) {
        for (int i = 0; i < n; i++) {
          double scaled = x[i] * parameter[result + i];
          into[result + i] += scaled * scaled;
        }
      }
    };
  }

  /** Σ eˣ⁻ᵖ, where x = p counts 1 also if both are infinite. */
  public static Step exponentials(double[] p) {
    return new Sum(p) {
      @Override
      void terms(double[] x, int n, double largest) {
        for (int i = 0; i < n; i++) {
          x[i] = term(x[i], largest);
        }
      }

      @Override
      void row(double[] x, int n, double[] into, int result) {
        for (int i = 0; i < n; i++) {
          into[result + i] += term(x[i], parameter[result + i]);
        }
      }

      private static double term(double x, double largest) {
        return x == largest ? 1 : Math.exp(x - largest);
      }
    };
  }
}
