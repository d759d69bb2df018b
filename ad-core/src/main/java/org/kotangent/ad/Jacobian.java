package org.kotangent.ad;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All first derivatives of a function at a point: a block ∂y/∂x of shape [*y, *x] for every tensor
 * y of the result and every tensor x of the argument.
 *
 * @param <T> the type of the argument, a tree
 * @param <R> the type of the result, a tree
 */
public final class Jacobian<T, R> {
  /** How the blocks are computed; the numbers are the same up to rounding. */
  public enum Mode {
    /** One sweep for every element of the argument. */
    FORWARD,
    /** One sweep for every element of the result. */
    REVERSE,
    /** Whichever takes fewer sweeps; reverse where an operation has a reverse rule only. */
    CHEAPER
  }

  private final Tree<T> argument;
  private final Tree<R> result;
  private final List<List<Tensor>> blocks;

  private Jacobian(Tree<T> argument, Tree<R> result, List<List<Tensor>> blocks) {
    this.argument = argument;
    this.result = result;
    this.blocks = blocks;
  }

  /** The Jacobian for the transformation that is called so. */
  static <T, R> Jacobian<T, R> of(
      String transformation, Function<? super T, ? extends R> f, T at, Mode mode) {
    Tree<T> argument = Tree.differentiable(transformation, at);
    Flat<T, R> flat = new Flat<>(f, argument);
    if (mode == Mode.REVERSE) {
      return reverse(transformation, flat);
    }
    Tensor[] x = argument.leaves().toArray(Tensor[]::new);
    Linearised linear;
    try {
      linear = Linearised.of(transformation, flat, x, Subset.present(x));
    } catch (MissingRuleException e) {
      if (mode == Mode.CHEAPER) {
        return reverse(transformation, flat); // the only way, if there is one
      }
      throw e;
    }
    Tree<R> value = Tree.of(flat.result().rebuild(linear.values()));
    Program tangents = linear.tangents().of(linear.values());
    if (mode == Mode.CHEAPER && size(argument) > size(value)) {
      Function<List<Tensor>, List<Tensor>> map =
          dx -> List.of(tangents.evaluate(dx.toArray(Tensor[]::new)));
      Reverse recorded = Reverse.of(transformation, map, zeros(argument));
      return new Jacobian<>(argument, value, rows(recorded, argument));
    }
    return new Jacobian<>(argument, value, columns(tangents, argument, value));
  }

  private static <T, R> Jacobian<T, R> reverse(String transformation, Flat<T, R> flat) {
    Tree<T> argument = flat.argument();
    Reverse recorded = Reverse.of(transformation, flat, argument.leaves().toArray(Tensor[]::new));
    Tree<R> value = Tree.of(flat.result().rebuild(List.of(recorded.values())));
    return new Jacobian<>(argument, value, rows(recorded, argument));
  }

  private static int size(Tree<?> tree) {
    return tree.leaves().stream().mapToInt(Tensor::size).sum();
  }

  private static Tensor[] zeros(Tree<?> tree) {
    return tree.leaves().stream().map(t -> Tensor.zeros(t.spec())).toArray(Tensor[]::new);
  }

  /** The blocks by forward sweeps, all those of one tensor of the argument at once. */
  private static List<List<Tensor>> columns(Program tangents, Tree<?> argument, Tree<?> result) {
    int m = result.leaves().size();
    List<List<Tensor>> rows = new ArrayList<>();
    for (int i = 0; i < m; i++) {
      rows.add(new ArrayList<>());
    }
    for (int j = 0; j < argument.leaves().size(); j++) {
      Tensor x = argument.leaves().get(j);
      BatchLevel level = new BatchLevel(x.size());
      @Nullable Tensor[] dx = new Tensor[argument.leaves().size()];
      dx[j] = level.batched(basis(x.spec()));
      @Nullable Tensor[] dy = tangents.push(dx);
      level.close();
      for (int i = 0; i < m; i++) {
        Shape y = result.leaves().get(i).shape();
        Tensor all = level.values(Forward.direction(result.leaves().get(i), dy[i])); // [n, *y]
        Tensor columns = Batching.moved(all, 0, y.rank()); // [*y, n]
        rows.get(i).add(Core.reshape(columns, joined(y, x.shape())));
      }
    }
    return rows;
  }

