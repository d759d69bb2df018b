package org.kotangent.dsl

import org.kotangent.ad.Shape

/**
 * What is known of a shape while a network is checked: every size, some of them, or nothing.
 *
 * Behind a layer with an error not everything is known, but much is: whatever is wrong with `conv(16, kernel = 0)`, its
 * output is `[16, ?, ?]`.
 */
public sealed interface Outline {
    /** Not even the number of axes is known. Prints as `?`. */
    public data object Unknown : Outline {
        override fun toString(): String = "?"
    }

    /**
     * The number of axes is known. Prints as `[16, ?, ?]`.
     *
     * @property sizes the size of each axis, `null` where unknown
     */
    public data class Sizes(val sizes: List<Int?>) : Outline {
        /** Number of axes. */
        public val rank: Int get() = sizes.size

        override fun toString(): String = sizes.joinToString(", ", "[", "]") { it?.toString() ?: "?" }
    }

    /** The size of an axis, or `null` when it is not known or there is no such axis. */
    public fun size(axis: Int): Int? = (this as? Sizes)?.sizes?.getOrNull(axis)

    /** Whether it may have so many axes. */
    public fun mayHaveRank(rank: Int): Boolean = this !is Sizes || rank == this.rank

    /** Whether both may be outlines of one shape. */
    public fun mayEqual(other: Outline): Boolean = this !is Sizes ||
        other !is Sizes ||
        (rank == other.rank && sizes.zip(other.sizes).all { (a, b) -> a == null || b == null || a == b })

    /** What is known of a shape of which both are outlines. */
    public fun and(other: Outline): Outline = when {
        this !is Sizes -> other
        other !is Sizes -> this
        else -> Sizes(sizes.zip(other.sizes) { a, b -> a ?: b })
    }

    /** Whether a tensor of this shape has at most 2³¹−1 numbers, as far as is known. */
    public val mayExist: Boolean
        get() = this !is Sizes || sizes.filterNotNull().fold(1.0, Double::times) <= Int.MAX_VALUE

    /** The shape, or `null` when a size is not known or there is no such tensor. */
    public fun shape(): Shape? = (this as? Sizes)
        ?.takeIf { mayExist }
        ?.let { sizes.filterNotNull() }
        ?.takeIf { mayHaveRank(it.size) }
        ?.let { Shape.of(*it.toIntArray()) }

    public companion object {
        /** The outline of a known shape. */
        @JvmStatic
        public fun of(shape: Shape): Outline = Sizes(shape.toArray().asList())

        /** The outline with the given sizes, `null` where unknown. */
        @JvmStatic
        public fun of(vararg sizes: Int?): Outline = Sizes(sizes.asList())
    }
}
