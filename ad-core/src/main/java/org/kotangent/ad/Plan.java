package org.kotangent.ad;

import java.util.Collections;
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

  /** The time each operation took in one run, in nanoseconds. */
  long[] profile(List<Tensor> inputs) {
    Workspace workspace = new Workspace(program, memory);
    workspace.run(inputs, new Spare());
    return workspace.times(inputs);
  }
}
