package org.kotangent.ad;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Brings elementwise operations of one shape that feed each other together into one loop each, so
 * that intermediate values stay in registers; and brings sums together with what computes their
 * terms.
 */
final class Fusion {
  /**
   * Scalar operations in one loop: its bytecode stays well below the 8,000 bytes that C2 compiles,
   * and below what a loop over vectors may have.
   */
  private static final int MOST = 96;

  private static final int MOST_OPERANDS = 24;

  private static final int MOST_SUMS = 8;

  private final Program program;
  private final List<Graph.Operation> operations;
  private final Groups groups;
  private final DType[] number;
  private final int[] work;
  private final Repeats repeats;

  private Fusion(Program program) {
    this.program = program;
    this.operations = program.operations();
    this.groups = new Groups(Links.of(program));
    this.number = operations.stream().map(Scalars::number).toArray(DType[]::new);
    this.work = operations.stream().mapToInt(Scalars::work).toArray();
    this.repeats = new Repeats(program);
  }

  /** The same program with fused operations, each after its operands. */
  static Program fuse(Program program) {
    Fusion fusion = new Fusion(program);
    for (Graph.Operation op : program.operations()) {
      fusion.join(op, false);
    }
    for (Graph.Operation op : program.operations()) {
      fusion.join(op, true);
    }
    for (Graph.Operation op : program.operations()) {
      Scalars.sums(op).ifPresent(sums -> fusion.join(op, sums));
    }
    for (int k = program.operations().size() - 1; k >= 0; k--) {
      fusion.repeat(program.operations().get(k));
    }
    return fusion.rebuilt();
  }

  /**
   * Puts sums together with the operations that compute their operand. Nothing leads from these to
   * the sums by another way.
   */
  private void join(Graph.Operation op, Sums sums) {
    Graph.Value terms = op.operands().getFirst();
    if (terms instanceof Graph.Result r
        && Scalars.isElementwise(operations.get(r.operation()))
        && Summation.suitsBlocks(sums.walk(terms.spec().shape()))) {
      int g = groups.of(r.operation());
      List<Sums> others =
          groups.members(g).stream()
              .flatMap(k -> Scalars.sums(operations.get(k)).stream())
              .toList();
      if (others.size() < MOST_SUMS
          && others.stream().allMatch(s -> s.axes().equals(sums.axes()))) {
        join(g, groups.of(op.index()));
      }
    }
  }

  /**
   * Puts an operation together with the operations that compute its operands, where it may. What is
   * repeatable goes with what reads it first, and with what it is made of later.
   */
  private void join(Graph.Operation op, boolean later) {
    if (!Scalars.isElementwise(op)) {
      return;
    }
    for (Graph.Value operand : op.operands()) {
      if (operand instanceof Graph.Result r) {
        Graph.Operation producer = operations.get(r.operation());
        int a = groups.of(producer.index());
        int b = groups.of(op.index());
        boolean waits = repeats.may(op) && !repeats.may(producer);
        if (a != b && waits == later && isAlike(producer, op) && isSmall(a, b)) {
          join(a, b);
        }
      }
    }
  }

  /** Makes two groups one, the second of which reads the first, unless a third lies between. */
  private void join(int a, int b) {
    if (groups.join(a, b)) {
      number[a] = number[a] == DType.BOOL ? number[b] : number[a];
      work[a] += work[b];
    }
  }

  /** Has an operation repeated by every group that reads its result, so that nobody stores it. */
  private void repeat(Graph.Operation op) {
    if (!repeats.isWorth(op)) {
      return;
    }
    Set<Integer> readers = groups.readers(op.index());
    if (readers.stream().allMatch(g -> mayRepeat(op, g))) {
      groups.repeat(op.index(), readers);
      readers.forEach(g -> work[g] += Scalars.work(op));
    }
  }

  /** Whether a group that reads the result of an operation may compute it itself. */
  private boolean mayRepeat(Graph.Operation op, int g) {
    Graph.Operation reader = operations.get(groups.members(g).getFirst());
    DType type = Scalars.number(op);
    Set<Graph.Value> operands = new LinkedHashSet<>(operands(g));
    operands.addAll(op.operands());
    return Scalars.isElementwise(reader)
        && reader.results().getFirst().shape().equals(op.results().getFirst().shape())
        && (type == DType.BOOL || type == number[g])
        && work[g] + Scalars.work(op) <= MOST
        && operands.size() <= MOST_OPERANDS;
  }

  /** Whether two operations act on as many elements, in groups that compute in one type. */
  private boolean isAlike(Graph.Operation producer, Graph.Operation op) {
    DType a = number[groups.of(producer.index())];
    DType b = number[groups.of(op.index())];
    return Scalars.isElementwise(producer)
        && producer.results().getFirst().shape().equals(op.results().getFirst().shape())
        && (a == b || a == DType.BOOL || b == DType.BOOL);
  }

  private boolean isSmall(int a, int b) {
    Set<Graph.Value> operands = new LinkedHashSet<>(operands(a));
    operands.addAll(operands(b));
    return work[a] + work[b] <= MOST && operands.size() <= MOST_OPERANDS;
  }

  /** What a group reads that it does not compute. */
  private List<Graph.Value> operands(int g) {
    return groups.members(g).stream()
        .flatMap(k -> operations.get(k).operands().stream())
        .filter(v -> !(v instanceof Graph.Result r && groups.computes(g, r.operation())))
        .filter(v -> !Scalars.isNumber(v))
        .distinct()
        .toList();
  }

  private Program rebuilt() {
    Set<Graph.Value> read = readFromOutside();
    List<Graph.Operation> out = new ArrayList<>();
    Map<Graph.Value, Graph.Value> moved = new HashMap<>();
    for (int g : groups.inOrder()) {
      List<Graph.Operation> parts = groups.members(g).stream().map(operations::get).toList();
      Graph.Operation only = parts.getFirst();
      List<Graph.Value> operands = parts.size() == 1 ? only.operands() : operands(g);
      List<Graph.Result> results =
          parts.stream()
              .flatMap(op -> op.values().stream())
              .filter(v -> parts.size() == 1 || read.contains(v))
              .sorted(
                  Comparator.comparing(
                      v -> Scalars.sums(operations.get(v.operation())).isPresent()))
              .toList();
      Primitive primitive =
          parts.size() == 1 ? PlannedSum.of(only) : Scalars.fused(parts, operands, results);
      Graph.Operation placed =
          new Graph.Operation(
              out.size(),
              primitive,
              operands.stream().map(v -> moved.getOrDefault(v, v)).toList(),
              results.stream().map(Graph.Result::spec).toList());
      out.add(placed);
      List<Graph.Result> after = placed.values();
      for (int j = 0; j < results.size(); j++) {
        moved.put(results.get(j), after.get(j));
      }
    }
    List<Graph.Value> outputs =
        program.outputs().stream().map(v -> moved.getOrDefault(v, v)).toList();
    return new Program(program.inputs(), program.constants(), out, outputs).live();
  }

  /** The results that are read outside of the groups that compute them. */
  private Set<Graph.Value> readFromOutside() {
    Set<Graph.Value> read = new HashSet<>(program.outputs());
    for (int g = 0; g < operations.size(); g++) {
      for (int k : groups.members(g)) {
        for (Graph.Value operand : operations.get(k).operands()) {
          if (operand instanceof Graph.Result r && !groups.computes(g, r.operation())) {
            read.add(operand);
          }
        }
      }
    }
    return read;
  }
}
