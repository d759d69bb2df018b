package org.kotangent.dsl

import java.util.Locale

/**
 * How many examples were classified correctly. Prints as the fraction, such as `0.9876`.
 *
 * @property correct the number of examples whose highest score is that of their class
 * @property count the number of all examples
 */
public data class Accuracy(val correct: Int, val count: Int) {
    /** The part that is correct, from 0 to 1; NaN of no examples. */
    public val fraction: Double get() = correct.toDouble() / count

    override fun toString(): String = String.format(Locale.ROOT, "%.4f", fraction)
}

/**
 * How well a network classifies [data] in inference, that is with running statistics and without randomness. The first
 * of equal scores counts as the highest. Does not depend on [batch], the number of examples computed at a time.
 */
public fun accuracy(network: Network, state: TrainState, data: Dataset, batch: Int = 500): Accuracy {
    val correct =
        data.batches(batch).sumOf { (x, labels) ->
            val classes = network(state.params, state.layerState, x).argMax(1).toInts()
            val expected = labels.toInts()
            classes.indices.count { classes[it] == expected[it] }
        }
    return Accuracy(correct, data.size)
}
