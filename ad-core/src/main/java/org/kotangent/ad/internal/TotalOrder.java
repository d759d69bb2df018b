package org.kotangent.ad.internal;

/**
 * The numbers 0, 1, …, n − 1 in an order that can be changed: which of two comes first is seen at
 * once, and moving one next to another takes O(log n) steps on average.
 *
 * <p>They are a list with labels that ascend. Where two neighbours leave no label between them, the
 * smallest aligned range around them that is thinly populated is populated evenly; the wider a
 * range, the thinner it has to be, so that it takes the longer to fill again. Source: Bender, Cole,
 * Demaine, Farach-Colton and Zito 2002, "Two simplified algorithms for maintaining order in a
 * list".
 */
public final class TotalOrder {
  /** Labels are numbers of so many bits. */
  private static final int BITS = 62;

  /** A range of 2ⁱ labels is thin with at most so many elements to the power of i. */
  private static final double THIN = 1.5;

  /** What is before the first and after the last; its label is 0. */
  private final int head;

  private final int[] next;
  private final int[] previous;
  private final long[] label;

  /** The order 0, 1, …, n − 1. */
  public TotalOrder(int n) {
    head = n;
    next = new int[n + 1];
    previous = new int[n + 1];
    label = new long[n + 1];
    link(head, 0);
    for (int k = 0; k < n; k++) {
      link(k, k + 1);
    }
    populate(head, n + 1, 0, (1L << BITS) / (n + 1));
  }

  /** Less than 0 if the first comes before the second, 0 if they are the same. */
  public int compare(int x, int y) {
    return Long.compare(label[x], label[y]);
  }

  /** Moves one to right before another. */
  public void moveBefore(int x, int y) {
    link(previous[x], next[x]);
    insert(x, previous[y]);
  }

  /** Moves one to right after another. */
  public void moveAfter(int x, int y) {
    link(previous[x], next[x]);
    insert(x, y);
  }

  private void insert(int x, int before) {
    if (above(before) - label[before] < 2) {
      spread(before);
    }
    label[x] = label[before] + (above(before) - label[before]) / 2;
    link(x, next[before]);
    link(before, x);
  }

  private void link(int x, int y) {
    next[x] = y;
    previous[y] = x;
  }

  /** The label that follows. */
  private long above(int x) {
    return next[x] == head ? 1L << BITS : label[next[x]];
  }

  /** Makes room after an element. */
  private void spread(int x) {
    int first = x;
    int last = x;
    int count = 1;
    double most = 1;
    for (int bits = 1; bits <= BITS; bits++) {
      long low = label[x] >> bits << bits;
      long high = low + (1L << bits);
      for (; first != head && label[previous[first]] >= low; count++) {
        first = previous[first];
      }
      for (; above(last) < high; count++) {
        last = next[last];
      }
      most *= THIN;
      if (count <= most) {
        populate(first, count, low, (high - low) / count);
        return;
      }
    }
    throw new AssertionError("more elements than labels");
  }

  /** Gives labels that are so far from each other to elements that follow each other. */
  private void populate(int first, int count, long low, long distance) {
    int x = first;
    for (int k = 0; k < count; k++) {
      label[x] = low + k * distance;
      x = next[x];
    }
  }
}
