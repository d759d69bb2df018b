package org.kotangent.ad;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A program made ready to run many times: simplified, its elementwise operations fused, its
 * intermediate values in buffers that are used over and over. May run on many threads at once; each
 * run has buffers of its own. What it returns it never touches again.
 */
final class Plan {
  /** For how long runs are timed, in nanoseconds. */
  private static final long PROFILED = 300_000_000;

  private static final int FEWEST_RUNS = 3;
  private static final int MOST_RUNS = 1_000;

  private final Program program;
  private final MemoryPlan memory;
  private final Queue<Workspace> idle = new ConcurrentLinkedQueue<>();

  private Plan(Program program) {
    this.program = program;
    this.memory = new MemoryPlan(program);
  }

  /** The plan of a program. */
  static Plan of(Program program) {
    return new Plan(Epilogues.attach(Fusion.fuse(Simplifier.simplify(program))));
  }

  /** The program as it is carried out. */
  Program program() {
    return program;
  }

  /** Where its values are kept. */
  MemoryPlan memory() {
    return memory;
  }

  /** The outputs for the given inputs. */
  List<Tensor> run(List<Tensor> inputs) {
    return run(inputs, new Spare());
  }

  /** The outputs for inputs that contain those of the run before, which nobody else reads. */
  List<Tensor> iterate(List<Tensor> inputs, Spare spare) {
    spare.before(inputs);
    List<Tensor> outputs = run(inputs, spare);
    spare.after(inputs, outputs, made(outputs));
    return outputs;
  }

  private List<Tensor> run(List<Tensor> inputs, Spare spare) {
    Workspace workspace = idle.poll();
    if (workspace == null) {
      workspace = new Workspace(program, memory);
    }
    List<Tensor> outputs = workspace.run(inputs, spare);
    idle.add(workspace);
    return outputs;
  }

  /** The arrays among those of the outputs that a run has made, by identity. */
  private Set<Object> made(List<Tensor> outputs) {
    Set<Object> made = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int j = 0; j < outputs.size(); j++) {
      if (memory.place(program.outputs().get(j)) instanceof MemoryPlan.Fresh) {
        made.add(outputs.get(j).array().data());
      }
    }
    return made;
  }

  /**
   * The time of each operation in nanoseconds, the median of several runs after as many that warm
   * up code and caches.
   */
  long[] profile(List<Tensor> inputs) {
    Workspace workspace = new Workspace(program, memory);
    times(workspace, inputs);
    List<long[]> times = times(workspace, inputs);
    long[] medians = new long[times.getFirst().length];
    Arrays.setAll(
        medians, k -> times.stream().mapToLong(t -> t[k]).sorted().toArray()[times.size() / 2]);
    return medians;
  }

  /** The times of the latest among the runs that fit into a while, or of a few that do not. */
  private static List<long[]> times(Workspace workspace, List<Tensor> inputs) {
    Deque<long[]> times = new ArrayDeque<>();
    long start = System.nanoTime();
    for (int runs = 0; runs < FEWEST_RUNS || System.nanoTime() - start < PROFILED; runs++) {
      times.add(workspace.times(inputs));
      if (times.size() > MOST_RUNS) {
        times.remove();
      }
    }
    return List.copyOf(times);
  }
}
