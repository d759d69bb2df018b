package org.kotangent.dsl

/**
 * How a filter slides along one axis.
 *
 * Output size O = 1 + ⌊(I + P₋ + P₊ − D(F−1) − 1)/S⌋. Source: Vedaldi 2022, eq. 3.4.
 *
 * @property size F, how many numbers it looks at
 * @property stride S, how far apart two neighbouring places lie
 * @property before P₋, how many numbers are added before the first
 * @property after P₊, how many numbers are added after the last
 * @property dilation D, how far apart two numbers it looks at lie
 */
public data class Sliding
@JvmOverloads
constructor(
    val size: Int,
    val stride: Int = 1,
    val before: Int = 0,
    val after: Int = 0,
    val dilation: Int = 1,
) {
    /** F̂ = D(F−1) + 1, the numbers from the first to the last it looks at. */
    public val extent: Long get() = dilation.toLong() * (size - 1) + 1

    /** The smallest input it fits into. */
    public val smallestInput: Long get() = maxOf(1, extent - before - after)

    /** O for an input of size I; not positive when the filter does not fit. */
    public fun output(input: Int): Long = 1 + Math.floorDiv(input.toLong() + before + after - extent, stride.toLong())
}

/** A filter on images: how it slides along the rows (vertically) and along the columns (horizontally). */
public data class Window(val vertical: Sliding, val horizontal: Sliding) {
    /** A square filter with the same padding on all sides. */
    @JvmOverloads
    public constructor(
        size: Int,
        stride: Int = 1,
        padding: Int = 0,
        dilation: Int = 1,
    ) : this(
        Sliding(size, stride, padding, padding, dilation),
        Sliding(size, stride, padding, padding, dilation),
    )

    /** A filter of so many (rows, columns), with strides and dilations for each and padding for each side. */
    public constructor(
        size: Pair<Int, Int>,
        stride: Pair<Int, Int>,
        padding: Padding,
        dilation: Pair<Int, Int>,
    ) : this(
        Sliding(size.first, stride.first, padding.top, padding.bottom, dilation.first),
        Sliding(size.second, stride.second, padding.left, padding.right, dilation.second),
    )

    /** Numbers it looks at. */
    internal val area: Long get() = vertical.size.toLong() * horizontal.size

    /** The size alone, as messages write it. */
    internal val sizes: String get() = "${vertical.size}×${horizontal.size}"

    internal val strides: Pair<Int, Int> get() = vertical.stride to horizontal.stride

    internal val dilations: Pair<Int, Int> get() = vertical.dilation to horizontal.dilation

    internal val padding: Padding
        get() = Padding(vertical.before, vertical.after, horizontal.before, horizontal.after)
}

/** Rows and columns added around an image: zeros for convolution and average, −∞ for the maximum. */
public data class Padding(val top: Int, val bottom: Int, val left: Int, val right: Int) {
    public companion object {
        /** No padding. */
        @JvmField
        public val none: Padding = Padding(0, 0, 0, 0)

        /** The same on all sides. */
        @JvmStatic
        public fun all(size: Int): Padding = Padding(size, size, size, size)
    }
}
