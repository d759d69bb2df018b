package org.kotangent.dsl

import org.kotangent.ad.DType
import org.kotangent.ad.Params
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ops.Elementary
import org.kotangent.ops.Reduce
import org.kotangent.ops.Shapes

/**
 * How gradients become steps: a pair of pure functions. State is passed in and returned, as named tensors, so that it
 * can be kept and saved beside the parameters.
 *
 * An optimiser is also what changes gradients on their way to another: `clipByNorm(1.0) then adam(1e-3)`.
 */
public interface Optimiser {
    /** The state before the first step. */
    public fun init(params: Params): Params

    /** The changes to add to [params], of their structure, and the state after this step. */
    public fun update(grads: Params, state: Params, params: Params): Update
}

/**
 * A step: new parameters are the old ones plus [updates].
 *
 * @property updates what to add to the parameters; from an optimiser that only prepares gradients, the new gradients
 * @property state the state for the next step
 */
public data class Update(val updates: Params, val state: Params)

/** This optimiser, whose updates are the gradients of [next]. States are kept below `first` and `second`. */
public infix fun Optimiser.then(next: Optimiser): Optimiser {
    val first = this
    return object : Optimiser {
        override fun init(params: Params) = both(first.init(params), next.init(params))

        override fun update(grads: Params, state: Params, params: Params): Update {
            val prepared = first.update(grads, state.under("first"), params)
            val step = next.update(prepared.updates, state.under("second"), params)
            return Update(step.updates, both(prepared.state, step.state))
        }

        private fun both(a: Params, b: Params) = a.prefixed("first").merge(b.prefixed("second"))
    }
}

/**
 * Scales gradients whose Euclidean norm over all parameters exceeds [limit] down to it: g·min(1, limit/‖g‖).
 *
 * A gradient of 0 stays 0; one with a NaN stays as it is.
 *
 * Source: Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks" (2013), algorithm 1.
 *
 * @throws IllegalArgumentException unless limit > 0
 */
public fun clipByNorm(limit: Double): Optimiser {
    require(limit > 0) { "clipByNorm: the limit must be positive; got $limit; use a norm such as 1.0" }
    return stateless { grads, _ ->
        val norm = Reduce.norm(Shapes.stack(grads.tensors().map { Reduce.norm(it).to(DType.F64) }, 0))
        val exceeds = Elementary.less(norm.like(limit), norm)
        grads.map { g -> Elementary.where(exceeds, g * (norm.like(limit) / norm).to(g.dtype()), g) }
    }
}

/**
 * Adds the gradient of ½·decay·‖p‖² to the gradients: g + decay·p. Before [adam] this is not what [adamW] does.
 *
 * @throws IllegalArgumentException unless decay ≥ 0
 */
public fun weightDecay(decay: Double): Optimiser {
    requireDecay("weightDecay", decay)
    return stateless { grads, params -> grads + decay * params }
}

internal fun requireDecay(op: String, decay: Double) =
    require(decay >= 0) { "$op: the decay must not be negative; got $decay; use 0 or more" }

private fun stateless(change: (grads: Params, params: Params) -> Params) = object : Optimiser {
    override fun init(params: Params) = Params.of()

    override fun update(grads: Params, state: Params, params: Params) = Update(change(grads, params), state)
}

/** The number of updates made, as part of an optimiser's state: the entry `step`, an I32 scalar. */
internal object StepCount {
    val START: Params = at(Tensor.of(Shape.scalar(), 0))

    fun of(state: Params): Tensor = state.get("step")

    fun at(step: Tensor): Params = Params.of("step", step)
}
