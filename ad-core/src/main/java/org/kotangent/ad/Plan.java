package org.kotangent.ad;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A program made ready to run many times: simplified, its elementwise operations fused, its
 * intermediate values in buffers that are used over and over. May run on many threads at once; each
 * run has buffers of its own. What it returns it never touches again.
 */
final class Plan {
  private final Program program;
  private final MemoryPlan memory;
  private final Queue<Workspace> idle = new ConcurrentLinkedQueue<>();

  private Plan(Program program) {
    this.program = program;
    this.memory = new MemoryPlan(program);
  }

  /** The plan of a program. */
  static Plan of(Program program) {
    return new Plan(Fusion.fuse(Simplifier.simplify(program)));
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
    Workspace workspace = idle.poll();
    if (workspace == null) {
      workspace = new Workspace(program, memory);
    }
    List<Tensor> outputs = workspace.run(inputs);
    idle.add(workspace);
    return outputs;
  }

  /** The time each operation took in one run, in nanoseconds. */
  long[] profile(List<Tensor> inputs) {
    Workspace workspace = new Workspace(program, memory);
    workspace.run(inputs);
    return workspace.times(inputs);
  }
}
