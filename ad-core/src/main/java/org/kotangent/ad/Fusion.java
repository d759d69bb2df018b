package org.kotangent.ad;

import java.util.ArrayList;
import java.util.BitSet;
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

  /** How many operations are looked at to see whether two groups may be one. */
  private static final int SEARCHED = 4096;

  private final Program program;
  private final List<Graph.Operation> operations;
  private final int[] group;
  private final DType[] number;
  private final int[] work;
  private final Repeats repeats;
  private final List<List<Integer>> members = new ArrayList<>();

  /** The operations that read each one's results, and the further groups that compute them. */
  private final List<List<Integer>> readers = new ArrayList<>();

  private final List<Set<Integer>> repeated = new ArrayList<>();

  private Fusion(Program program) {
    this.program = program;
    this.operations = program.operations();
    this.group = new int[operations.size()];
    this.number = new DType[operations.size()];
    this.work = new int[operations.size()];
    for (int k = 0; k < group.length; k++) {
      group[k] = k;
      number[k] = Scalars.number(operations.get(k));
      work[k] = Scalars.work(operations.get(k));
      members.add(new ArrayList<>(List.of(k)));
      readers.add(new ArrayList<>());
      repeated.add(Set.of());
      for (Graph.Value operand : operations.get(k).operands()) {
        if (operand instanceof Graph.Result r) {
          readers.get(r.operation()).add(k);
        }
      }
    }
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
      int g = group[r.operation()];
      List<Sums> others =
          members.get(g).stream().flatMap(k -> Scalars.sums(operations.get(k)).stream()).toList();
      if (others.size() < MOST_SUMS
          && others.stream().allMatch(s -> s.axes().equals(sums.axes()))) {
        merge(g, group[op.index()]);
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
        int a = group[producer.index()];
        int b = group[op.index()];
        boolean waits = repeats.may(op) && !repeats.may(producer);
        if (a != b
            && waits == later
            && isAlike(producer, op)
            && isSmall(a, b)
            && !isBetween(a, b, later)) {
          merge(a, b);
        }
      }
    }
  }

  /** Has an operation repeated by every group that reads its result, so that nobody stores it. */
  private void repeat(Graph.Operation op) {
    if (!repeats.isWorth(op)) {
      return;
    }
    int k = op.index();
    Set<Integer> others = new LinkedHashSet<>();
    for (int reader : readers.get(k)) {
      others.add(group[reader]);
      others.addAll(repeated.get(reader));
    }
    others.remove(group[k]);
    if (others.stream().allMatch(g -> mayRepeat(op, g))) {
      for (int g : others) {
        members.get(g).add(k);
        members.get(g).sort(null);
        work[g] += Scalars.work(op);
      }
      repeated.set(k, others);
    }
  }

  /** Whether a group that reads the result of an operation may compute it itself. */
  private boolean mayRepeat(Graph.Operation op, int g) {
    Graph.Operation reader = operations.get(members.get(g).getFirst());
    DType type = Scalars.number(op);
    Set<Graph.Value> operands = new LinkedHashSet<>(operands(g));
    operands.addAll(op.operands());
    return Scalars.isElementwise(reader)
        && reader.results().getFirst().shape().equals(op.results().getFirst().shape())
        && (type == DType.BOOL || type == number[g])
        && work[g] + Scalars.work(op) <= MOST
        && operands.size() <= MOST_OPERANDS;
  }

  /** Whether a group computes what an operation does. */
  private boolean contains(int g, Graph.Result value) {
    return group[value.operation()] == g || repeated.get(value.operation()).contains(g);
  }

  /** Whether two operations act on as many elements, in groups that compute in one type. */
  private boolean isAlike(Graph.Operation producer, Graph.Operation op) {
    DType a = number[group[producer.index()]];
    DType b = number[group[op.index()]];
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
    return members.get(g).stream()
        .flatMap(k -> operations.get(k).operands().stream())
        .filter(v -> !(v instanceof Graph.Result r && contains(g, r)))
        .filter(v -> !Scalars.isNumber(v))
        .distinct()
        .toList();
  }

  /**
   * Whether one group depends on the other by way of a third, so that they cannot be one. At first,
   * nothing leads on from the operation that is being joined while it is alone in its group b:
   * those that read it come later, and have groups of their own.
   */
  private boolean isBetween(int a, int b, boolean later) {
    return leads(a, b) || ((later || members.get(b).size() > 1) && leads(b, a));
  }

  /**
   * Whether group b depends on group a by way of a third; true also when that is too far to see.
   */
  private boolean leads(int a, int b) {
    BitSet seen = new BitSet();
    List<Integer> stack = new ArrayList<>();
    for (int g : sources(b)) {
      if (g != a) {
        stack.add(g);
      }
    }
    int looked = 0;
    while (!stack.isEmpty()) {
      int g = stack.removeLast();
      if (g == a) {
        return true;
      }
      if (!seen.get(g)) {
        seen.set(g);
        looked += members.get(g).size();
        if (looked > SEARCHED) {
          return true;
        }
        stack.addAll(sources(g));
      }
    }
    return false;
  }

  /** The groups that a group reads from. */
  private Set<Integer> sources(int g) {
    Set<Integer> sources = new LinkedHashSet<>();
    for (int k : members.get(g)) {
      for (Graph.Value operand : operations.get(k).operands()) {
        if (operand instanceof Graph.Result r && !contains(g, r)) {
          sources.add(group[r.operation()]);
        }
      }
    }
    return sources;
  }

  private void merge(int a, int b) {
    for (int k : members.get(b)) {
      group[k] = a;
    }
    number[a] = number[a] == DType.BOOL ? number[b] : number[a];
    work[a] += work[b];
    members.get(a).addAll(members.get(b));
    members.get(a).sort(null);
    members.set(b, List.of());
  }

  private Program rebuilt() {
    Set<Graph.Value> read = readFromOutside();
    List<Graph.Operation> out = new ArrayList<>();
    Map<Graph.Value, Graph.Value> moved = new HashMap<>();
    for (int g : order()) {
      List<Graph.Operation> parts = members.get(g).stream().map(operations::get).toList();
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
          parts.size() == 1 ? only.primitive() : Scalars.fused(parts, operands, results);
      Graph.Operation placed =
          new Graph.Operation(
              out.size(),
              primitive,
              operands.stream().map(v -> moved.getOrDefault(v, v)).toList(),
              results.stream().map(Graph.Result::spec).toList());
      out.add(placed);
      for (int j = 0; j < results.size(); j++) {
        moved.put(results.get(j), placed.values().get(j));
      }
    }
    List<Graph.Value> outputs =
        program.outputs().stream().map(v -> moved.getOrDefault(v, v)).toList();
    return new Program(program.inputs(), program.constants(), out, outputs).live();
  }

  /** The results that are read outside of the groups that compute them. */
  private Set<Graph.Value> readFromOutside() {
    Set<Graph.Value> read = new HashSet<>(program.outputs());
    for (int g = 0; g < group.length; g++) {
      for (int k : members.get(g)) {
        for (Graph.Value operand : operations.get(k).operands()) {
          if (operand instanceof Graph.Result r && !contains(g, r)) {
            read.add(operand);
          }
        }
      }
    }
    return read;
  }

  /** The groups, each after those it reads from. */
  private List<Integer> order() {
    List<Integer> order = new ArrayList<>();
    BitSet begun = new BitSet();
    BitSet done = new BitSet();
    for (Graph.Operation op : operations) {
      List<Integer> stack = new ArrayList<>(List.of(group[op.index()]));
      while (!stack.isEmpty()) {
        int g = stack.getLast();
        if (!begun.get(g)) {
          begun.set(g);
          sources(g).stream().filter(source -> !begun.get(source)).forEach(stack::add);
        } else {
          stack.removeLast();
          if (!done.get(g)) {
            done.set(g);
            order.add(g);
          }
        }
      }
    }
    return order;
  }
}
