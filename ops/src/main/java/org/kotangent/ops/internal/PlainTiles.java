package org.kotangent.ops.internal;

/** Tiles in plain Java: the same bits as those that {@link TileCompiler} writes. */
interface PlainTiles {
  /** The tile whose sums start at what is there or at zero. */
  Tile tile(boolean add);

  /** The tile of dot products. */
  DotTile dots();
}
