package org.kotangent.ops.internal;

import java.util.List;

/**
 * How the loop of a tile is written, none of which changes a bit of its sums: how many terms make a
 * turn, and after how many rows there is a fence, see {@link Tile}. Which one the JIT compiler
 * makes the most of depends on its version and on the registers of the machine, so the first is
 * used as soon as it can be, and the fastest as soon as they have been timed.
 *
 * @param terms terms of one turn
 * @param fenced rows between two fences; those of a turn where there is none
 */
public record Arrangement(int terms, int fenced) {
  /** Arrangements of a {@link Tile}, which finds each term by a table. */
  public static final List<Arrangement> TABLE =
      List.of(new Arrangement(1, 2), new Arrangement(1, Tile.ROWS));

  /** Arrangements of a {@link PanelTile}. */
  public static final List<Arrangement> PANEL =
      List.of(
          new Arrangement(4, Tile.ROWS), new Arrangement(2, 3), new Arrangement(4, 4 * Tile.ROWS));

  /** The fence before row {@code r} of term {@code t} of a turn, or −1. */
  int fence(int t, int r) {
    int row = t * Tile.ROWS + r;
    return row > 0 && row % fenced == 0 ? row / fenced - 1 : -1;
  }

  /** How many fences there are. */
  int fences() {
    return Math.ceilDiv(terms * Tile.ROWS, fenced) - 1;
  }
}
