package org.kotangent.ad;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.kotangent.ad.NonFinite.Operand;
import org.kotangent.ad.NonFinite.Stage;

/**
 * Finds where the first number arose that made a function or its derivative infinite or NaN. What
 * has no effect on the end, such as an infinity that a mask selects away, is passed over.
 */
final class NonFiniteSearch {
  private static final String RANGE = "keep its operands where the result is finite";
  private static final String OUTSIDE = "make that operand finite where it comes from";
  private static final String SLOPE =
      "its derivative is infinite or undefined there, keep away from the point";
  private static final String UNSELECTED =
      "this is 0 · ∞ of a result that is not selected later, "
          + "give the operation a harmless operand there as in where(m, f(where(m, x, 1)), y)";

  private final Function<List<Tensor>, List<Tensor>> function;
  private final Tensor[] x;
  private final List<String> paths;

  NonFiniteSearch(
      Function<List<Tensor>, List<Tensor>> function, List<Tensor> x, List<String> paths) {
    this.function = function;
    this.x = x.toArray(Tensor[]::new);
    this.paths = paths;
  }

  /** What made a value not finite. */
  Optional<NonFinite> inValue() {
    Applications applications = new Applications(Stage.VALUE);
    WatchLevel level = new WatchLevel(applications);
    List<Tensor> watched = new ArrayList<>();
    for (int i = 0; i < x.length; i++) {
      Tensor t = new Watched(level, x[i]);
      watched.add(t);
      applications.sources.put(t, "argument" + (paths.get(i).isEmpty() ? "" : " " + paths.get(i)));
    }
    try {
      return NonFiniteEvent.origin(applications.returned(function.apply(watched)));
    } finally {
      level.close();
    }
  }

  /** What made a tangent along ones not finite. */
  Optional<NonFinite> inTangent() {
    Applications applications = new Applications(Stage.TANGENT);
    Tensor[] ones = Arrays.stream(x).map(NonFiniteSearch::ones).toArray(Tensor[]::new);
    List<NonFiniteEvent> ends = new ArrayList<>();
    Function<List<Tensor>, List<Tensor>> returned =
        duals -> {
          List<Tensor> y = function.apply(duals);
          ends.addAll(applications.returned(y));
          return y;
        };
    Forward.push(returned, x, ones, new DualLevel("diagnostics", applications));
    return NonFiniteEvent.origin(ends);
  }

  /** What made a cotangent of the argument not finite, when those of the results are ones. */
  Optional<NonFinite> inCotangent() {
    Pullbacks pullbacks = new Pullbacks();
    boolean[] all = Subset.present(x).chosen();
    Reverse recorded = Reverse.record(function, x, all, new TapeLevel("diagnostics", pullbacks));
    @Nullable Tensor[] gy = new Tensor[recorded.values().length];
    for (int j = 0; j < gy.length; j++) {
      Tensor y = recorded.values()[j];
      gy[j] = y.dtype().isFloating() ? ones(y) : null;
    }
    @Nullable Tensor[] gx = recorded.tape().pull(gy);
    List<NonFiniteEvent> ends = new ArrayList<>();
    for (int i = 0; i < gx.length; i++) {
      Tensor g = gx[i];
      if (g != null && NonFiniteEvent.first(g.array()) >= 0) {
        ends.addAll(pullbacks.into(recorded.tape().source(i)));
      }
    }
    return NonFiniteEvent.origin(ends);
  }

  private static Tensor ones(Tensor like) {
    return Tensor.full(like.spec(), 1);
  }

  /** An operand as it is described beside a result that is not finite at element i. */
  private static Operand operand(
      String name, Tensor t, Shape result, int i, Optional<String> from) {
    Arr a = t.array();
    int bad = NonFiniteEvent.first(a);
    boolean there = a.shape().equals(result) && i < a.size();
    OptionalDouble number =
        a.size() == 1
            ? OptionalDouble.of(a.get(0))
            : there
                ? OptionalDouble.of(a.get(i))
                : bad < 0 ? OptionalDouble.empty() : OptionalDouble.of(a.get(bad));
    return new Operand(name, t.spec(), bad < 0, number, bad < 0 ? Optional.empty() : from);
  }

  private static String name(int operand, int operands) {
    return operands == 1 ? "x" : Character.toString('a' + operand);
  }

  /** Values or tangents of all applications. */
  private static final class Applications implements Probe {
    private final Stage stage;
    private final IdentityHashMap<Tensor, String> sources = new IdentityHashMap<>();
    private final IdentityHashMap<Tensor, NonFiniteEvent> events = new IdentityHashMap<>();
    private int count;

    Applications(Stage stage) {
      this.stage = stage;
    }

    @Override
    public synchronized void applied(Primitive primitive, Tensor[] in, Tensor[] out) {
      int index = count++;
      NonFiniteEvent operand = events.get(in[0]);
      if (primitive instanceof Named named && operand != null) {
        operand.site().label(named.label());
      }
      for (Tensor y : out) {
        Tensor numbers = numbers(y);
        if (numbers != null && NonFiniteEvent.first(numbers.array()) >= 0) {
          events.put(y, event(new Site(index, primitive.toString()), in, numbers.array()));
        }
      }
    }

