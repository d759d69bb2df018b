package org.kotangent.ad;

import java.util.Arrays;

/**
 * Some operations of a program, and for each group which of them lead to it and which it leads to.
 * Where a witness lies on a way from one group to another, that there is one is seen at once,
 * however long it is.
 *
 * <p>There are at most 64, so that a bit stands for each: of each stretch of the program, the
 * operation on the longest path, since what merely hangs off a path lies on few ways. A group that
 * is joined to another leads where it did before, so that what is seen stays true. Source: the
 * supportive vertices of Hanauer, Schulz and Trummer 2022, "O'Reach: Even Faster Reachability in
 * Large Graphs".
 */
final class Witnesses {
  private static final int MOST = Long.SIZE;

  private final long[] before;
  private final long[] after;

  Witnesses(Links links) {
    before = new long[links.size()];
    after = new long[links.size()];
    choose(links);
    for (int k = 0; k < links.size(); k++) {
      for (int source : links.sources().get(k)) {
        before[k] |= before[source];
      }
    }
    for (int k = links.size() - 1; k >= 0; k--) {
      for (int reader : links.readers().get(k)) {
        after[k] |= after[reader];
      }
    }
  }

  /** Marks each witness as on the way to and from itself. */
  private void choose(Links links) {
    int[] length = lengths(links);
    int stretch = Math.ceilDiv(length.length, MOST);
    for (int k = 0, bit = 0; k < length.length; k += stretch, bit++) {
      int longest = k;
      for (int i = k; i < Math.min(k + stretch, length.length); i++) {
        longest = length[i] > length[longest] ? i : longest;
      }
      before[longest] = 1L << bit;
      after[longest] = 1L << bit;
    }
  }

  /** The number of links of the longest path through each operation. */
  private static int[] lengths(Links links) {
    int n = links.size();
    int[] above = new int[n];
    int[] below = new int[n];
    for (int k = 0; k < n; k++) {
      for (int source : links.sources().get(k)) {
        above[k] = Math.max(above[k], above[source] + 1);
      }
    }
    for (int k = n - 1; k >= 0; k--) {
      for (int reader : links.readers().get(k)) {
        below[k] = Math.max(below[k], below[reader] + 1);
      }
    }
    Arrays.setAll(above, k -> above[k] + below[k]);
    return above;
  }

  /** For each group, a bit for each witness that leads to it. */
  long[] before() {
    return before;
  }

  /** For each group, a bit for each witness that it leads to. */
  long[] after() {
    return after;
  }

  /** Makes group a one with group b. */
  void join(int a, int b) {
    before[a] |= before[b];
    after[a] |= after[b];
  }
}
