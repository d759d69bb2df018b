package org.kotangent.dsl

import kotlin.math.PI
import kotlin.math.cos

/** A number that depends on nothing but the step of training, counted from 0: usually a learning rate. */
public fun interface Schedule {
    /** The number at a step. */
    public fun at(step: Long): Double
}

/** The same rate at every step. */
public fun constantRate(rate: Double): Schedule = Schedule { rate }

/**
 * A rate that rises linearly during the first [warmUp] steps, then falls along half a cosine to [end] at step [steps],
 * and stays there.
 *
 * rate(t) = rate·(t + 1)/warmUp for t < warmUp, else end + (rate − end)·½(1 + cos(π·(t − warmUp)/(steps − warmUp))).
 *
 * Source: Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts" (2017), equation 5, without
 * restarts; the warm-up is that of Goyal et al., "Accurate, large minibatch SGD" (2017), §2.2.
 *
 * @throws IllegalArgumentException unless 0 ≤ warmUp ≤ steps
 */
public fun cosineDecay(rate: Double, steps: Int, warmUp: Int = 0, end: Double = 0.0): Schedule =
    decay("cosineDecay", rate, steps, warmUp, end) { (1 + cos(PI * it)) / 2 }

/**
 * A rate that rises linearly during the first [warmUp] steps, then falls linearly to [end] at step [steps], and stays
 * there.
 *
 * rate(t) = rate·(t + 1)/warmUp for t < warmUp, else end + (rate − end)·(1 − (t − warmUp)/(steps − warmUp)).
 *
 * @throws IllegalArgumentException unless 0 ≤ warmUp ≤ steps
 */
public fun linearDecay(rate: Double, steps: Int, warmUp: Int = 0, end: Double = 0.0): Schedule =
    decay("linearDecay", rate, steps, warmUp, end) { 1 - it }

/** [shape] maps the part of the decay that is over, from 0 to 1, to what is left of the rate, from 1 to 0. */
private fun decay(
    name: String,
    rate: Double,
    steps: Int,
    warmUp: Int,
    end: Double,
    shape: (Double) -> Double,
): Schedule {
    require(warmUp in 0..steps) {
        "$name: the warm-up must lie within the steps; got warmUp: $warmUp, steps: $steps; use 0 ≤ warmUp ≤ steps"
    }
    return Schedule { step ->
        when {
            step < warmUp -> rate * (step + 1) / warmUp
            step < steps -> end + (rate - end) * shape((step - warmUp).toDouble() / (steps - warmUp))
            else -> end
        }
    }
}
