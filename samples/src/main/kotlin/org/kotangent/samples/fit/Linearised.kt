package org.kotangent.samples.fit

import org.kotangent.ad.Ad
import org.kotangent.ad.Tensor
import org.kotangent.dsl.div
import org.kotangent.dsl.dot
import org.kotangent.dsl.matmul
import org.kotangent.dsl.norm
import org.kotangent.dsl.plus
import org.kotangent.dsl.sum
import org.kotangent.dsl.times
import org.kotangent.ops.Elementary.greater
import org.kotangent.ops.Elementary.max
import org.kotangent.ops.Elementary.square
import org.kotangent.ops.Elementary.where
import kotlin.math.abs
import kotlin.math.sqrt

/**
 * Residuals r: [n] → [m] at the parameters b, with their derivatives there.
 *
 * @param before the scale of parameters at points on the way here: [n]
 */
internal class Linearised(
    private val residuals: (Tensor) -> Tensor,
    val b: Tensor,
    before: Tensor = Tensor.zeros(b.spec()),
) {
    private val r = residuals(b)
    private val jacobian by lazy { Ad.jacobian(residuals, b).tensor() } // [m, n]

    /** D, by which parameters of all sizes become alike: the largest norms so far of the columns of J: [n]. */
    private val scale by lazy {
        max(before, jacobian.norm(0)).let { where(greater(it, it.like(0.0)), it, it.like(1.0)) }
    }
    private val scaled by lazy { jacobian / scale }

    val cost: Double = (r dot r).item()
    val degreesOfFreedom: Int = r.size() - b.size()

    /** The step for a damping λ; what it solves for is D·v and D·a. */
    fun step(damping: Double): Step {
        val system = LeastSquares(scaled, damping)
        val v = system.solve(-r)
        val a = system.solve(-secondDerivative(v / scale))
        val predicted = square(scaled matmul v).sum() + 2 * damping * square(v).sum()
        return Step(
            path = (v + 0.5 * a) / scale,
            predictedGain = predicted.item(),
            isNearlyStraight = norm(a).item() <= 0.375 * norm(v).item(),
            isNegligible = isNegligible(v / scale),
        )
    }

    fun after(step: Step): Linearised = Linearised(residuals, b + step.path, scale)

    /** The standard deviations of the parameters: of JᵀJ's inverse, which is J⁺·J⁺ᵀ, the diagonal, times that of r. */
    fun deviations(): Tensor {
        val widths = jacobian.norm(0)
        return pseudoInverse(jacobian / widths).norm(1) / widths * sqrt(cost / degreesOfFreedom)
    }

    /** r″ along v: the tangent of the tangent. */
    private fun secondDerivative(v: Tensor): Tensor {
        fun tangent(at: Tensor) = Ad.jvp(residuals, at, v).tangent()
        return Ad.jvp(::tangent, b, v).tangent()
    }

    private fun isNegligible(v: Tensor): Boolean {
        val sizes = b.toDoubles()
        return v.toDoubles().withIndex().all { (i, change) -> abs(change) <= 1e-11 * abs(sizes[i]) }
    }
}

/** Where a step leads, how far ‖r‖² would fall if r were linear, and what else is asked of it. */
internal class Step(
    val path: Tensor,
    val predictedGain: Double,
    val isNearlyStraight: Boolean,
    val isNegligible: Boolean,
)
