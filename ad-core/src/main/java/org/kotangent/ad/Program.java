package org.kotangent.ad;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a function of tensors computes: inputs, the tensors it closes over, and operations in an
 * order fixed by their structure alone, each after its operands. What does not lead to an output is
 * not part of it.
 */
record Program(
    List<Spec> inputs,
    List<Tensor> constants,
    List<Graph.Operation> operations,
    List<Graph.Value> outputs) {
  Program {
    inputs = List.copyOf(inputs);
    constants = List.copyOf(constants);
    operations = List.copyOf(operations);
    outputs = List.copyOf(outputs);
  }

  /** The function run once on symbolic values. */
  static Program trace(Function<List<Tensor>, List<Tensor>> f, List<Spec> inputs) {
    return trace(f, inputs, new SymbolicLevel(), List::of);
  }

  /** The same with inputs for what the function closes over, too, after those of the argument. */
  static Program trace(Function<List<Tensor>, List<Tensor>> f, List<Spec> inputs, Lifting lifting) {
    return trace(x -> lifting.during(() -> f.apply(x)), inputs, lifting.level(), lifting::symbols);
  }

  private static Program trace(
      Function<List<Tensor>, List<Tensor>> f,
      List<Spec> inputs,
      SymbolicLevel level,
      Supplier<List<Symbolic>> further) {
    List<Symbolic> symbols = inputs.stream().map(spec -> Symbolic.input(level, spec)).toList();
    List<Tensor> y;
    try {
      y = f.apply(List.copyOf(symbols));
    } finally {
      level.close();
    }
    return of(level, Stream.concat(symbols.stream(), further.get().stream()).toList(), y);
  }

  /** The program that leads from inputs to outputs of a level. */
  static Program of(SymbolicLevel level, List<Symbolic> inputs, List<Tensor> outputs) {
    return new Linker(level, inputs).link(outputs);
  }

  /** The same with only those outputs that stand where the given tensors are floating. */
  Program of(List<Tensor> results) {
    List<Graph.Value> floating = new ArrayList<>();
    for (int j = 0; j < outputs.size(); j++) {
      if (results.get(j).dtype().isFloating()) {
        floating.add(outputs.get(j));
      }
    }
    return new Program(inputs, constants, operations, floating);
  }

  /** Types and shapes of the outputs. */
  Spec[] specs() {
    return outputs.stream().map(Graph.Value::spec).toArray(Spec[]::new);
  }

  /** Floating-point operations that it takes; see {@link Primitive#flops}. */
  long flops() {
    return operations.stream().mapToLong(Graph.Operation::flops).sum();
  }

  /** Which inputs anything is computed from, or are outputs themselves. */
  boolean[] used() {
    boolean[] used = new boolean[inputs.size()];
    Stream.concat(operations.stream().flatMap(op -> op.operands().stream()), outputs.stream())
        .forEach(value -> {
          if (value instanceof Graph.Input input) {
            used[input.index()] = true;
          }
        });
    return used;
  }

  /** The same without operations and constants that lead to no output. */
  Program live() {
    boolean[] needed = new boolean[operations.size()];
    outputs.forEach(v -> mark(v, needed));
    for (int k = operations.size() - 1; k >= 0; k--) {
      if (needed[k]) {
        operations.get(k).operands().forEach(v -> mark(v, needed));
      }
    }
    List<Tensor> tensors = new ArrayList<>();
    IdentityHashMap<Tensor, Graph.Value> known = new IdentityHashMap<>();
    int[] positions = new int[operations.size()];
    UnaryOperator<Graph.Value> renumber =
        v ->
            switch (v) {
              case Graph.Input input -> input;
              case Graph.Constant c ->
                  known.computeIfAbsent(
                      c.tensor(),
                      t -> {
                        tensors.add(t);
                        return new Graph.Constant(tensors.size() - 1, t);
                      });
              case Graph.Result r ->
                  new Graph.Result(positions[r.operation()], r.output(), r.spec());
            };
    List<Graph.Operation> kept = new ArrayList<>();
    for (Graph.Operation op : operations) {
      if (needed[op.index()]) {
        positions[op.index()] = kept.size();
        List<Graph.Value> operands = op.operands().stream().map(renumber).toList();
        kept.add(new Graph.Operation(kept.size(), op.primitive(), operands, op.results()));
      }
    }
    return new Program(inputs, tensors, kept, outputs.stream().map(renumber).toList());
  }

  private static void mark(Graph.Value value, boolean[] needed) {
    if (value instanceof Graph.Result r) {
      needed[r.operation()] = true;
    }
  }

  /** The constants that belong to derivations which are going on. */
  List<Tensor> captured() {
    return constants.stream().filter(Traced.class::isInstance).toList();
  }

  /** The same program with {@link #captured} as further inputs. */
  Program closed() {
    List<Spec> all = new ArrayList<>(inputs);
    IdentityHashMap<Tensor, Graph.Value> replaced = new IdentityHashMap<>();
    for (Tensor tensor : captured()) {
      replaced.put(tensor, new Graph.Input(all.size(), tensor.spec()));
      all.add(tensor.spec());
    }
    UnaryOperator<Graph.Value> replace =
        v -> v instanceof Graph.Constant c ? replaced.getOrDefault(c.tensor(), v) : v;
    List<Graph.Operation> rewritten =
        operations.stream()
            .map(op ->
                new Graph.Operation(
                    op.index(),
                    op.primitive(),
                    op.operands().stream().map(replace).toList(),
                    op.results()))
            .toList();
    return new Program(all, constants, rewritten, outputs.stream().map(replace).toList());
  }

  /** Applies the operations to other values of the same types and shapes. */
  Tensor[] evaluate(Tensor[] x) {
    return push(x);
  }

  /**
   * The same of a program that is linear in its inputs, where null is an exact zero: it stays one
   * whatever it is multiplied with.
   */
  @Nullable Tensor[] push(@Nullable Tensor[] x) {
    int[] lastUse = lastUses();
    @Nullable Tensor[][] results = new Tensor[operations.size()][];
    for (Graph.Operation operation : operations) {
      results[operation.index()] = apply(operation, x, results);
      for (Graph.Value operand : operation.operands()) {
        if (operand instanceof Graph.Result r && lastUse[r.operation()] == operation.index()) {
          results[r.operation()] = null;
        }
      }
    }
    return outputs.stream().map(v -> find(v, x, results)).toArray(Tensor[]::new);
  }

  private static @Nullable Tensor[] apply(
      Graph.Operation operation, @Nullable Tensor[] x, @Nullable Tensor[][] results) {
    Tensor[] operands = new Tensor[operation.operands().size()];
    boolean zero = false;
    boolean moves = false;
    for (int i = 0; i < operands.length; i++) {
      Graph.Value value = operation.operands().get(i);
      Tensor known = find(value, x, results);
      zero |= known == null;
      moves |= known != null && !(value instanceof Graph.Constant);
      operands[i] = known == null ? Tensor.zeros(value.spec()) : known;
    }
    return zero && !moves
        ? new @Nullable Tensor[operation.results().size()]
        : Level.bind(operation.primitive(), operands);
  }

  private static @Nullable Tensor find(
      Graph.Value value, @Nullable Tensor[] x, @Nullable Tensor[][] results) {
    return switch (value) {
      case Graph.Input input -> x[input.index()];
      case Graph.Constant constant -> constant.tensor();
      case Graph.Result result -> results[result.operation()][result.output()];
    };
  }

  /** After which operation the results of each are no longer read. */
  private int[] lastUses() {
    int[] last = new int[operations.size()];
    for (Graph.Operation operation : operations) {
      for (Graph.Value operand : operation.operands()) {
        if (operand instanceof Graph.Result r) {
          last[r.operation()] = operation.index();
        }
      }
    }
    for (Graph.Value output : outputs) {
      if (output instanceof Graph.Result r) {
        last[r.operation()] = Integer.MAX_VALUE;
      }
    }
    return last;
  }

  /** Numbers the values that outputs depend on. */
  private static final class Linker {
    private record Visit(Application application, int next) {}

    private final SymbolicLevel level;
    private final List<Spec> inputs = new ArrayList<>();
    private final List<Tensor> constants = new ArrayList<>();
    private final List<Graph.Operation> operations = new ArrayList<>();
    private final IdentityHashMap<Application, Integer> positions = new IdentityHashMap<>();
    private final IdentityHashMap<Tensor, Graph.Value> known = new IdentityHashMap<>();

    Linker(SymbolicLevel level, List<Symbolic> symbols) {
      this.level = level;
      for (Symbolic symbol : symbols) {
        known.put(symbol, new Graph.Input(inputs.size(), symbol.spec()));
        inputs.add(symbol.spec());
      }
    }

    Program link(List<Tensor> outputs) {
      for (Tensor output : outputs) {
        Application origin = origin(output);
        if (origin != null) {
          visit(origin);
        }
      }
      return new Program(inputs, constants, operations, outputs.stream().map(this::value).toList());
    }

    private @Nullable Application origin(Tensor tensor) {
      return tensor instanceof Symbolic s && s.level() == level ? s.origin() : null;
    }

    /** Depth-first post-order without recursion. */
    private void visit(Application root) {
      ArrayDeque<Visit> stack = new ArrayDeque<>();
      push(stack, root);
      while (!stack.isEmpty()) {
        Visit top = stack.pop();
        List<Tensor> operands = top.application().operands();
        if (top.next() < operands.size()) {
          stack.push(new Visit(top.application(), top.next() + 1));
          Application origin = origin(operands.get(top.next()));
          if (origin != null) {
            push(stack, origin);
          }
        } else {
          add(top.application());
        }
      }
    }

    private void push(ArrayDeque<Visit> stack, Application application) {
      if (positions.putIfAbsent(application, -1) == null) {
        stack.push(new Visit(application, 0));
      }
    }

    private void add(Application application) {
      positions.put(application, operations.size());
      List<Graph.Value> operands = application.operands().stream().map(this::value).toList();
      operations.add(
          new Graph.Operation(
              operations.size(), application.primitive(), operands, application.results()));
    }

    private Graph.Value value(Tensor tensor) {
      Application origin = origin(tensor);
      return origin == null
          ? known.computeIfAbsent(tensor, this::constant)
          : new Graph.Result(positions.get(origin), ((Symbolic) tensor).output(), tensor.spec());
    }

    private Graph.Value constant(Tensor tensor) {
      constants.add(tensor);
      return new Graph.Constant(constants.size() - 1, tensor);
    }
  }
}
