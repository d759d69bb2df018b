package org.kotangent.ad;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The buffers of a plan for one run at a time, and its operations bound to them. */
final class Workspace {
  private static final class Call {
    final Primitive primitive;
    final int[] from;
    final int[] to;
    final Arr[] in;
    final Arr[] out;

    Call(Primitive primitive, int[] from, int[] to) {
      this.primitive = primitive;
      this.from = from;
      this.to = to;
      this.in = new Arr[from.length];
      this.out = new Arr[to.length];
    }
  }

  private final Program program;
  private final MemoryPlan memory;
  private final Arr[] arrays;
  private final boolean[] changing;
  private final List<Call> calls = new ArrayList<>();

  Workspace(Program program, MemoryPlan memory) {
    this.program = program;
    this.memory = memory;
    this.arrays = new Arr[memory.slots().size()];
    this.changing = new boolean[arrays.length];
    Object[] buffers =
        memory.buffers().stream()
            .map(b -> Arr.allocate(Spec.of(b.dtype(), b.size())).data())
            .toArray();
    for (int s = 0; s < arrays.length; s++) {
      Spec spec = memory.slots().get(s).spec();
      switch (memory.slots().get(s).place()) {
        case MemoryPlan.Given given -> changing[s] = true;
        case MemoryPlan.Fresh fresh -> changing[s] = true;
        case MemoryPlan.Known known -> arrays[s] = known.tensor().array();
        case MemoryPlan.Reused reused -> arrays[s] = Arr.over(spec, buffers[reused.buffer()]);
        case MemoryPlan.Alias alias -> {
          changing[s] = changing[alias.slot()];
          arrays[s] = changing[s] ? null : arrays[alias.slot()].as(spec.shape());
        }
      }
    }
    for (Graph.Operation op : program.operations()) {
      if (!(op.primitive() instanceof Reshape)) {
        calls.add(new Call(op.primitive(), slots(op.operands()), slots(op.values())));
      }
    }
  }

  private int[] slots(List<? extends Graph.Value> values) {
    return values.stream().mapToInt(memory::slot).toArray();
  }

  /** The outputs, in spare memory if there is some. */
  List<Tensor> run(List<Tensor> inputs, Spare spare) {
    for (Call call : calls) {
      run(call, inputs, spare);
    }
    return unbind(inputs, spare);
  }

  /** The time of each call, in nanoseconds. */
  long[] times(List<Tensor> inputs) {
    long[] times = new long[calls.size()];
    Spare spare = new Spare();
    for (int k = 0; k < times.length; k++) {
      long start = System.nanoTime();
      run(calls.get(k), inputs, spare);
      times[k] = System.nanoTime() - start;
    }
    unbind(inputs, spare);
    return times;
  }

  private void run(Call call, List<Tensor> inputs, Spare spare) {
    for (int i = 0; i < call.in.length; i++) {
      call.in[i] = array(call.from[i], inputs, spare);
    }
    for (int j = 0; j < call.out.length; j++) {
      call.out[j] = array(call.to[j], inputs, spare);
    }
    call.primitive.kernel(call.in, call.out);
  }

  /**
   * The array of a slot. Those of the caller and those that will be handed out are found when they
   * are needed: an array that was just made is still in the cache.
   */
  private Arr array(int slot, List<Tensor> inputs, Spare spare) {
    if (arrays[slot] == null) {
      Spec spec = memory.slots().get(slot).spec();
      arrays[slot] =
          switch (memory.slots().get(slot).place()) {
            case MemoryPlan.Given given -> inputs.get(given.input()).array();
            case MemoryPlan.Alias alias -> array(alias.slot(), inputs, spare).as(spec.shape());
            case MemoryPlan.Fresh fresh -> fresh(fresh, spec, inputs, spare);
            default -> throw new AssertionError("does not change");
          };
    }
    return arrays[slot];
  }

  /** The array of the input that may be overwritten, or another one. */
  private Arr fresh(MemoryPlan.Fresh place, Spec spec, List<Tensor> inputs, Spare spare) {
    if (place.donor().isPresent()) {
      Arr donor = array(place.donor().getAsInt(), inputs, spare);
      if (spare.isGivenUp(donor)) {
        return donor;
      }
    }
    return spare.take(spec);
  }

  /** The outputs; nothing of this run is kept. */
  private List<Tensor> unbind(List<Tensor> inputs, Spare spare) {
    List<Tensor> outputs = new ArrayList<>();
    for (Graph.Value value : program.outputs()) {
      outputs.add(
          switch (value) {
            case Graph.Input input -> inputs.get(input.index());
            case Graph.Constant constant -> constant.tensor();
            case Graph.Result result -> new ArrayTensor(array(memory.slot(result), inputs, spare));
          });
    }
    for (int s = 0; s < arrays.length; s++) {
      if (changing[s]) {
        arrays[s] = null;
      }
    }
    for (Call call : calls) {
      Arrays.fill(call.in, null);
      Arrays.fill(call.out, null);
    }
    return outputs;
  }
}
