package org.kotangent.ad;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What a function computes, as a value: operations on typed tensors, each after its operands, in an
 * order fixed by their structure alone. Operations that lead to no result are left out, so the
 * graph shows at a glance what a function or a derivative costs.
 *
 * {@snippet :
 * Graph<Tensor, Tensor> backward = Graph.capture(Ad.grad(loss), weights);
 * System.out.println(backward); // a line for each operation
 * backward.render(Path.of("backward.svg"));
 * Tensor gradient = backward.apply(weights); // the same bits as Ad.grad(loss)
 * }
 *
 * <p>A function inside of an operation, such as that of a checkpoint, is shown with it.
 *
 * <p>The function is run once, on values that have a type and a shape but no numbers; asking one
 * for its number throws {@link UnknownNumberException}. Tensors that the function closes over are
 * constants of the graph.
 *
 * @param <T> the type of the argument, a tree whose tensors of every type are inputs
 * @param <R> the type of the result, a tree
 */
public final class Graph<T, R> {
  /** A tensor in a graph. */
  public sealed interface Value {
    /** Its type and shape. */
    Spec spec();
  }

  /** A tensor of the argument, by position. */
  public record Input(int index, Spec spec) implements Value {}

  /** A tensor the function closes over. */
  public record Constant(int index, Tensor tensor) implements Value {
    @Override
    public Spec spec() {
      return tensor.spec();
    }
  }

  /** A result of an operation. */
  public record Result(int operation, int output, Spec spec) implements Value {}

  /** A primitive applied to values. */
  public record Operation(
      int index, Primitive primitive, List<Value> operands, List<Spec> results) {
    /** Copies the lists. */
    public Operation {
      operands = List.copyOf(operands);
      results = List.copyOf(results);
    }

    /** Floating-point operations that it takes; see {@link Primitive#flops}. */
    public long flops() {
      Spec[] in = operands.stream().map(Value::spec).toArray(Spec[]::new);
      return primitive.flops(in, results.toArray(Spec[]::new));
    }

    /** The results as values. */
    public List<Result> values() {
      List<Result> values = new ArrayList<>();
      for (Spec spec : results) {
        values.add(new Result(index, values.size(), spec));
      }
      return List.copyOf(values);
    }
  }

  private final Tree<T> argument;
  private final Tree<R> result;
  private final Program program;

  private Graph(Tree<T> argument, Tree<R> result, Program program) {
    this.argument = argument;
    this.result = result;
    this.program = program;
  }

  /**
   * The graph of a function of arguments like the example, of which only structure, types and
   * shapes matter.
   *
   * @throws UnknownNumberException when the function asks for the number of a tensor
   */
  public static <T, R> Graph<T, R> capture(Function<? super T, ? extends R> f, T example) {
    Flat<T, R> flat = new Flat<>(f, Tree.ofTensors(example));
    List<Spec> specs = flat.argument().leaves().stream().map(Tensor::spec).toList();
    Program program = Program.trace(flat, specs);
    return new Graph<>(flat.argument(), flat.result(), program);
  }

  /**
   * The results for another argument of the same structure, types and shapes. It is itself a
   * function that can be differentiated, batched and captured.
   *
   * @throws TreeException when the argument has another structure
   * @throws ShapeException when a tensor of it has another type or shape
   */
  public R apply(T x) {
    List<Tensor> given = argument.matching("graph", Tree.ofTensors(x));
    return result.rebuild(List.of(program.evaluate(given.toArray(Tensor[]::new))));
  }

  /** The tensors of the argument, in the order of their paths. */
  public List<Input> inputs() {
    List<Input> inputs = new ArrayList<>();
    for (Spec spec : program.inputs()) {
      inputs.add(new Input(inputs.size(), spec));
    }
    return List.copyOf(inputs);
  }

  /** Where in the argument each input is; empty for a lone tensor. */
  public List<String> inputPaths() {
    return argument.paths();
  }

  /** The tensors the function closes over. */
  public List<Tensor> constants() {
    return program.constants();
  }

  /** The operations, each after those it depends on. */
  public List<Operation> operations() {
    return program.operations();
  }

  /** The tensors of the result, in the order of their paths. */
  public List<Value> outputs() {
    return program.outputs();
  }

  /** Where in the result each output is; empty for a lone tensor. */
  public List<String> outputPaths() {
    return result.paths();
  }

  Program program() {
    return program;
  }

  /** The graph in the language of Graphviz. */
  public String dot() {
    return GraphDrawing.of(this);
  }

  /**
   * Draws the graph into a file, in the format that the extension names: {@code svg}, {@code png},
   * {@code pdf}, or {@code dot} for the text of {@link #dot()}, which needs no Graphviz. The file
   * is written as a whole or not at all.
   *
   * @throws DomainException when the extension is unknown, Graphviz is missing or the file cannot
   *     be written
   */
  public void render(Path file) {
    GraphFile.write(dot(), file);
  }

  /** A line for each operation: its results with their types and shapes, its name, its operands. */
  @Override
  public String toString() {
    return GraphText.of(this);
  }
}
