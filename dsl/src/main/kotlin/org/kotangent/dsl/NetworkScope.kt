@file:JvmName("Networks")

package org.kotangent.dsl

import arrow.core.Either
import arrow.core.NonEmptyList
import org.kotangent.ad.DType
import org.kotangent.ad.Shape

/** Keeps the layers of an inner block from being added to an outer one. */
@DslMarker
@Target(AnnotationTarget.CLASS)
public annotation class NetworkDsl

/**
 * What one example is, before it is known to make sense.
 *
 * @property sizes the size of each axis, the batch axis left out
 */
public data class Input(val sizes: List<Int>)

/** Examples of the given sizes, the batch axis left out: `input(1, 28, 28)` for grey images, `input(784)` for vectors. */
public fun input(vararg sizes: Int): Input = Input(sizes.asList())

/**
 * The network of the layers in the block, or everything that is wrong with it.
 *
 * The block only collects; nothing is computed but shapes. Layers are called by their kind and a number: `conv1`,
 * `relu1`, `conv2`. Errors of independent layers are all reported, whatever stands before them.
 *
 */
public fun network(
    input: Input,
    dtype: DType = DType.F32,
    layers: NetworkScope.() -> Unit,
): Either<NonEmptyList<ModelError>, Network> = Network.of(Shape.of(*input.sizes.toIntArray()), chain(layers), dtype)

/** The layers of the block as a chain, which fits inputs of many shapes. */
public fun chain(layers: NetworkScope.() -> Unit): Chain = NetworkScope().apply(layers).chain()

/** Collects the layers of a chain, in order. */
@NetworkDsl
public class NetworkScope internal constructor() {
    private val steps = ArrayList<Step>()

    internal fun chain(): Chain = Chain(steps.toList())

    /** Adds any layer; without a name it is called by its kind and a number. */
    public fun add(layer: Layer, name: String = "") {
        steps += Step(layer, name)
    }

    /** Adds a [Dense] layer of so many units. */
    public fun dense(
        units: Int,
        bias: Boolean = true,
        weights: Initialiser = Initialiser.heUniform,
        name: String = "",
    ): Unit = add(Dense(units, bias, weights), name)

    /** Adds [Flatten]. */
    public fun flatten(): Unit = add(Flatten)

    /** Adds [Relu]. */
    public fun relu(): Unit = add(Relu)
}
