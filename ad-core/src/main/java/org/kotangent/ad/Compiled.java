package org.kotangent.ad;

import java.lang.System.Logger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

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
 * <p>For the first argument of a kind the function is run as it is, too, so that what it computes
 * once and keeps is there before it is captured.
 *
 * <p>Tensors that the function closes over are inputs of the plan, too, wherever they are held: in
 * a variable, a field, a list, a record. (What final fields alone lead to cannot change and is
 * computed with beforehand.) Whatever else it closes over, such as a number or a choice, is what
 * the plan was made for: when it has changed, the function is captured again. Such changes should
 * be rare. A function that does something else each time is run as it is in the end, and a warning,
 * logged once, says which operation or constant differs; what changes all the time should be part
 * of the argument.
 *
 * <p>Not everything can be seen: not fields of packages that are not open to this module, those of
 * the JDK among them ({@link java.util.Random}, {@link Function#andThen}), nor static fields of
 * other classes, large arrays and what is far away. What was changed several times without effect
 * is left alone for a while, for a thousand uses at most. So the function is captured again when
 * its plan is needed for the second time, the fourth, the eighth and so on; if it then does
 * something else, it is run as it is, with the same warning. Until then results are those of
 * before. {@link #checking()} finds that, and what operations and constants do not show, such as
 * what a primitive does by itself.
 *
 * <p>A function that asks for the number of its argument cannot be captured; it is run as it is,
 * and a warning is logged once. Values that are being differentiated, batched or captured by
 * somebody else are passed to the function itself, be they in the argument or closed over. Calls
 * may be made from many threads at once.
 *
 * @param <T> the type of the argument, a tree
 * @param <R> the type of the result, a tree
 */
public final class Compiled<T, R> implements Function<T, R> {
  private static final Logger LOG = System.getLogger(Compiled.class.getName());

  /** Kinds of arguments whose plans are kept; the one used least recently is forgotten first. */
  private static final int KEPT = 32;

  /** A plan and its inputs. */
  private record Call<R>(Prepared<R> prepared, List<Tensor> inputs) {
    /** The inputs that are not of the argument. */
    List<Tensor> closedOver(Tree<?> argument) {
      return inputs.subList(argument.leaves().size(), inputs.size());
    }
  }

  private final Function<? super T, ? extends R> function;
  private final Surroundings surroundings;
  private final Map<Object, Versions<R>> versions =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Versions<R>> eldest) {
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
    this.surroundings = new Surroundings(function);
    this.checking = checking;
  }

  /**
   * The same, comparing each result with the function's own, which takes the time of both. It finds
   * functions that read something that changes and can neither be seen nor is part of the argument.
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
    Tree<T> argument = Tree.ofTensors(x);
    Optional<Versions<R>> planned = isPassedOn(argument) ? Optional.empty() : versions(argument);
    if (planned.isEmpty()) {
      return function.apply(x);
    }
    Versions<R> versions = planned.get();
    versions.use();
    Environment environment = surroundings.next();
    Optional<Call<R>> known = call(versions, argument, environment);
    if (known.isEmpty()) {
      R own = captured(versions, argument, () -> function.apply(x));
      return plain(versions, argument).map(call -> result(call, way, () -> own)).orElse(own);
    }
    Prepared<R> prepared = known.get().prepared();
    boolean passed =
        areTraced(known.get().closedOver(argument))
            || (!checking
                && prepared.isDue()
                && differs(versions, argument, environment, prepared));
    return passed ? function.apply(x) : result(known.get(), way, () -> function.apply(x));
  }

  private R result(
      Call<R> call, BiFunction<Plan, List<Tensor>, List<Tensor>> way, Supplier<R> own) {
    List<Tensor> outputs = way.apply(call.prepared().plan(), call.inputs());
    R result = call.prepared().result().rebuild(outputs);
    if (checking) {
      requireSame(own.get(), result);
    }
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

  /** The function that is compiled. */
  Function<? super T, ? extends R> function() {
    return function;
  }

  /**
   * Whether an argument is not for plans: one that is being transformed, and one of a function that
   * is part of another one that is being captured.
   */
  private static boolean isPassedOn(Tree<?> argument) {
    return Lifting.isGoingOn() || areTraced(argument.leaves());
  }

  /** The plans for arguments of a kind, unless the function runs as it is. */
  private Optional<Versions<R>> versions(Tree<T> argument) {
    Object kind = argument.signature();
    Versions<R> known;
    synchronized (versions) {
      known = versions.computeIfAbsent(kind, k -> new Versions<>());
    }
    return known.areAbandoned() ? Optional.empty() : Optional.of(known);
  }

  private static boolean areTraced(List<Tensor> tensors) {
    return Level.highest(tensors.toArray(Tensor[]::new)) != null;
  }

  private Optional<Call<R>> call(Versions<R> versions, Tree<T> argument, Environment environment) {
    return versions
        .find(environment)
        .flatMap(prepared ->
            prepared
                .inputs(argument.leaves(), environment)
                .map(inputs -> new Call<>(prepared, inputs)));
  }

  /** What is to run now, unless a value under transformation is closed over. */
  private Optional<Call<R>> plain(Versions<R> versions, Tree<T> argument) {
    return call(versions, argument, surroundings.now())
        .filter(call -> !areTraced(call.closedOver(argument)));
  }

  /**
   * The function run as it is, so that whatever it computes once and keeps is there, and then
   * captured. All that without a lock, since the function may wait for others.
   */
  private <S> S captured(Versions<R> versions, Tree<T> argument, Supplier<S> run) {
    Environment before = surroundings.all();
    S result = run.get();
    Environment all = surroundings.all();
    try {
      Capture.<T, R>of(function, argument, all.replaceable())
          .ifPresent(capture -> {
            Look look = Look.of(before, all, surroundings.all(), capture.used());
            prepare(versions, capture, all, look);
          });
    } catch (UnknownNumberException e) {
      warnOnce(warnedOfNumbers, "runs uncompiled, because it asks for a number: " + e.getMessage());
      versions.abandon();
    } catch (RuntimeException e) {
      abandon(versions, "an exception where there was none: " + e);
    }
    return result;
  }

  /**
   * Whether the function, captured once more, does something else than it did in the same
   * environment, so that it is run as it is from now on.
   */
  private boolean differs(
      Versions<R> versions, Tree<T> argument, Environment environment, Prepared<R> prepared) {
    Optional<String> difference;
    try {
      difference =
          Capture.<T, R>of(function, argument, environment.replaceable())
              .map(later -> prepared.difference(later, environment))
              .orElse(Optional.of("a value of an unfinished derivation, which was none before"));
    } catch (RuntimeException e) {
      difference = Optional.of("an exception where there was none: " + e);
    }
    if (difference.isEmpty()) {
      prepared.looked();
    } else if (surroundings.now().agreesWith(environment)) {
      abandon(versions, difference.get());
    }
    return difference.isPresent();
  }

  /** Makes a plan, or uses the latest one in another environment in which it is the same. */
  private void prepare(Versions<R> versions, Capture<R> capture, Environment all, Look look) {
    Optional<Versions.Version<R>> before = versions.latest();
    Optional<String> difference = before.flatMap(b -> b.prepared().difference(capture));
    if (versions.isOneTooMany()) {
      abandon(versions, difference.orElse("too many changes of what it closes over"));
      return;
    }
    surroundings.leave(look.own());
    surroundings.heed(look.used(), look.keeps());
    before.ifPresent(b -> changed(versions, all.changes(b.environment()), difference.isPresent()));
    Environment environment = surroundings.heeded(all);
    if (look.isUndisturbed()
        && environment.agreesWith(all)
        && environment.contains(List.copyOf(capture.used()))) {
      Optional<Environment> only = look.keeps() ? Optional.of(environment) : Optional.empty();
      Prepared<R> prepared =
          before
              .filter(b -> difference.isEmpty())
              .map(b -> b.prepared().in(environment, capture, only))
              .orElseGet(() -> Prepared.of(environment, capture, only));
      versions.keep(environment, prepared);
    }
  }

  /** Notes which variables are no longer what they were, and whether that has an effect. */
  private void changed(Versions<R> versions, Set<Variable> variables, boolean effect) {
    if (effect) {
      surroundings.wake();
      versions.forgetBlind(variables);
    } else {
      surroundings.rest(variables);
    }
  }

  /** Has a function run as it is from now on, because it does something else each time. */
  private void abandon(Versions<R> versions, String difference) {
    warnOnce(
        warnedOfImpurity,
        Checks.message(
            "compile",
            "a function that depends on more than its argument runs uncompiled",
            difference,
            "make what changes from call to call a part of the argument"));
    versions.abandon();
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
    return described(x, call -> new PlanText(call.prepared().plan()).text());
  }

  /**
   * Like {@link #explain}, with the time of each operation and its share of the sum, and below the
   * sum itself and what is done in it. Times are medians of runs within 0.3 s, after as long a time
   * that warms up.
   */
  public String profile(T x) {
    return described(
        x,
        call -> {
          Plan plan = call.prepared().plan();
          return new PlanText(plan).text(plan.profile(call.inputs()));
        });
  }

  /** What is said of the plan of an argument, which is made if it is not there yet. */
  private String described(T x, Function<Call<R>, String> text) {
    Tree<T> argument = Tree.ofTensors(x);
    Optional<Versions<R>> own = isPassedOn(argument) ? Optional.empty() : versions(argument);
    if (own.isEmpty()) {
      return "uncompiled";
    }
    Versions<R> versions = own.get();
    if (call(versions, argument, surroundings.now()).isEmpty()) {
      captured(versions, argument, () -> tried(x));
    }
    return plain(versions, argument).map(text).orElse("uncompiled");
  }

  /** The result for an example, unless it is not one that the function can compute with. */
  private Optional<R> tried(T x) {
    try {
      return Optional.of(function.apply(x));
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }
}
