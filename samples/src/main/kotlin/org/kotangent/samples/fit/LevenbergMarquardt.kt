package org.kotangent.samples.fit

import org.kotangent.ad.Tensor
import kotlin.math.max
import kotlin.math.pow

/**
 * Parameters that make the sum of squares of residuals smallest, with what is known about them there.
 *
 * @property parameters b: [n]
 * @property deviations their standard deviations, for residuals that are linear in b and errors that are all alike: [n]
 * @property residualSum ‖r(b)‖²
 * @property degreesOfFreedom m − n, for m residuals
 * @property steps how many steps were tried
 */
public class Fit(
    public val parameters: Tensor,
    public val deviations: Tensor,
    public val residualSum: Double,
    public val degreesOfFreedom: Int,
    public val steps: Int,
)

/**
 * Fits parameters by the method of Levenberg and Marquardt with geodesic acceleration. From b it steps to b + v + a/2,
 * where
 *
 * - v makes ‖J·v + r‖² + λ·‖D·v‖² smallest, J being the Jacobian of the residuals r and D the largest norms so far of
 *   its columns;
 * - a makes ‖J·a + r″‖² + λ·‖D·a‖² smallest, r″ being the second derivative of the residuals along v.
 *
 * A step that does not lower ‖r‖², or whose a is large beside v, is tried again with a larger λ. The fit ends when a
 * step leaves the first eleven digits of the parameters as they are.
 *
 * Sources: Moré 1978, for D; Nielsen 1999, for λ; Transtrum and Sethna 2012, for a.
 *
 * @param start parameters to begin with: [n]
 * @param residuals prediction less measurement, as a function of the parameters: [n] → [m]
 */
public fun levenbergMarquardt(start: Tensor, residuals: (Tensor) -> Tensor): Fit {
    var at = Linearised(residuals, start)
    var damping = 1e-3
    var growth = 2.0
    var steps = 0
    do {
        val step = at.step(damping)
        val next = at.after(step)
        val gain = (at.cost - next.cost) / step.predictedGain // NaN where the residuals are not finite
        if (gain > 0 && step.isNearlyStraight) {
            at = next
            damping *= max(1.0 / 3, 1 - (2 * gain - 1).pow(3))
            growth = 2.0
        } else {
            damping *= growth
            growth *= 2
        }
    } while (++steps < MOST_STEPS && !step.isNegligible)
    return Fit(at.b, at.deviations(), at.cost, at.degreesOfFreedom, steps)
}

private const val MOST_STEPS = 10_000
