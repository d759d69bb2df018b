package org.kotangent.ad;

import java.lang.System.Logger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * A function that is captured once for each structure, types and shapes of its argument and from
 * then on runs as a plan: repeated and needless operations left out, elementwise operations fused
 * into loops, intermediate values in buffers that are used over and over. Results have the same
 * bits as those of the function itself.
 *
 * {@snippet :
 * var step = Ad.compile((State s) -> next(s)); // a pure function of trees
 * for (Batch b : batches) {
 *   state = step.apply(new State(state, b));
 * }
 * System.out.println(step.explain(state)); // what is carried out, and in how much memory
 * }
 *
 * <p>The function must be pure: whatever changes from call to call is part of its argument. What it
 * closes over is taken as it was when the function was captured. So that what changes is not taken
 * for a constant, the function is captured again when its plan is needed for the second time, the
 * fourth, the eighth and so on. If it then does something else, its plan is dropped, it is run as
 * it is from then on, and a warning, logged once, says which operation or constant differs. Results
 * between a change and the next such time are those of before; {@link #checking()} finds them, and
 * what operations and constants do not show, such as what a primitive does by itself.
 *
 * <p>A function that asks for the number of a tensor cannot be captured; it is run as it is, and a
 * warning is logged once. An argument that is being differentiated, batched or captured by somebody
 * else is passed to the function itself. Calls may be made from many threads at once.
 *
 * @param <T> the type of the argument, a tree
 * @param <R> the type of the result, a tree
 */
public final class Compiled<T, R> implements Function<T, R> {
  private static final Logger LOG = System.getLogger(Compiled.class.getName());

  /** Plans that are kept; the one used least recently is forgotten first. */
  private static final int KEPT = 32;

  /**
   * A plan and what it was made from.
   *
   * @param uses how often it was needed
   * @param next from which use on the function is to be captured again
   */
  private record Prepared<R>(Plan plan, Capture<R> capture, AtomicLong uses, AtomicLong next) {
    Prepared(Capture<R> capture) {
      this(Plan.of(capture.program()), capture, new AtomicLong(1), new AtomicLong(2));
    }
  }

  private final Function<? super T, ? extends R> function;
  private final Map<Object, Optional<Prepared<R>>> plans =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Optional<Prepared<R>>> eldest) {
          return size() > KEPT;
        }
      };
  private final AtomicBoolean warnedOfNumbers = new AtomicBoolean();
  private final AtomicBoolean warnedOfImpurity = new AtomicBoolean();
  private final boolean checking;

  Compiled(Function<? super T, ? extends R> function) {
    this(function, false);
  }

  private Compiled(Function<? super T, ? extends R> function, boolean checking) {
    this.function = function;
    this.checking = checking;
  }

  /**
   * The same, comparing each result with the function's own, which takes the time of both. It finds
   * functions that are not pure: those that read something that changes from call to call and is
   * not part of the argument.
   */
  public Compiled<T, R> checking() {
    return new Compiled<>(function, true);
  }

  @Override
  public R apply(T x) {
    return apply(x, Plan::run);
  }

  /**
   * The last of the results f(x₀), f(x₁), …, where each argument is made from the result before
   * until there is none. What lies between is nobody's: its memory is used again for the results
   * that follow, so that a loop of updates works in place.
   *
   * @param first x₀, which is not changed
   * @param next the argument that follows from a result, or nothing; it must not keep the result
   */
  public R iterate(T first, Function<? super R, Optional<T>> next) {
    Spare spare = new Spare();
    BiFunction<Plan, List<Tensor>, List<Tensor>> way =
        (plan, inputs) -> plan.iterate(inputs, spare);
    R result = apply(first, way);
    for (Optional<T> x = next.apply(result); x.isPresent(); x = next.apply(result)) {
      result = apply(x.get(), way);
    }
    return result;
  }

  private R apply(T x, BiFunction<Plan, List<Tensor>, List<Tensor>> way) {
    Optional<R> own = checking ? Optional.of(function.apply(x)) : Optional.empty();
    Tree<T> argument = Tree.ofTensors(x);
    Optional<Prepared<R>> prepared = prepared(argument);
    if (prepared.isEmpty()) {
      return own.orElseGet(() -> function.apply(x));
    }
    List<Tensor> outputs = way.apply(prepared.get().plan(), argument.leaves());
    R result = prepared.get().capture().result().rebuild(outputs);
    own.ifPresent(expected -> requireSame(expected, result));
    return result;
  }

  private static void requireSame(Object own, Object planned) {
    Tree<?> expected = Tree.ofTensors(own);
    List<Tensor> actual = expected.matching("compile", Tree.ofTensors(planned));
    for (int i = 0; i < expected.leaves().size(); i++) {
      if (!expected.leaves().get(i).contentEquals(actual.get(i))) {
        String path = expected.paths().get(i);
        throw Checks.domain(
            "compile",
            "a compiled function must depend on its argument alone",
            (path.isEmpty() ? "the result" : path)
                + " = "
                + actual.get(i)
                + " by the plan, "
                + expected.leaves().get(i)
                + " by the function itself",
            "make what it reads besides its argument a part of the argument");
      }
    }
  }

  /**
   * A plan, unless there is none: for an argument that is being transformed, and for a function
   * that cannot be captured.
   */
  private Optional<Prepared<R>> prepared(Tree<T> argument) {
    boolean plain = Level.highest(argument.leaves().toArray(Tensor[]::new)) == null;
    return plain ? entry(argument) : Optional.empty();
  }

  /**
   * What is known of an argument. The function is captured without a lock, since it may wait for
   * other threads that need plans, too; of two threads that capture the same, the first to finish
   * is heeded.
   */
  private Optional<Prepared<R>> entry(Tree<T> argument) {
    Object key = argument.signature();
    Optional<Prepared<R>> known;
    synchronized (plans) {
      known = plans.get(key);
    }
    if (known == null) {
      return firstUse(key, argument);
    }
    return known.isEmpty() || checking ? known : again(key, argument, known.get());
  }

  /** The plan, unless it is time to capture the function again and there is a difference. */
  private Optional<Prepared<R>> again(Object key, Tree<T> argument, Prepared<R> known) {
    long use = known.uses().incrementAndGet();
    if (use >= known.next().get()) {
      Optional<String> difference = known.capture().difference(function, argument);
      if (difference.isPresent()) {
        return dropped(key, difference.get());
      }
      known.next().accumulateAndGet(2 * use, Math::max);
    }
    return Optional.of(known);
  }

  /** A plan, which is kept unless the function closes over values of an unfinished derivation. */
  private Optional<Prepared<R>> firstUse(Object key, Tree<T> argument) {
    Optional<Capture<R>> capture = Optional.empty();
    try {
      capture = Capture.of(function, argument);
      if (capture.isEmpty()) {
        return Optional.empty();
      }
    } catch (UnknownNumberException e) {
      warnOnce(warnedOfNumbers, "runs uncompiled, because it asks for a number: " + e.getMessage());
    }
    Optional<Capture<R>> own = capture;
    Optional<Prepared<R>> prepared = own.map(Prepared::new);
    Optional<Prepared<R>> known;
    synchronized (plans) {
      known = plans.putIfAbsent(key, prepared);
    }
    if (known == null) {
      return prepared;
    }
    return known
        .filter(plan -> !checking)
        .flatMap(plan -> own.flatMap(plan.capture()::difference))
        .map(found -> dropped(key, found))
        .orElse(known);
  }

  /** Has a function run as it is from now on, because it was captured again with a difference. */
  private Optional<Prepared<R>> dropped(Object key, String difference) {
    warnOnce(
        warnedOfImpurity,
        Checks.message(
            "compile",
            "a function that depends on more than its argument runs uncompiled",
            difference,
            "make what changes from call to call a part of the argument"));
    synchronized (plans) {
      plans.put(key, Optional.empty());
    }
    return Optional.empty();
  }

  private static void warnOnce(AtomicBoolean warned, String message) {
    if (!warned.getAndSet(true)) {
      LOG.log(Logger.Level.WARNING, message);
    }
  }

  /**
   * What is carried out for arguments like the given one: a line for each operation with its
   * arithmetic, counted as {@link Primitive#flops} says, the size of its operands and results, and
   * its name, types and shapes; then the totals.
   */
  public String explain(T x) {
    return entry(Tree.ofTensors(x)).map(e -> new PlanText(e.plan()).text()).orElse("uncompiled");
  }

  /**
   * Like {@link #explain}, with the time of each operation and its share of the sum, and below the
   * sum itself and what is done in it. Times are medians of runs within 0.3 s, after as long a time
   * that warms up.
   */
  public String profile(T x) {
    Tree<T> argument = Tree.ofTensors(x);
    return entry(argument)
        .map(e -> new PlanText(e.plan()).text(e.plan().profile(argument.leaves())))
        .orElse("uncompiled");
  }
}
