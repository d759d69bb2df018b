package org.kotangent.ad;

/**
 * A primitive with one result whose kernel can tell which elements of it are final while they are
 * in the cache. A plan then does at once what is elementwise about them, instead of reading the
 * whole result again.
 */
public interface Announcing {
  /** Hears which elements are final. */
  @FunctionalInterface
  interface Ready {
    /** Does nothing about it. */
    Ready IGNORED = (from, length, rows, pitch) -> {};

    /**
     * Some elements of the result are final, and nobody else will be told so. May be called by any
     * thread, also by several at once; may overwrite these elements.
     *
     * @param from the first element of the first row
     * @param length elements of each row
     * @param rows number of rows
     * @param pitch how far the beginnings of rows are apart
     */
    void rows(int from, int length, int rows, int pitch);

    /** Elements {@code from} (inclusive) to {@code to} (exclusive) are final. */
    default void elements(int from, int to) {
      rows(from, to - from, 1, to - from);
    }
  }

  /** Computes the result, like {@link Primitive#kernel}, and announces each element once. */
  void kernel(Arr[] in, Arr out, Ready ready);
}