    /** What is looked at of a value: its numbers or those of its tangent. */
    private @Nullable Tensor numbers(Tensor t) {
      return stage == Stage.VALUE ? t : t instanceof Dual dual ? dual.tangent() : null;
    }

    private NonFiniteEvent event(Site site, Tensor[] in, Arr result) {
      int i = NonFiniteEvent.first(result);
      List<Operand> operands =
          IntStream.range(0, in.length)
              .mapToObj(k ->
                  operand(name(k, in.length), in[k], result.shape(), i, Optional.of(source(in[k]))))
              .toList();
      List<NonFiniteEvent> causes =
          Arrays.stream(in).map(events::get).filter(e -> e != null).toList();
      boolean outside =
          causes.isEmpty() && operands.stream().anyMatch(operand -> !operand.finite());
      String remedy = outside ? OUTSIDE : stage == Stage.VALUE ? RANGE : SLOPE;
      String quantity = stage == Stage.VALUE ? "value" : "tangent";
      return new NonFiniteEvent(
          count, site, stage, quantity, result, operands, causes, false, remedy);
    }

    private String source(Tensor t) {
      NonFiniteEvent event = events.get(t);
      return event == null ? sources.getOrDefault(t, "a constant") : "from " + event.site();
    }

    /** Of what a function returned, that which is not finite. */
    synchronized List<NonFiniteEvent> returned(List<Tensor> y) {
      List<NonFiniteEvent> ends = new ArrayList<>();
      for (Tensor t : y) {
        Tensor numbers = numbers(t);
        if (numbers != null && NonFiniteEvent.first(numbers.array()) >= 0) {
          NonFiniteEvent known = events.get(t);
          ends.add(
              known != null
                  ? known
                  : event(new Site(-1, "result"), new Tensor[] {t}, numbers.array()));
        }
      }
      return ends;
    }
  }

  /** Cotangents of all recorded applications. */
  private static final class Pullbacks implements Probe {
    private record Recorded(Site site, List<Tensor> operands) {}

    private final IdentityHashMap<Node, Recorded> recorded = new IdentityHashMap<>();
    private final IdentityHashMap<Node, List<NonFiniteEvent>> events = new IdentityHashMap<>();
    private int pulled;

    @Override
    public synchronized void recorded(Node node, Primitive primitive, Tensor[] in) {
      Recorded operand = recorded.get(node.parents()[0]);
      if (primitive instanceof Named named && operand != null) {
        operand.site().label(named.label());
      }
      Site site = new Site(recorded.size(), primitive.toString());
      recorded.put(node, new Recorded(site, List.of(in)));
    }

    @Override
    public void pulled(Node node, @Nullable Tensor[] gy, @Nullable Tensor[] gx) {
      Recorded known = recorded.get(node);
      pulled++;
      for (int i = 0; i < gx.length; i++) {
        Tensor g = gx[i];
        Node parent = node.parents()[i];
        if (known != null && parent != null && g != null && NonFiniteEvent.first(g.array()) >= 0) {
          into(parent).add(event(known, i, into(node), gy, g.array()));
        }
      }
    }

    /** The contributions to the cotangent of a node's results that are not finite. */
    List<NonFiniteEvent> into(@Nullable Node node) {
      return node == null ? List.of() : events.computeIfAbsent(node, unknown -> new ArrayList<>());
    }

    private NonFiniteEvent event(
        Recorded known, int i, List<NonFiniteEvent> causes, @Nullable Tensor[] gy, Arr result) {
      int n = known.operands().size();
      int at = NonFiniteEvent.first(result);
      List<Operand> operands = new ArrayList<>();
      for (int k = 0; k < n; k++) {
        Tensor t = known.operands().get(k);
        operands.add(operand(name(k, n), t, result.shape(), at, Optional.empty()));
      }
      boolean nan = false;
      boolean zero = false;
      for (Tensor g : gy) {
        if (g != null) {
          Operand incoming = operand("cotangent", g, result.shape(), at, Optional.empty());
          operands.add(incoming);
          nan |= Arrays.stream(g.toDoubles()).anyMatch(Double::isNaN);
          zero |=
              incoming.number().isPresent()
                  ? incoming.number().getAsDouble() == 0
                  : Arrays.stream(g.toDoubles()).anyMatch(d -> d == 0);
        }
      }
      boolean unselected = zero && Double.isNaN(result.get(at));
      return new NonFiniteEvent(
          pulled,
          known.site(),
          Stage.COTANGENT,
          n == 1 ? "cotangent" : "cotangent of " + name(i, n),
          result,
          operands,
          List.copyOf(causes),
          nan,
          unselected ? UNSELECTED : SLOPE);
    }
  }
}
