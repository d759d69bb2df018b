package org.kotangent.spec.laws

/** A numeric derivative, and the largest number that went into it, by which its rounding error is measured. */
class NumericDerivative(val value: DoubleArray, val scale: Double)

/**
 * The derivative of a curve at 0 from its values alone: central differences for steps h, h/2, h/4, … whose error is a
 * power series in h², extrapolated to step 0. Of all extrapolations the one that moved least is taken, since later ones
 * suffer from rounding. Source: Ridders 1982.
 */
fun centralDifference(curve: (Double) -> DoubleArray): NumericDerivative {
    var best = DoubleArray(0)
    var bestMove = Double.POSITIVE_INFINITY
    var scale = 0.0
    var previous = listOf<DoubleArray>()
    var step = FIRST_STEP
    repeat(STEPS) {
        val ahead = curve(step)
        val behind = curve(-step)
        scale = maxOf(scale, largest(ahead), largest(behind))
        val row = mutableListOf(DoubleArray(ahead.size) { (ahead[it] - behind[it]) / (2 * step) })
        var factor = 4.0
        for (coarse in previous) {
            val fine = row.last()
            val next = DoubleArray(fine.size) { fine[it] + (fine[it] - coarse[it]) / (factor - 1) }
            val move = largest(DoubleArray(fine.size) { next[it] - fine[it] })
            if (move < bestMove) {
                bestMove = move
                best = next
            }
            row += next
            factor *= 4
        }
        previous = row
        step /= 2
    }
    return NumericDerivative(best, maxOf(scale, largest(best)))
}

/** Problems keep at least this far from points where they are not smooth, for directions of components up to 1. */
private const val FIRST_STEP = 0.02
private const val STEPS = 5
