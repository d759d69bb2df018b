package org.kotangent.ad;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.TreeMap;

/**
 * Where each value of a program is kept. A value that is only read inside the program lives in a
 * buffer of the arena from the operation that computes it to the last one that reads it; then the
 * buffer serves another value. Values that are handed out are never put there.
 */
final class MemoryPlan {
  /** Where a value is. */
  sealed interface Place {}

  /** With the caller. */
  record Given(int input) implements Place {}

  /** In a tensor of the program. */
  record Known(Tensor tensor) implements Place {}

  /** In a buffer of the arena. */
  record Reused(int buffer) implements Place {}

  /**
   * In an array that is handed out: one made for this call or, where the caller gives it up, the
   * array of an input that nothing reads any more.
   */
  record Fresh(OptionalInt donor) implements Place {}

  /** In the same elements as another value, read with another shape. */
  record Alias(int slot) implements Place {}

  /** A value and its place. */
  record Slot(Spec spec, Place place) {}

  /** A buffer of the arena. */
  record Buffer(DType dtype, int size) {
    long bytes() {
      return (long) size * dtype.bytes();
    }
  }

  private final Program program;
  private final Lifetimes lifetimes;
  private final List<Slot> slots = new ArrayList<>();
  private final List<Buffer> buffers = new ArrayList<>();

  /** Free buffers by size, each type for itself; of one size, the first to be free comes first. */
  private final Map<DType, NavigableMap<Integer, Queue<Integer>>> free = new EnumMap<>(DType.class);

  /** Inputs that nothing reads any more, the first to be given up first. */
  private final Map<Spec, Queue<Graph.Input>> donors = new HashMap<>();

  private final int[][] results;
  private final int[] constants;

  MemoryPlan(Program program) {
    this.program = program;
    this.lifetimes = new Lifetimes(program);
    this.results = new int[program.operations().size()][];
    this.constants = new int[program.constants().size()];
    for (Spec spec : program.inputs()) {
      add(spec, new Given(slots.size()));
    }
    for (int i = 0; i < constants.length; i++) {
      Tensor tensor = program.constants().get(i);
      constants[i] = add(tensor.spec(), new Known(tensor));
    }
    assign();
  }

  private int add(Spec spec, Place place) {
    slots.add(new Slot(spec, place));
    return slots.size() - 1;
  }

  private void assign() {
    lifetimes.unreadInputs().forEach(this::release);
    for (Graph.Operation op : program.operations()) {
      results[op.index()] = new int[op.results().size()];
      if (op.primitive() instanceof Reshape) {
        int same = slot(op.operands().getFirst());
        results[op.index()][0] = add(op.results().getFirst(), new Alias(same));
        continue;
      }
      List<Graph.Value> dying =
          lifetimes.endingAt(op.index()).stream().filter(v -> !lifetimes.escapes(v)).toList();
      List<Graph.Value> overwritten = dying.stream().filter(v -> mayOverwrite(op, v)).toList();
      place(op, false);
      overwritten.forEach(this::release);
      place(op, true);
      dying.stream().filter(v -> !overwritten.contains(v)).forEach(this::release);
      lifetimes.unread(op).forEach(this::release);
    }
  }

  /** Finds places for the results that are written in step with operands, or for the others. */
  private void place(Graph.Operation op, boolean inStep) {
    for (Graph.Result result : op.values()) {
      if (op.primitive().inStep(result.output()) == inStep) {
        Spec spec = result.spec();
        Place place = lifetimes.escapes(result) ? fresh(spec) : new Reused(take(spec));
        results[op.index()][result.output()] = add(spec, place);
      }
    }
  }

  /**
   * Whether an operation may write its results over an operand: it reads and writes the elements in
   * step.
   */
  private static boolean mayOverwrite(Graph.Operation op, Graph.Value operand) {
    return op.primitive().inStep(0)
        && operand.spec().shape().size() == op.results().getFirst().shape().size();
  }

  /** Gives back the buffer of a value that is not read any more, or the caller's array. */
  private void release(Graph.Value value) {
    if (value instanceof Graph.Input input) {
      donors.computeIfAbsent(input.spec(), spec -> new ArrayDeque<>()).add(input);
    } else if (place(value) instanceof Reused reused) {
      Buffer buffer = buffers.get(reused.buffer());
      free.computeIfAbsent(buffer.dtype(), type -> new TreeMap<>())
          .computeIfAbsent(buffer.size(), size -> new ArrayDeque<>())
          .add(reused.buffer());
    }
  }

  private Fresh fresh(Spec spec) {
    Graph.Input donor = donors.getOrDefault(spec, new ArrayDeque<>()).poll();
    return new Fresh(donor == null ? OptionalInt.empty() : OptionalInt.of(donor.index()));
  }

  /** The smallest free buffer that holds the spec, or a new one. */
  private int take(Spec spec) {
    int size = spec.shape().size();
    NavigableMap<Integer, Queue<Integer>> sizes =
        free.getOrDefault(spec.dtype(), Collections.emptyNavigableMap());
    Map.Entry<Integer, Queue<Integer>> best = sizes.ceilingEntry(size);
    if (best == null) {
      buffers.add(new Buffer(spec.dtype(), size));
      return buffers.size() - 1;
    }
    int buffer = best.getValue().remove();
    if (best.getValue().isEmpty()) {
      sizes.remove(best.getKey());
    }
    return buffer;
  }

  /** The number of the slot of a value. */
  int slot(Graph.Value value) {
    return switch (value) {
      case Graph.Input input -> input.index();
      case Graph.Constant constant -> constants[constant.index()];
      case Graph.Result result -> results[result.operation()][result.output()];
    };
  }

  /** Where a value is kept. */
  Place place(Graph.Value value) {
    return slots.get(slot(value)).place();
  }

  List<Slot> slots() {
    return slots;
  }

  List<Buffer> buffers() {
    return buffers;
  }

  /** Bytes of all buffers. */
  long bytes() {
    return buffers.stream().mapToLong(Buffer::bytes).sum();
  }
}
