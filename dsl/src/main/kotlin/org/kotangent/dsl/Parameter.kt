package org.kotangent.dsl

import org.kotangent.ad.DType
import org.kotangent.ad.Params
import org.kotangent.ad.Shape
import org.kotangent.ad.Spec
import org.kotangent.ops.Key

/**
 * A parameter, or a part of the state, before it has numbers.
 *
 * @property path its name within the layer: `weight`, or `conv1.weight` within a network
 * @property shape its shape
 * @property initial how its first numbers are drawn
 * @property fans how many numbers it connects, for initialisers that depend on that
 */
public data class Parameter
@JvmOverloads
constructor(
    val path: String,
    val shape: Shape,
    val initial: Initialiser = Initialiser.zeros,
    val fans: Fans = Fans.of(shape),
) {
    /** The same parameter of a part with the given name. */
    internal fun under(name: String): Parameter = copy(path = "$name.$path")
}

/**
 * How many numbers a weight connects: each output is a sum over [input] products, and each input goes into [output]
 * outputs.
 */
public data class Fans(val input: Long, val output: Long) {
    public companion object {
        /** The fans of a matrix `[in, out]`; of another shape, of its first and its last axis. */
        @JvmStatic
        public fun of(shape: Shape): Fans =
            if (shape.rank() == 0) Fans(1, 1) else Fans(shape.dim(0).toLong(), shape.dim(-1).toLong())
    }
}

/** Numbers in all of them. */
internal fun List<Parameter>.count(): Long = sumOf { it.shape.size().toLong() }

internal fun List<Parameter>.sample(key: Key, dtype: DType): Params = Params.of(
    associateTo(LinkedHashMap()) { (path, shape, initial, fans) ->
        path to initial.sample(key.named(path), Spec(dtype, shape), fans)
    },
)
