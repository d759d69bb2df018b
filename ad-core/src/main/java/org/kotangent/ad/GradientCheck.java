package org.kotangent.ad;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.kotangent.ad.GradientReport.Comparison;
import org.kotangent.ad.GradientReport.Verdict;

/**
 * Compares derivatives found in three ways. In order n all mixes of forward and reverse mode
 * differentiate a scalar function along n − 1 random directions and then by every element of a
 * leaf; the differences are those of the derivative one order lower, which has been checked before.
 *
 * <p>A large leaf is checked along one random direction, in which every element takes part, and
 * halved to find the element only where that fails.
 */
final class GradientCheck<T, R> {
  /** The relative error of an operation in F32, whose functions are right to some 2 ulp. */
  private static final double SINGLE = 0x1p-22;

  /** The relative error of an operation in F64. */
  private static final double DOUBLE = 0x1p-53;

  /** Leaves of at most so many elements are checked element by element. */
  private static final int SMALL = 64;

  private static final Comparator<Comparison> BY_SEVERITY =
      Comparator.comparing(Comparison::verdict).thenComparingDouble(Comparison::error);

  private final ProbedFunction<T, R> probe;
  private final boolean single;

  private GradientCheck(ProbedFunction<T, R> probe) {
    this.probe = probe;
    this.single = probe.precision() == DType.F32;
  }

  static <T, R> GradientReport run(Function<? super T, ? extends R> f, T x, int order, long seed) {
    if (order < 1 || order > 3) {
      throw Checks.domain(
          "checkGradients", "checks the orders 1 to 3", "order " + order, "choose one of them");
    }
    GradientCheck<T, R> check = new GradientCheck<>(new ProbedFunction<>(f, x, order, seed));
    List<Comparison> comparisons = check.values();
    for (int n = 1; n <= order && (n > 1 || comparisons.isEmpty()); n++) {
      comparisons.addAll(check.derivatives(n));
    }
    return new GradientReport(check.probe.precision(), check.tolerance(), seed, comparisons);
  }

  /** The relative difference that is taken for rounding or for the error of a difference. */
  private double tolerance() {
    return single ? 5e-3 : 1e-6;
  }

  /** The same for two derivatives, neither of which is a difference. */
  private double exactness() {
    return single ? 1e-3 : 1e-9;
  }

  /** A comparison for every result that is not finite. */
  private List<Comparison> values() {
    List<Comparison> out = new ArrayList<>();
    for (int j = 0; j < probe.value().leaves().size(); j++) {
      Tensor y = probe.value().leaves().get(j);
      double[] numbers = y.toDoubles();
      for (int i = 0; i < numbers.length; i++) {
        if (!Double.isFinite(numbers[i])) {
          String path = ProbedFunction.named(probe.value(), j);
          out.add(Comparison.ofValue(path, position(y.shape(), i), numbers[i]));
          break;
        }
      }
    }
    return out;
  }

  private List<Comparison> derivatives(int order) {
    Order one = new Order(order);
    List<Comparison> out = new ArrayList<>();
    for (int i = 0; i < probe.point().leaves().size(); i++) {
      if (probe.point().leaves().get(i).size() > 0) {
        out.add(one.worst(i));
      }
    }
    return out;
  }

  private static String position(Shape shape, int element) {
    int[] index = new int[shape.rank()];
    int[] strides = shape.strides();
    for (int k = 0; k < index.length; k++) {
      index[k] = element / strides[k] % shape.dim(k);
    }
    return Arrays.toString(index);
  }

  /** The derivatives of one order. */
  private final class Order {
    private final int order;
    private final List<ProbedFunction.Mix<T>> lower;
    private final List<Tree<T>> gradients;

    Order(int order) {
      this.order = order;
      this.lower = probe.mixes(order - 1);
      this.gradients = probe.gradients(lower);
    }

    Comparison worst(int leaf) {
      Spec spec = probe.point().leaves().get(leaf).spec();
      int n = spec.shape().size();
      if (n > SMALL) {
        Tensor direction = probe.noise(spec);
        return halve(leaf, direction, 0, n, compare(leaf, direction, 0, n));
      }
      Tensor ones = Tensor.full(spec, 1);
      List<Comparison> all = new ArrayList<>();
      for (int i = 0; i < n; i++) {
        all.add(compare(leaf, ones, i, i + 1));
      }
      return all.stream().max(BY_SEVERITY).orElseThrow();
    }

    /**
     * Narrows a failure down to a half that fails in the same way; else it is left as wide as it
     * is. To look for something worse would in the end find it, where many corners are close by.
     */
    private Comparison halve(int leaf, Tensor direction, int from, int to, Comparison whole) {
      if (whole.verdict() == Verdict.OK || to - from == 1) {
        return whole;
      }
      int middle = (from + to) >>> 1;
      Comparison left = compare(leaf, direction, from, middle);
      if (left.verdict() == whole.verdict()) {
        return halve(leaf, direction, from, middle, left);
      }
      Comparison right = compare(leaf, direction, middle, to);
      return right.verdict() == whole.verdict() ? halve(leaf, direction, middle, to, right) : whole;
    }

