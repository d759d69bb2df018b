package org.kotangent.ad;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A loop that carries a state along; see {@link Ad#scan(BiFunction, Object, Object, Memory)}. */
public final class Scan {
  /** A state and what goes with it: an input, an output, or all outputs. */
  public record Step<C, Y>(C carry, Y output) {}

  /**
   * What a tape keeps of a loop of n steps. Values are the same to the last bit; derivatives are
   * added up in another order.
   */
  public enum Memory {
    /** All intermediate values: nothing is computed twice. */
    ALL,
    /** The states between √n segments and the values of one segment: each step runs once more. */
    SQUARE_ROOT,
    /**
     * The states at log₂ n places and the values of one step: a step runs up to log₂ n times more.
     */
    LOGARITHMIC
  }

  private final Function<List<Tensor>, List<Tensor>> body;
  private final int carries;
  private final int inputs;

  /** A body that maps the tensors of a state and of an input to those of a state and an output. */
  private Scan(Function<List<Tensor>, List<Tensor>> body, int carries, int inputs) {
    this.body = body;
    this.carries = carries;
    this.inputs = inputs;
  }

  static <C, X, Y> Step<C, Y> scan(
      BiFunction<? super C, ? super X, Step<C, Y>> body, C init, X xs, Memory memory) {
    Tree<C> carry = Tree.ofTensors(init);
    Tree<X> input = Tree.ofTensors(xs);
    int n = steps(input);
    AtomicReference<@Nullable Tree<Y>> first = new AtomicReference<>();
    Function<Step<C, X>, Step<C, Y>> checked =
        step -> {
          Step<C, Y> next = body.apply(step.carry(), step.output());
          C state = carry.rebuild(carry.matching("scan", Tree.ofTensors(next.carry())));
          Tree<Y> output = Tree.ofTensors(next.output());
          Tree<Y> before = first.compareAndExchange(null, output);
          return before == null
              ? new Step<>(state, next.output())
              : new Step<>(state, before.rebuild(before.matching("scan", output)));
        };
    X slice = input.map(t -> Tensor.zeros(t.spec().withShape(t.shape().drop(0))));
    Tree<Step<C, X>> example = Tree.ofTensors(new Step<>(init, slice));
    Flat<Step<C, X>, Step<C, Y>> flat = new Flat<>(checked, example);
    List<Tensor> leaves =
        n == 0
            ? nothing(flat, carry.leaves())
            : run(flat, carry.leaves(), input.leaves(), n, memory);
    return flat.result().rebuild(leaves);
  }

  private static int steps(Tree<?> input) {
    if (input.leaves().isEmpty()) {
      throw Checks.shape(
          "scan",
          "there must be something to loop over",
          "an input without tensors",
          "give one, such as the numbers of the steps");
    }
    int steps = -1;
    for (int i = 0; i < input.leaves().size(); i++) {
      Shape shape = input.leaves().get(i).shape();
      String path = TreePath.named(input.paths().get(i));
      if (shape.rank() == 0 || (steps >= 0 && shape.dim(0) != steps)) {
        throw Checks.shape(
            "scan",
            "axis 0 of every input must be that of the steps",
            path + ": " + shape + (steps < 0 ? "" : ", steps: " + steps),
            "stack the inputs of the steps along axis 0, and close over what is the same in all");
      }
      steps = shape.dim(0);
    }
    return steps;
  }

  /** The state unchanged and outputs without elements. */
  private static List<Tensor> nothing(Flat<?, ?> flat, List<Tensor> carry) {
    List<Spec> specs = flat.argument().leaves().stream().map(Tensor::spec).toList();
    List<Graph.Value> results = Program.trace(flat, specs).outputs();
    List<Tensor> out = new ArrayList<>(carry);
    for (Graph.Value y : results.subList(carry.size(), results.size())) {
      out.add(Tensor.zeros(y.spec().withShape(y.spec().shape().insert(0, 0))));
    }
    return out;
  }

  private static List<Tensor> run(
      Flat<?, ?> flat, List<Tensor> carry, List<Tensor> xs, int n, Memory memory) {
    Closure body =
        memory == Memory.ALL ? Closure.open(flat) : Closure.of(flat, flat.argument().leaves());
    Scan scan = new Scan(body.function(), carry.size(), xs.size());
    List<Tensor> in = new ArrayList<>(carry);
    List<List<Tensor>> slices = xs.stream().map(Core::unstack).toList();
    for (int k = 0; k < n; k++) {
      for (List<Tensor> slice : slices) {
        in.add(slice.get(k));
      }
    }
    in.addAll(body.captured());
    List<Tensor> results = scan.steps(n, memory, in);
    List<Tensor> outputs = results.subList(carry.size(), results.size());
    int each = outputs.size() / n;
    List<Tensor> out = new ArrayList<>(results.subList(0, carry.size()));
    for (int j = 0; j < each; j++) {
      int output = j;
      out.add(
          Core.stack(IntStream.range(0, n).mapToObj(k -> outputs.get(k * each + output)).toList()));
    }
    return out;
  }

  /**
   * Some steps: from a state, the inputs of each and what the body closes over to a state and the
   * outputs of each.
   */
  private List<Tensor> steps(int n, Memory memory, List<Tensor> in) {
    return switch (memory) {
      case ALL -> straight(n, in);
      case SQUARE_ROOT -> {
        int length = (int) Math.ceil(Math.sqrt(n));
        List<Tensor> state = in.subList(0, carries);
        List<Tensor> outputs = new ArrayList<>();
        for (int from = 0; from < n; from += length) {
          int part = Math.min(length, n - from);
          List<Tensor> out = checkpoint(part, Memory.ALL, part(n, from, part, state, in));
          state = out.subList(0, carries);
          outputs.addAll(out.subList(carries, out.size()));
        }
        yield Composite.joined(state, outputs);
      }
      case LOGARITHMIC -> {
        int half = n / 2;
        if (half == 0) {
          yield straight(n, in);
        }
        List<Tensor> left = checkpoint(half, memory, part(n, 0, half, in.subList(0, carries), in));
        List<Tensor> state = left.subList(0, carries);
        List<Tensor> right = steps(n - half, memory, part(n, half, n - half, state, in));
        List<Tensor> outputs = new ArrayList<>(left.subList(carries, left.size()));
        outputs.addAll(right.subList(carries, right.size()));
        yield Composite.joined(right.subList(0, carries), outputs);
      }
    };
  }

  private List<Tensor> straight(int n, List<Tensor> in) {
    List<Tensor> captured = in.subList(carries + n * inputs, in.size());
    List<Tensor> state = in.subList(0, carries);
    List<Tensor> outputs = new ArrayList<>();
    for (int k = 0; k < n; k++) {
      List<Tensor> operands = new ArrayList<>(state);
      operands.addAll(in.subList(carries + k * inputs, carries + (k + 1) * inputs));
      operands.addAll(captured);
      List<Tensor> out = body.apply(operands);
      state = out.subList(0, carries);
      outputs.addAll(out.subList(carries, out.size()));
    }
    return Composite.joined(state, outputs);
  }

  private List<Tensor> checkpoint(int n, Memory memory, List<Tensor> in) {
    return new Checkpoint(operands -> steps(n, memory, operands))
        .applyAll(in.toArray(Tensor[]::new));
  }

  /** The operands of some of n steps, from another state on. */
  private List<Tensor> part(int n, int from, int length, List<Tensor> state, List<Tensor> in) {
    List<Tensor> part = new ArrayList<>(state);
    part.addAll(in.subList(carries + from * inputs, carries + (from + length) * inputs));
    part.addAll(in.subList(carries + n * inputs, in.size()));
    return part;
  }
}
