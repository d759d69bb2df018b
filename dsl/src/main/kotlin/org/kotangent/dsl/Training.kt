package org.kotangent.dsl

import org.kotangent.ad.Ad
import org.kotangent.ad.Params
import org.kotangent.ad.Tensor
import org.kotangent.ops.Key
import java.util.Optional
import kotlin.jvm.optionals.getOrNull

/**
 * Where training stands: everything that the next step depends on besides its batch.
 *
 * @property params the parameters
 * @property layerState what layers keep between steps, such as running statistics
 * @property optimiserState what the optimiser keeps between steps
 * @property step the number of steps made
 * @property key the source of randomness, the same during a run; each step derives its own from it
 * @property metrics numbers about the last step, `loss` among them; empty before the first
 */
public data class TrainState(
    val params: Params,
    val layerState: Params,
    val optimiserState: Params,
    val step: Long,
    val key: Key,
    val metrics: Map<String, Double>,
) {
    /**
     * The mean loss over the last batch, before the step that it led to.
     *
     * @throws NoSuchElementException before the first step
     */
    public val loss: Double get() = metrics.getValue("loss")
}

/**
 * Training as a fold: a first state, and a pure function from a state and a batch to the next state.
 *
 * `training.over(xs + ys).last()` is `training.over(ys, from = training.over(xs).last()).last()`, bit for bit.
 *
 * A step is compiled for each batch size that occurs, and again when something that the loss or a layer closes over has changed;
 * see [org.kotangent.ad.Compiled]. One that asks for the number of a tensor, or does something else each time, runs as it is
 * written, and so does every step of [eager]; the bits are the same.
 *
 * @property network what is trained
 * @property loss what is made small
 * @property optimiser how gradients become steps
 */
public class Training private constructor(
    public val network: Network,
    public val loss: LossFunction,
    public val optimiser: Optimiser,
    private val key: Key,
    private val compiled: Boolean,
) {
    internal constructor(network: Network, loss: LossFunction, optimiser: Optimiser, key: Key) :
        this(network, loss, optimiser, key, compiled = true)

    /** What a step depends on. */
    internal data class Before(
        val params: Params,
        val layerState: Params,
        val optimiserState: Params,
        val batch: Batch,
        val key: Key,
    )

    /** What a step computes. */
    internal data class After(val params: Params, val layerState: Params, val optimiserState: Params, val loss: Tensor)

    private val plan = Ad.compile<Before, After>(::advance)

    /** The same training, every step of which runs as it is written. */
    public fun eager(): Training = Training(network, loss, optimiser, key, compiled = false)

    /** The state before the first step: parameters drawn from one half of the key, the other half kept for steps. */
    public fun initial(): TrainState {
        val (forParams, forSteps) = key.split()
        val params = network.init(forParams)
        return TrainState(params, network.state(), optimiser.init(params), 0, forSteps, emptyMap())
    }

    /** The state after one step down the gradient of the loss over [batch]. */
    public fun step(state: TrainState, batch: Batch): TrainState = steps(state, listOf(batch).iterator(), 1)

    /** The state after at least one and at most so many steps, which nobody sees and which therefore work in place. */
    private fun steps(state: TrainState, batches: Iterator<Batch>, most: Int): TrainState {
        var made = 0

        fun before(params: Params, layerState: Params, optimiserState: Params) =
            Before(params, layerState, optimiserState, batches.next(), state.key.fold(state.step + made++))

        fun next(after: After) = if (made < most && batches.hasNext()) {
            Optional.of(before(after.params, after.layerState, after.optimiserState))
        } else {
            Optional.empty()
        }

        val first = before(state.params, state.layerState, state.optimiserState)
        val after =
            if (compiled) {
                plan.iterate(first, ::next)
            } else {
                generateSequence(advance(first)) { next(it).map(::advance).getOrNull() }.last()
            }
        return TrainState(
            after.params,
            after.layerState,
            after.optimiserState,
            state.step + made,
            state.key,
            mapOf("loss" to after.loss.item()),
        )
    }

    private fun advance(before: Before): After {
        val result =
            Ad.valueGradAux<Params, Params> { params ->
                val context = Context.training(before.key)
                val (scores, layerState) = network.apply(params, before.layerState, before.batch.x, context)
                Ad.WithAux(loss(scores, before.batch.labels), layerState)
            }.apply(before.params)
        val (updates, optimiserState) = optimiser.update(result.grad(), before.optimiserState, before.params)
        return After(before.params + updates, result.aux(), optimiserState, result.value())
    }

    /**
     * The states after each of the [batches], beginning at [from]; or only those after [every] second, third, … of them
     * and after the last, which is faster: the steps between work in place. No step is made before the sequence is
     * walked; it may be walked again if the batches may, and is then the same.
     *
     * @throws IllegalArgumentException when [every] is less than one
     */
    @JvmOverloads
    public fun over(batches: Sequence<Batch>, from: TrainState = initial(), every: Int = 1): Sequence<TrainState> {
        require(every >= 1) {
            "training: every must be at least 1; got $every; say after how many steps to see a state"
        }
        return sequence {
            val rest = batches.iterator()
            var state = from
            while (rest.hasNext()) {
                state = steps(state, rest, every)
                yield(state)
            }
        }
    }
}

/**
 * Training of a network: `training(lenet, softmaxCrossEntropy, adam(1e-3), Key.of(1)).over(batches).last()`. All
 * randomness comes from [key].
 */
public fun training(network: Network, loss: LossFunction, optimiser: Optimiser, key: Key): Training =
    Training(network, loss, optimiser, key)