    /** Compares along some elements of a direction. */
    private Comparison compare(int leaf, Tensor whole, int from, int to) {
      Tensor origin = probe.point().leaves().get(leaf);
      Tensor direction = only(whole, from, to);
      Differences differences =
          Differences.of(
              t -> probe.moved(order - 1, leaf, direction, t),
              Math.max(1, largest(origin)) * (single ? 0x1p-4 : 0x1p-6),
              single ? SINGLE : DOUBLE,
              tolerance() / 100);
      Furthest forward = new Furthest(differences.slope());
      Furthest reverse = new Furthest(differences.slope());
      double scale = 0;
      for (int k = 0; k < lower.size(); k++) {
        Tensor gradient = gradients.get(k).leaves().get(leaf);
        scale = Math.max(scale, largest(gradient));
        reverse.offer(dot(gradient, direction, from, to), lower.get(k).over("reverse"));
        if (probe.forward()) {
          forward.offer(probe.tangent(lower.get(k), leaf, direction), lower.get(k).over("forward"));
        }
      }
      String place =
          (to - from == 1 ? "" : (to - from) + " elements from ") + position(origin.shape(), from);
      return judge(
          ProbedFunction.named(probe.point(), leaf), place, forward, reverse, differences, scale);
    }

    private Comparison judge(
        String path,
        String place,
        Furthest forward,
        Furthest reverse,
        Differences differences,
        double scale) {
      double backward = reverse.number;
      double ahead = probe.forward() ? forward.number : backward;
      double slope = differences.slope();
      double size = Math.max(Math.abs(slope), Math.max(Math.abs(ahead), Math.abs(backward)));
      double allowed = tolerance() * size + differences.rounding();
      double apart = Math.abs(ahead - backward);
      double off = Math.max(Math.abs(ahead - slope), Math.abs(backward - slope));
      Verdict verdict;
      if (!Double.isFinite(ahead) || !Double.isFinite(backward)) {
        verdict = Verdict.NOT_FINITE;
      } else if (apart > exactness() * (size + scale)) {
        verdict = Verdict.WRONG;
      } else if (differences.corner() || !(differences.error() <= allowed)) {
        verdict = Verdict.NOT_SMOOTH;
      } else if (off <= allowed) {
        verdict = Verdict.OK;
      } else {
        // Slopes that differ as much among themselves refute nothing.
        verdict = off <= 2 * differences.roughness() ? Verdict.NOT_SMOOTH : Verdict.WRONG;
      }
      return new Comparison(
          order,
          path,
          place,
          verdict,
          forward.number,
          backward,
          slope,
          error(verdict, Math.max(apart, off), size, backward),
          both(forward.within(allowed), reverse.within(allowed)),
          both(forward.beyond(allowed), reverse.beyond(allowed)));
    }
  }

  /**
   * Where something is not finite, the element whose own cotangent is not comes before those whose
   * tangent was spoiled by 0 · ∞.
   */
  private static double error(Verdict verdict, double distance, double size, double backward) {
    if (verdict == Verdict.NOT_FINITE) {
      return Double.isFinite(backward) ? Double.POSITIVE_INFINITY : Double.NaN;
    }
    return size == 0 ? 0 : distance / size;
  }

  private static Tensor only(Tensor direction, int from, int to) {
    double[] numbers = direction.toDoubles();
    return Tensor.generate(
        direction.spec(),
        a -> {
          for (int i = from; i < to; i++) {
            a.set(i, numbers[i]);
          }
        });
  }

  /** Of these elements alone: beside a gradient of ∞ the others are still to be judged. */
  private static double dot(Tensor a, Tensor b, int from, int to) {
    double[] p = a.toDoubles();
    double[] q = b.toDoubles();
    return IntStream.range(from, to).mapToDouble(i -> p[i] * q[i]).sum();
  }

  private static double largest(Tensor t) {
    return Arrays.stream(t.toDoubles()).map(Math::abs).max().orElse(0);
  }

  private static List<String> both(List<String> a, List<String> b) {
    List<String> out = new ArrayList<>(a);
    out.addAll(b);
    return out;
  }

  /** Of several numbers the one furthest from a given one; what is not finite is furthest. */
  private static final class Furthest {
    private record Candidate(String modes, double distance) {}

    private final double wanted;
    private final List<Candidate> candidates = new ArrayList<>();
    private double number = Double.NaN;
    private double distance = -1;

    Furthest(double wanted) {
      this.wanted = wanted;
    }

    void offer(double candidate, String modes) {
      double d = Math.abs(candidate - wanted);
      d = Double.isNaN(d) ? Double.POSITIVE_INFINITY : d;
      candidates.add(new Candidate(modes, d));
      if (d > distance) {
        number = candidate;
        distance = d;
      }
    }

    List<String> within(double allowed) {
      return candidates.stream().filter(c -> c.distance <= allowed).map(Candidate::modes).toList();
    }

    List<String> beyond(double allowed) {
      return candidates.stream().filter(c -> c.distance > allowed).map(Candidate::modes).toList();
    }
  }
}
