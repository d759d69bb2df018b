package org.kotangent.ops.internal;

import java.util.List;

/**
 * How the loop of a {@link PanelTile} is written, none of which changes a bit of its sums: how many
 * terms make a turn, and after how many rows there is a fence. C2 orders operations freely between
 * branches, and without any it reads ahead and runs out of registers; how many of them serve best
 * depends on its version and on the machine.
 *
 * @param terms terms of one turn
 * @param fenced rows between two fences; those of a turn where there is none
 */
record Arrangement(int terms, int fenced) {
  /** One that C2 of JDK 25 keeps in 16 registers whatever it has seen before, and some to try. */
  static final List<Arrangement> ALL =
      List.of(
          new Arrangement(2, 3), new Arrangement(4, Tile.ROWS), new Arrangement(4, 4 * Tile.ROWS));

  /** The fence before row {@code r} of term {@code t} of a turn, or −1. */
  int fence(int t, int r) {
    int row = t * Tile.ROWS + r;
    return row > 0 && row % fenced == 0 ? row / fenced - 1 : -1;
  }

  /** How many fences there are. */
  int fences() {
    return terms * Tile.ROWS / fenced - 1;
  }
}
