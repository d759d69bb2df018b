package org.kotangent.dsl

import org.kotangent.ad.Tensor
import org.kotangent.ops.Key
import org.kotangent.ops.Random

/**
 * Some examples, as a network takes them.
 *
 * @property x the examples, F32 [n, *shape]; images lie in [0, 1], as [n, 1, 28, 28] for digits
 * @property labels their classes, I32 [n]
 */
public data class Batch(public val x: Tensor, public val labels: Tensor) {
    /** The number of examples. */
    public val size: Int get() = labels.size()
}

/**
 * The batches of one or more epochs over a [Dataset]: a sequence that may be walked any number of times and is the same
 * each time, since each batch is a pure function of its position.
 *
 * Batch i is also `this[i]`, and [drop] and [take] cost nothing, so that training resumes at step i with
 * `batches.drop(i)`.
 *
 * @property perEpoch the number of batches in one epoch, the smaller last one included
 */
public class Batches private constructor(
    private val data: Dataset,
    private val batch: Int,
    private val key: Key?,
    private val positions: IntRange,
    public val perEpoch: Int,
) : Sequence<Batch> {
    /** The order of one epoch; without it every batch would shuffle all examples again. */
    private class Order(val epoch: Int, val examples: IntArray)

    @Volatile
    private var latest: Order? = null // any thread may replace it; it holds nothing that could not be computed again

    /** The number of batches. */
    public val size: Int get() = positions.count()

    /**
     * Batch [index], counted from 0.
     *
     * @throws IndexOutOfBoundsException when there is no such batch
     */
    public operator fun get(index: Int): Batch {
        if (index !in 0 until size) {
            throw IndexOutOfBoundsException(
                "batches: the index must lie in 0..${size - 1}; got $index; ask for one of these",
            )
        }
        val position = positions.first + index
        val examples = order(position / perEpoch).examples
        val from = position % perEpoch * batch
        return data.batch(examples.copyOfRange(from, minOf(from + batch, examples.size)))
    }

    /** The batches after the first [n], none of which is made. */
    public fun drop(n: Int): Batches = at(positions.first + n.coerceIn(0, size)..positions.last)

    /** The first [n] batches, or all when there are fewer. */
    public fun take(n: Int): Batches = at(positions.first until positions.first + n.coerceIn(0, size))

    override fun iterator(): Iterator<Batch> = (0 until size).asSequence().map(::get).iterator()

    private fun at(positions: IntRange) = Batches(data, batch, key, positions, perEpoch)

    private fun order(epoch: Int): Order = latest?.takeIf { it.epoch == epoch }
        ?: Order(
            epoch,
            key?.let { Random.permutation(it.fold(epoch.toLong()), data.size) } ?: IntArray(data.size) { it },
        )
            .also { latest = it }

    internal companion object {
        fun of(data: Dataset, epochs: Int, batch: Int, key: Key?): Batches {
            require(epochs >= 1) { "epochs: n must be at least 1; got $epochs; ask for one epoch or more" }
            require(batch >= 1) { "batches: the batch size must be at least 1; got $batch; use 1 or more" }
            val perEpoch = Math.ceilDiv(data.size, batch)
            return Batches(data, batch, key, 0 until Math.multiplyExact(epochs, perEpoch), perEpoch)
        }
    }
}
