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

    /** O, the number of places, for an input of size I into which it fits. */
    public fun output(input: Int): Long = 1 + (input.toLong() + before + after - extent) / stride

    /** Whether it looks at nothing but padding somewhere on an input of this size. */
    internal fun missesInput(input: Int): Boolean = (0 until output(input)).any { place ->
        val first = place * stride - before
        (0 until size).none { first + it.toLong() * dilation in 0 until input }
    }
}

/**
 * A filter on images.
 *
 * @property vertical how it slides along the rows, from top to bottom
 * @property horizontal how it slides along the columns, from left to right
 */
public data class Window(val vertical: Sliding, val horizontal: Sliding) {
    /** A square filter, with the same padding on all sides. */
    @JvmOverloads
    public constructor(
        size: Int,
        stride: Int = 1,
        padding: Int = 0,
        dilation: Int = 1,
    ) : this(size to size, stride to stride, padding to padding, dilation to dilation)

    /** A filter with so many rows and columns. Each pair is (vertical, horizontal); both sides are padded alike. */
    public constructor(
        size: Pair<Int, Int>,
        stride: Pair<Int, Int> = 1 to 1,
        padding: Pair<Int, Int> = 0 to 0,
        dilation: Pair<Int, Int> = 1 to 1,
    ) : this(
        Sliding(size.first, stride.first, padding.first, padding.first, dilation.first),
        Sliding(size.second, stride.second, padding.second, padding.second, dilation.second),
    )

    /** The vertical way, then the horizontal one. */
    internal val both: List<Sliding> get() = listOf(vertical, horizontal)

    /** How many numbers it looks at. */
    internal val area: Long get() = vertical.size.toLong() * horizontal.size

    /** Size, and whatever is not as usual: `k3×5, s2, p1`. */
    internal fun label(usualStride: (Sliding) -> Int): String = listOfNotNull(
        "k" + each { size },
        ("s" + each { stride }).takeIf { both.any { it.stride != usualStride(it) } },
        ("p" + padding).takeIf { both.any { it.before != 0 || it.after != 0 } },
        ("d" + each { dilation }).takeIf { both.any { it.dilation != 1 } },
    ).joinToString(", ")

    /** `1`; `1×2` where the axes differ; `(0, 1)×(1, 1)` where the sides do. */
    internal val padding: String
        get() =
            if (both.all { it.before == it.after }) {
                each { before }
            } else {
                both.joinToString("×") { "(${it.before}, ${it.after})" }
            }

    /** `3`; `3×5` where the axes differ. */
    internal fun each(number: Sliding.() -> Int): String = both.map(number).distinct().joinToString("×")
}
