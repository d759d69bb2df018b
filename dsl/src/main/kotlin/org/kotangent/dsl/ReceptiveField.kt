package org.kotangent.dsl

import org.kotangent.ad.Shape

/**
 * What one element of a layer's output sees of the network's input.
 *
 * Layers extend it one by one: a filter of extent F̂, stride S and padding P₋ behind layers whose strides multiply to T
 * makes the size R grow by T(F̂ − 1), moves the centre by T((F̂ − 1)/2 − P₋) and multiplies the stride by S. Source:
 * Vedaldi 2022, §3.4.3, with the sums taken from the input on.
 */
public sealed interface ReceptiveField {
    /**
     * A window of the input, along the axes that have a place: rows and columns of an image, none of a vector. Prints as
     * `14×14`.
     */
    public data class Area(val spans: List<Span>) : ReceptiveField {
        override fun toString(): String = spans.joinToString("×") { it.size.toString() }.ifEmpty { "1" }
    }

    /** All of the input. Prints as `all`. */
    public data object Whole : ReceptiveField {
        override fun toString(): String = "all"
    }

    /** Not known, behind a user's own function. Prints as `?`. */
    public data object Unknown : ReceptiveField {
        override fun toString(): String = "?"
    }

    /** What the output of a filter sees, when this is what its input sees. */
    public fun through(window: Window): ReceptiveField = when (this) {
        is Area -> Area(spans.zip(window.both, Span::through))
        Whole, Unknown -> this
    }

    /** What the sum of two values sees. */
    public fun union(other: ReceptiveField): ReceptiveField = when {
        this == other -> this
        this is Unknown || other is Unknown -> Unknown
        this is Area && other is Area -> Area(spans.zip(other.spans, Span::union))
        else -> Whole
    }

    public companion object {
        /** An element of a vector sees itself. */
        internal val ofVector: ReceptiveField = Area(emptyList())

        /** A pixel sees itself. */
        internal val ofImage: ReceptiveField = Area(List(2) { Span(size = 1, stride = 1, centre = 0.0) })

        /** An element of an example of the given shape sees itself. */
        @JvmStatic
        public fun of(input: Shape): ReceptiveField = if (input.rank() == 3) ofImage else ofVector
    }
}

/**
 * A receptive field along one axis.
 *
 * @property size R, how many input elements it spans
 * @property stride how far the fields of two neighbouring elements lie apart
 * @property centre μ, the middle of the field of element 0, in input positions; negative in the padding
 */
public data class Span(val size: Long, val stride: Long, val centre: Double) {
    internal fun through(filter: Sliding): Span = Span(
        size = size + stride * (filter.extent - 1),
        stride = stride * filter.stride,
        centre = centre + stride * ((filter.extent - 1) / 2.0 - filter.before),
    )

    internal fun union(other: Span): Span {
        val first = minOf(first, other.first)
        val last = maxOf(last, other.last)
        return Span(size = (last - first).toLong() + 1, stride = stride, centre = (first + last) / 2)
    }

    private val first: Double get() = centre - (size - 1) / 2.0

    private val last: Double get() = centre + (size - 1) / 2.0
}
