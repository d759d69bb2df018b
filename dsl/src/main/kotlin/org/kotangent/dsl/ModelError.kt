@file:JvmName("ModelErrors")

package org.kotangent.dsl

import arrow.core.Either
import arrow.core.NonEmptyList
import arrow.core.getOrElse

/**
 * One thing that is wrong with a network.
 *
 * @property path the layer: `network.conv2`
 * @property label what it is: `conv 6→16, k5`
 * @property rule what must hold
 * @property got what there is instead, and where it comes from
 * @property remedy what to do
 */
public data class ModelError(
    val path: String,
    val label: String,
    val rule: String,
    val got: String,
    val remedy: String,
) {
    /** The error in a sentence: `network.conv2 (conv 6→16, k5): rule; got …; what to do`. */
    public val message: String get() = "$path ($label): $rule; got $got; $remedy"

    override fun toString(): String = message
}

/**
 * Thrown by [orThrow] for a network that is wrong; its message has a line for each error.
 *
 * @property errors all that is wrong
 */
public class ModelException(public val errors: NonEmptyList<ModelError>) :
    RuntimeException(errors.joinToString("\n") { it.message })

/**
 * The value; for scripts, and wherever a wrong network is a bug.
 *
 * @throws ModelException when there is none, with all errors
 */
public fun <A> Either<NonEmptyList<ModelError>, A>.orThrow(): A = getOrElse { throw ModelException(it) }

/**
 * What a check of a layer found.
 *
 * @property errors all that is wrong; empty when nothing is
 * @property output what is known of the layer's output
 */
public data class Checked(val errors: List<ModelError>, val output: Outline)

/**
 * Where in a network a layer stands; it turns what the layer finds wrong into errors with a path.
 *
 * @property path the layer: `network.conv2`
 * @property source what the layer's input comes from: `network.maxPool1`
 */
public data class Place(val path: String, val source: String) {
    /** The place of a part, fed by [source]. */
    public fun inside(name: String, source: String): Place = Place("$path.$name", source)

    /** The error about an argument of the layer, unless the rule holds. `got` reads `kernel: 0×5`. */
    public fun argument(holds: Boolean, label: String, rule: String, got: String, remedy: String): ModelError? =
        if (holds) null else ModelError(path, label, rule, got, remedy)

    /** The error about the layer's input, unless the rule holds. */
    public fun input(holds: Boolean, label: String, rule: String, input: Outline, remedy: String): ModelError? =
        if (holds) null else ModelError(path, label, rule, "$input from $source", remedy)
}
