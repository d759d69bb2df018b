package org.kotangent.ops.internal;

/**
 * Which numbers of an image one weight of a filter looks at, and which columns of a panel they
 * belong to: line l, place i is column {@code column + l·pitch + i} and number {@code number +
 * l·down + i·across}.
 */
record Patch(int column, int pitch, int number, int down, int across, int lines, int count) {}
