package org.kotangent.ad;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/** Goes from a group to those that its links lead to, and on from these, one link at a time. */
final class Walk {
  private final Groups groups;
  private final List<int[]> links;
  private final long[] witnesses;
  private final IntPredicate within;
  private final List<Integer> seen = new ArrayList<>();
  private final Set<Integer> known = new HashSet<>();

  /** The witnesses there are further on from what was found. */
  private long ahead;

  /** The link that comes next: of which group that was seen, which member of it, and which. */
  private int rank;

  private int member;
  private int link;

  /**
   * A walk that has not begun.
   *
   * @param links where each operation leads
   * @param witnesses for each group, a bit for each witness there is further on
   * @param within which groups it goes to
   */
  Walk(Groups groups, int start, List<int[]> links, long[] witnesses, IntPredicate within) {
    this.groups = groups;
    this.links = links;
    this.witnesses = witnesses;
    this.within = within;
    seen.add(start);
    known.add(start);
  }

  /** Whether all was seen. */
  boolean isOver() {
    return rank == seen.size();
  }

  /**
   * Follows the next link.
   *
   * @return whether it leads to where the other walk was; not meant is a link from start to start
   */
  boolean meets(Walk other) {
    List<Integer> members = groups.members(seen.get(rank));
    int[] ends = links.get(members.get(member));
    if (link < ends.length) {
      return goes(groups.of(ends[link++]), other);
    }
    link = 0;
    if (++member == members.size()) {
      member = 0;
      rank++;
    }
    return false;
  }

  private boolean goes(int g, Walk other) {
    if (other.known.contains(g)) {
      return rank > 0 || g != other.seen.getFirst();
    }
    if (within.test(g) && known.add(g)) {
      seen.add(g);
      ahead |= witnesses[g];
    }
    return false;
  }

  /** Whether a witness lies on a way from what one walk has found to what the other has. */
  boolean isLinked(Walk other) {
    return (ahead & other.ahead) != 0;
  }

  /** What was found, in the order in which it was. */
  List<Integer> found() {
    return seen.subList(1, seen.size());
  }
}
