package org.kotangent.ad;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.kotangent.ad.internal.TotalOrder;

/**
 * The operations of a program in groups that can be carried out one after the other: no group leads
 * back to itself by way of others. At first each operation is a group, which has its index.
 *
 * <p>Two groups, the second of which reads the first, can be one unless a third lies between, on a
 * way from the first to the second. An order of all groups, each after those it reads, bounds the
 * search, because such a third is between them in that order, too. Two walks take turns, link by
 * link, one down from the first group and one up from the second, until they meet or a {@link
 * Witnesses witness} tells that they would, or one of them has seen all there is. In that case
 * nothing lies between, and what this walk has found moves to the other side of the new group. So a
 * search takes as long as the shorter walk. Source: after the two-way search of Haeupler, Kavitha,
 * Mathew, Sen and Tarjan 2012, "Incremental cycle detection, topological ordering, and strong
 * component maintenance".
 */
final class Groups {
  private final Links links;
  private final int[] group;
  private final List<List<Integer>> members = new ArrayList<>();

  /** The further groups that compute each operation. */
  private final List<Set<Integer>> repeating = new ArrayList<>();

  private final TotalOrder order;
  private final Witnesses witnesses;

  Groups(Links links) {
    this.links = links;
    this.group = new int[links.size()];
    this.order = new TotalOrder(group.length);
    this.witnesses = new Witnesses(links);
    for (int k = 0; k < group.length; k++) {
      group[k] = k;
      members.add(List.of(k));
      repeating.add(Set.of());
    }
  }

  /** The group of an operation. */
  int of(int operation) {
    return group[operation];
  }

  /** The operations that a group computes, in the order of the program; none once it is joined. */
  List<Integer> members(int g) {
    return members.get(g);
  }

  /** Whether a group computes an operation. */
  boolean computes(int g, int operation) {
    return group[operation] == g || repeating.get(operation).contains(g);
  }

  /** The groups that read an operation, without its own. */
  Set<Integer> readers(int operation) {
    Set<Integer> readers = new LinkedHashSet<>();
    for (int reader : links.readers().get(operation)) {
      readers.add(group[reader]);
      readers.addAll(repeating.get(reader));
    }
    readers.remove(group[operation]);
    return readers;
  }

  /** Has further groups compute an operation that they read; when all groups have been joined. */
  void repeat(int operation, Set<Integer> further) {
    further.forEach(g -> include(g, List.of(operation)));
    repeating.set(operation, further);
  }

  /**
   * Takes the operations of group b, which reads group a, into group a, unless a third lies between
   * them.
   *
   * @return whether it did
   */
  boolean join(int a, int b) {
    var down = new Walk(this, a, links.readers(), witnesses.after(), g -> order.compare(g, b) < 0);
    var up = new Walk(this, b, links.sources(), witnesses.before(), g -> order.compare(a, g) < 0);
    while (!down.isOver() && !up.isOver()) {
      if (down.meets(up) || up.meets(down) || down.isLinked(up)) {
        return false;
      }
    }
    if (down.isOver()) {
      order.moveAfter(a, b);
      ordered(down.found()).reversed().forEach(g -> order.moveAfter(g, a));
    } else {
      ordered(up.found()).forEach(g -> order.moveBefore(g, a));
    }
    members.get(b).forEach(k -> group[k] = a);
    include(a, members.get(b));
    members.set(b, List.of());
    witnesses.join(a, b);
    return true;
  }

  private List<Integer> ordered(List<Integer> found) {
    return found.stream().sorted(order::compare).toList();
  }

  private void include(int g, List<Integer> operations) {
    List<Integer> all = new ArrayList<>(members.get(g));
    all.addAll(operations);
    all.sort(null);
    members.set(g, all);
  }

  /** The groups, each after those it reads, and otherwise by their first operations. */
  List<Integer> inOrder() {
    List<Integer> order = new ArrayList<>();
    BitSet begun = new BitSet();
    BitSet done = new BitSet();
    for (int first : group) {
      List<Integer> stack = new ArrayList<>(List.of(first));
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

  /** The groups that a group reads. */
  private Set<Integer> sources(int g) {
    Set<Integer> sources = new LinkedHashSet<>();
    for (int k : members.get(g)) {
      for (int source : links.sources().get(k)) {
        if (!computes(g, source)) {
          sources.add(group[source]);
        }
      }
    }
    return sources;
  }
}
