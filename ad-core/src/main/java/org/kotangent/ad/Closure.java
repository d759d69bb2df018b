package org.kotangent.ad;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A function of tensors that closes over nothing of a derivation: what it closed over are further
 * operands. A function that asks for numbers of its operands cannot be converted and stays as it
 * is; the error of the derivation it closes over, if any, says what to do.
 */
final class Closure {
  private static final Tensor UNREAD = Tensor.scalar(Double.NaN);

  private final Function<List<Tensor>, List<Tensor>> function;
  private final @Nullable Program program;

  private Closure(Function<List<Tensor>, List<Tensor>> function, @Nullable Program program) {
    this.function = function;
    this.program = program;
  }

  /** The function as it is. */
  static Closure open(Function<List<Tensor>, List<Tensor>> f) {
    return new Closure(f, null);
  }

  /** The function of tensors like the given ones. */
  static Closure of(Function<List<Tensor>, List<Tensor>> f, List<Tensor> like) {
    try {
      Program program = Program.trace(f, like.stream().map(Tensor::spec).toList());
      Program closed = program.closed();
      return new Closure(in -> List.of(closed.evaluate(in.toArray(Tensor[]::new))), program);
    } catch (UnknownNumberException e) {
      return open(f);
    }
  }

  /** The function of its operands and of what it closed over. */
  Function<List<Tensor>, List<Tensor>> function() {
    return function;
  }

  /** What it closed over. */
  List<Tensor> captured() {
    return program == null ? List.of() : program.captured();
  }

  /** A checkpoint of the function, which keeps only what is used. */
  List<Tensor> checkpointed(List<Tensor> operands) {
    boolean[] used = used(operands.size());
    List<Tensor> kept = new ArrayList<>();
    for (int i = 0; i < used.length; i++) {
      if (used[i]) {
        kept.add(operands.get(i));
      }
    }
    kept.addAll(captured());
    Checkpoint checkpoint = new Checkpoint(in -> function.apply(spread(in, used)));
    return checkpoint.applyAll(kept.toArray(Tensor[]::new));
  }

  private boolean[] used(int operands) {
    if (program != null) {
      return program.used();
    }
    boolean[] all = new boolean[operands];
    Arrays.fill(all, true);
    return all;
  }

  /** The operands in their places; at the others nothing looks. */
  private static List<Tensor> spread(List<Tensor> kept, boolean[] used) {
    List<Tensor> all = new ArrayList<>();
    int next = 0;
    for (boolean u : used) {
      all.add(u ? kept.get(next++) : UNREAD);
    }
    all.addAll(kept.subList(next, kept.size()));
    return all;
  }
}
