package org.kotangent.dsl

import java.util.Locale

/**
 * One pass over the training data. Prints as `epoch 1: mean loss 0.1234`.
 *
 * @property number 1 for the first
 * @property loss the mean of the losses of its batches
 * @property end the state after its last batch
 */
public data class Epoch(val number: Int, val loss: Double, val end: TrainState) {
    override fun toString(): String = String.format(Locale.ROOT, "epoch %d: mean loss %.4f", number, loss)
}

/**
 * The same states seen one epoch of [batches] states at a time: `states.epochs(batches.perEpoch)`. States that do not
 * fill an epoch are the last, shorter one. Only one state is held at a time.
 *
 * @throws IllegalArgumentException unless [batches] is positive
 */
public fun Sequence<TrainState>.epochs(batches: Int): Sequence<Epoch> {
    require(batches > 0) { "epochs: an epoch needs at least one batch; got $batches; use batches.perEpoch" }
    return sequence {
        var number = 1
        var count = 0
        var sum = 0.0
        val states = iterator()
        while (states.hasNext()) {
            val state = states.next()
            sum += state.loss
            count++
            if (count == batches || !states.hasNext()) {
                yield(Epoch(number, sum / count, state))
                number++
                count = 0
                sum = 0.0
            }
        }
    }
}

/** The elements up to and including the first for which [stop] holds. */
public fun <T> Sequence<T>.takeUntil(stop: (T) -> Boolean): Sequence<T> = sequence {
    for (element in this@takeUntil) {
        yield(element)
        if (stop(element)) break
    }
}
