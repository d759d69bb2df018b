package org.kotangent.dsl

import org.kotangent.ad.Params
import org.kotangent.ad.Tensor
import org.kotangent.ad.Trees
import org.kotangent.ops.Elementary.sqrt
import org.kotangent.ops.Elementary.square
import kotlin.math.pow

/**
 * Stochastic gradient descent with momentum: v ← momentum·v + g, p ← p − rate·v; with Nesterov's momentum
 * p ← p − rate·(g + momentum·v).
 *
 * The state is the number of steps made and, if there is momentum, the velocity v, which starts at 0. The rate
 * multiplies the velocity, not what is added to it, so that a schedule acts at once.
 *
 * Source: Sutskever, Martens, Dahl and Hinton, "On the importance of initialization and momentum in deep learning"
 * (2013), §2, rewritten for the parameters at which the gradient is taken.
 *
 * @throws IllegalArgumentException unless 0 ≤ momentum < 1, or with [nesterov] but without momentum
 */
public fun sgd(rate: Schedule, momentum: Double = 0.0, nesterov: Boolean = false): Optimiser {
    require(momentum >= 0 && momentum < 1) { "sgd: momentum must lie in [0, 1); got $momentum; use one such as 0.9" }
    require(momentum > 0 || !nesterov) { "sgd: Nesterov's form needs momentum; got momentum: 0; use one such as 0.9" }
    return Sgd(rate, momentum, nesterov)
}

/** Stochastic gradient descent at a constant rate. */
public fun sgd(rate: Double, momentum: Double = 0.0, nesterov: Boolean = false): Optimiser =
    sgd(constantRate(rate), momentum, nesterov)

private class Sgd(val rate: Schedule, val momentum: Double, val nesterov: Boolean) : Optimiser {
    override fun init(params: Params): Params =
        if (momentum == 0.0) StepCount.START else stateOf(zero, Trees.zeros(params))

    override fun update(grads: Params, state: Params, params: Params): Update {
        val step = StepCount.of(state)
        val downhill = step.number { -rate.at(it) }
        if (momentum == 0.0) return Update(grads scaledBy downhill, StepCount.at(step + 1.0))
        val velocity = momentum * state.under("velocity") + grads
        val direction = if (nesterov) grads + momentum * velocity else velocity
        return Update(direction scaledBy downhill, stateOf(step + 1.0, velocity))
    }

    private fun stateOf(step: Tensor, velocity: Params) = StepCount.at(step).merge(velocity.prefixed("velocity"))
}

/**
 * Adam: steps scaled by running averages of the gradient and of its square, element by element.
 *
 * m ← β₁·m + (1 − β₁)·g, v ← β₂·v + (1 − β₂)·g², p ← p − rate·m̂/(√v̂ + epsilon) with the bias of the first steps
 * corrected, m̂ = m/(1 − β₁ᵗ) and v̂ = v/(1 − β₂ᵗ), t = 1, 2, …
 *
 * The state is the number of steps made and the averages `mean` (m) and `square` (v), which start at 0.
 *
 * Source: Kingma and Ba, "Adam: a method for stochastic optimization" (2015), algorithm 1.
 *
 * @throws IllegalArgumentException unless 0 ≤ beta1, beta2 < 1 and epsilon > 0
 */
public fun adam(rate: Schedule, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8): Optimiser =
    Adam("adam", rate, beta1, beta2, epsilon, 0.0)

/** Adam at a constant rate. */
public fun adam(rate: Double, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8): Optimiser =
    adam(constantRate(rate), beta1, beta2, epsilon)

/**
 * [adam] with weights that decay beside it: p ← p − rate·(m̂/(√v̂ + epsilon) + decay·p). All parameters decay.
 *
 * Source: Loshchilov and Hutter, "Decoupled weight decay regularization" (2019), algorithm 2, where the schedule is the
 * rate divided by its first value.
 *
 * @throws IllegalArgumentException unless 0 ≤ beta1, beta2 < 1, epsilon > 0 and decay ≥ 0
 */
public fun adamW(
    rate: Schedule,
    decay: Double = 0.01,
    beta1: Double = 0.9,
    beta2: Double = 0.999,
    epsilon: Double = 1e-8,
): Optimiser = Adam("adamW", rate, beta1, beta2, epsilon, decay)

/** AdamW at a constant rate. */
public fun adamW(
    rate: Double,
    decay: Double = 0.01,
    beta1: Double = 0.9,
    beta2: Double = 0.999,
    epsilon: Double = 1e-8,
): Optimiser = adamW(constantRate(rate), decay, beta1, beta2, epsilon)

private class Adam(
    name: String,
    val rate: Schedule,
    val beta1: Double,
    val beta2: Double,
    val epsilon: Double,
    val decay: Double,
) : Optimiser {
    init {
        require(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1) {
            "$name: averages must have weights in [0, 1); got beta1: $beta1, beta2: $beta2; use 0.9 and 0.999"
        }
        require(epsilon > 0) { "$name: epsilon must be positive; got $epsilon; use 1e-8" }
        requireDecay(name, decay)
    }

    override fun init(params: Params): Params = stateOf(zero, Trees.zeros(params), Trees.zeros(params))

    override fun update(grads: Params, state: Params, params: Params): Update {
        val step = StepCount.of(state)
        val mean = beta1 * state.under("mean") + (1 - beta1) * grads
        val square = beta2 * state.under("square") + (1 - beta2) * grads.map(::square)
        val meanScale = step.number { 1 / (1 - beta1.pow(it + 1.0)) }
        val squareScale = step.number { 1 / (1 - beta2.pow(it + 1.0)) }
        val unbiased =
            Trees.zip(mean scaledBy meanScale, square scaledBy squareScale) { m, v -> m / (sqrt(v) + epsilon) }
        val direction = if (decay == 0.0) unbiased else unbiased + decay * params
        return Update(direction scaledBy step.number { -rate.at(it) }, stateOf(step + 1.0, mean, square))
    }

    private fun stateOf(step: Tensor, mean: Params, square: Params) =
        StepCount.at(step).merge(mean.prefixed("mean")).merge(square.prefixed("square"))
}

private val zero = StepCount.of(StepCount.START)

/** Every tensor times a number that is an F64 scalar. */
private infix fun Params.scaledBy(number: Tensor): Params = map { it * number.to(it.dtype()) }
