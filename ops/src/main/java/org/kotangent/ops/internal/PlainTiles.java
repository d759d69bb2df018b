package org.kotangent.ops.internal;

/** Tiles in plain Java: the same bits as those that {@link TileCompiler} writes. */
interface PlainTiles {
  /** The tile that finds the right factor by a table, and adds to what is there or to zero. */
  Tile tile(boolean add);

  /** The tile for packed right factors. */
  PanelTile panelTile();

  /** The tile of dot products. */
  DotTile dots();
}
