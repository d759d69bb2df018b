package org.kotangent.ops.internal;

/**
 * Packs factors for {@link NativeTileCode} with {@link NativePackingCode}: some vectors of
 * neighbouring rows or columns, their terms one after another. What fills no vector is copied
 * number by number.
 *
 * @param <A> the array type, {@code float[]} or {@code double[]}
 */
final class NativePacking<A> {
  private final NativeTiles tiles;
  private final Numbers<A> numbers;
  private final int lanes;

  NativePacking(A like) {
    this.tiles = NativeTiles.of(like);
    this.numbers = Numbers.of(like);
    this.lanes = tiles.lanes();
  }

  /**
   * Writes {@code to[at + g·terms·pitch + k·pitch + i] = from[k, g·each + i]} for the columns of
   * each group, of which the last may have fewer; {@code pitch} is a multiple of the lanes and what
   * lies between columns and pitch is anything.
   *
   * @param from terms are its rows
   * @param columns how many there are to pack
   * @param there how many there are to read, from the first one on
   * @param each columns of a group
   */
  void pack(Matrix<A> from, int terms, int columns, int there, int each, A to, int at, int pitch) {
    int groups = Math.ceilDiv(columns, each);
    boolean transposed = from.across() != 1;
    int some = !transposed ? terms : from.down() == 1 ? terms / lanes * lanes : 0;
    for (int i = 0; i < pitch; i += lanes) {
      // All numbers of a vector that is read must be there, whether they are wanted or not.
      int whole = there < i + lanes ? 0 : Math.min(groups, (there - i - lanes) / each + 1);
      if (whole > 0 && some > 0) {
        int[] plan = new int[NativePackingCode.SIZE];
        plan[NativePackingCode.VECTORS] = whole;
        plan[NativePackingCode.TERMS] = some;
        plan[NativePackingCode.FROM_VECTOR] = each * from.across();
        plan[NativePackingCode.FROM_STEP] = transposed ? from.across() : from.down();
        plan[NativePackingCode.TO_VECTOR] = terms * pitch;
        plan[NativePackingCode.TO_STEP] = pitch;
        tiles.packing(transposed).run(plan, from.data(), from.at(0, i), to, at + i, to, 0, 1);
      }
      for (int g = some < terms ? 0 : whole; g < groups; g++) {
        int first = g < whole ? some : 0;
        int count = Math.min(Math.min(lanes, each - i), columns - g * each - i);
        if (count > 0) {
          numbers.copy(
              new Matrix<>(from.data(), from.at(first, g * each + i), from.down(), from.across()),
              Matrix.rowMajor(to, at + (g * terms + first) * pitch + i, pitch),
              terms - first,
              count);
        }
      }
    }
  }
}