  /** The blocks by reverse sweeps, all those of one tensor of the result at once. */
  private static List<List<Tensor>> rows(Reverse recorded, Tree<?> argument) {
    Tensor[] zeros = zeros(argument);
    List<List<Tensor>> rows = new ArrayList<>();
    for (int i = 0; i < recorded.values().length; i++) {
      Tensor y = recorded.values()[i];
      if (!y.dtype().isFloating()) {
        continue;
      }
      BatchLevel level = new BatchLevel(y.size());
      @Nullable Tensor[] gy = new Tensor[recorded.values().length];
      gy[i] = level.batched(basis(y.spec()));
      @Nullable Tensor[] gx = recorded.tape().pull(gy);
      level.close();
      List<Tensor> row = new ArrayList<>();
      for (int j = 0; j < gx.length; j++) {
        Tensor g = gx[j];
        Tensor all = level.values(g == null ? zeros[j] : g); // [m, *x]
        row.add(Core.reshape(all, joined(y.shape(), zeros[j].shape())));
      }
      rows.add(row);
    }
    return rows;
  }

  /** The n unit tensors of a space of n dimensions along axis 0. */
  private static Tensor basis(Spec spec) {
    int n = spec.shape().size();
    return Tensor.generate(
        spec.withShape(spec.shape().insert(0, n)),
        out -> {
          for (int k = 0; k < n; k++) {
            out.set(k * n + k, 1);
          }
        });
  }

  private static Shape joined(Shape y, Shape x) {
    Shape all = y;
    for (int d : x.toArray()) {
      all = all.insert(-1, d);
    }
    return all;
  }

  /** The value of the function. */
  public R value() {
    return result.map(t -> t);
  }

  /**
   * The block ∂y/∂x. Paths are empty for a lone tensor.
   *
   * @param y path of a tensor in the result
   * @param x path of a tensor in the argument
   * @throws TreeException when there is no floating tensor at a path
   */
  public Tensor block(String y, String x) {
    return blocks.get(position(result, y)).get(position(argument, x));
  }

  private static int position(Tree<?> tree, String path) {
    int position = tree.paths().indexOf(path);
    if (position < 0) {
      throw Checks.tree(
          "jacobian",
          "there must be a floating tensor at the path",
          '"' + path + '"',
          "use one of " + tree.paths());
    }
    return position;
  }

  /**
   * The only block, when argument and result have one floating tensor each: [*y, *x].
   *
   * @throws TreeException when there are more
   */
  public Tensor tensor() {
    if (argument.leaves().size() != 1 || result.leaves().size() != 1) {
      throw Checks.tree(
          "jacobian",
          "only a function of one tensor to one tensor has a single block",
          argument.paths() + " to " + result.paths(),
          "ask for one by block(y, x), or for all by matrix()");
    }
    return blocks.getFirst().getFirst();
  }

  /**
   * All blocks as one matrix [m, n]: a row for each element of the result and a column for each
   * element of the argument, in the order of the paths.
   *
   * @throws ShapeException when the tensors differ in type
   * @throws TreeException when there is no floating tensor in the result
   */
  public Tensor matrix() {
    if (blocks.isEmpty()) {
      throw Checks.tree(
          "jacobian",
          "the result must have a floating tensor for a matrix",
          argument.paths() + " to " + result.paths(),
          "let the function return one, such as by to(DType.F64)");
    }
    int height = elements(result);
    int width = elements(argument);
    if (height == 0 || width == 0) {
      return Tensor.zeros(blocks.getFirst().getFirst().dtype(), height, width);
    }
    List<Tensor> rows = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      List<Tensor> columns = new ArrayList<>();
      int m = result.leaves().get(i).size();
      for (int j = 0; j < blocks.get(i).size(); j++) {
        int n = argument.leaves().get(j).size();
        Tensor block = Core.reshape(blocks.get(i).get(j), Shape.of(m, n));
        if (blocks.size() == 1 && blocks.get(i).size() == 1) {
          return block;
        }
        columns.addAll(Core.unstack(Core.transpose(block, 1, 0)));
      }
      rows.addAll(Core.unstack(Core.transpose(Core.stack(columns), 1, 0)));
    }
    return Core.stack(rows);
  }

  private static int elements(Tree<?> tree) {
    return tree.leaves().stream().mapToInt(Tensor::size).sum();
  }
}
